import { arnOf, decimalId, hexId } from "../world.ts";
import type { Deployment, Service, ServiceRevision, TaskDefinition } from "./model.ts";
import { addEvent } from "./service-events.ts";
import type { EcsState } from "./state.ts";
import { beginShift } from "./traffic-shift.ts";
import * as wording from "./wording.ts";

/** Starts a rolling deployment of a task definition; the one before it becomes ACTIVE. */
export function beginDeployment(state: EcsState, service: Service, definition: TaskDefinition): Deployment {
  const at = new Date(state.world.now());
  const path = `${service.cluster.name}/${service.name}`;
  const source = lastSteady(service)?.revision;
  const shifts = source !== undefined && service.deploymentConfiguration.strategy !== "ROLLING";
  const id = `ecs-svc/${decimalId()}`;
  const deployment: Deployment = {
    id,
    arn: arnOf(state.world, "ecs", `service-deployment/${path}/${hexId(21)}`),
    revision: {
      arn: arnOf(state.world, "ecs", `service-revision/${path}/${decimalId()}`),
      taskDefinition: definition,
      createdAt: at,
      imageDigests: new Map(),
      usesAlternate: shifts !== (source?.usesAlternate ?? false),
    },
    ...(source === undefined ? {} : { source }),
    createdAt: at,
    updatedAt: at,
    role: "PRIMARY",
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    status: "IN_PROGRESS",
    failedTasks: 0,
    ...(shifts ? { shift: beginShift(state.world.now()) } : {}),
  };
  for (const earlier of service.deployments) supersede(earlier, at);
  service.deployments = [deployment, ...service.deployments];
  service.failedStarts = 0;
  service.notBefore = 0;
  service.steady = false;
  return deployment;
}

/** The primary deployment has all its tasks healthy and no other task is left. */
export function completeDeployment(state: EcsState, service: Service, deployment: Deployment): void {
  const at = new Date(state.world.now());
  deployment.rolloutState = "COMPLETED";
  deployment.rolloutStateReason = `ECS deployment ${deployment.id} completed.`;
  deployment.updatedAt = at;
  if (deployment.rollbackOf) {
    deployment.rollbackOf.status = "ROLLBACK_SUCCESSFUL";
    deployment.rollbackOf.finishedAt = at;
    deployment.rollbackOf.updatedAt = at;
    delete deployment.rollbackOf;
  } else {
    deployment.status = "SUCCESSFUL";
    deployment.finishedAt = at;
  }
  addEvent(state.world, service, wording.deploymentCompleted(service.name, deployment.id));
}

/**
 * Returns after how many failures the deployment circuit breaker opens: half of the desired count, at least 3, at
 * most 200. @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
 */
export function breakerThreshold(desiredCount: number): number {
  return Math.min(200, Math.max(3, Math.ceil(desiredCount / 2)));
}

/** Opens the circuit breaker: the deployment fails and, if configured, the last steady one is restored. */
export function failDeployment(state: EcsState, service: Service, deployment: Deployment): void {
  const at = new Date(state.world.now());
  deployment.rolloutState = "FAILED";
  deployment.rolloutStateReason = "ECS deployment circuit breaker: tasks failed to start.";
  deployment.status = "STOPPED";
  deployment.statusReason = "Service deployment circuit breaker was triggered.";
  deployment.finishedAt = at;
  deployment.updatedAt = at;
  addEvent(state.world, service, wording.deploymentFailed(service.name, deployment.id));
  if (service.deploymentConfiguration.circuitBreaker.rollback) {
    rollBack(
      state,
      service,
      deployment,
      "Service deployment rolled back because the circuit breaker threshold was exceeded.",
    );
  }
}

/**
 * Requests the rollback of an ongoing deployment, which the scheduler then begins. Returns false when there is
 * nothing to roll back to. Repeated, it changes nothing. @see
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stop-service-deployment.html
 */
export function requestRollback(
  state: EcsState,
  service: Service,
  deployment: Deployment,
  reason = "Service deployment rolled back because of a StopServiceDeployment request.",
): boolean {
  if (deployment.status !== "IN_PROGRESS") return true;
  const target = lastSteady(service);
  if (!target || target === deployment) return false;
  deployment.status = "ROLLBACK_REQUESTED";
  deployment.statusReason = reason;
  deployment.updatedAt = new Date(state.world.now());
  return true;
}

/** Begins the requested rollback, if there is one. */
export function beginRequestedRollback(state: EcsState, service: Service): void {
  const asked = service.deployments.find((deployment) => deployment.status === "ROLLBACK_REQUESTED");
  if (asked) rollBack(state, service, asked, asked.statusReason ?? "");
}

/** Rolls back to the last steady deployment, if there is one. */
function rollBack(state: EcsState, service: Service, deployment: Deployment, reason: string): void {
  const target = lastSteady(service);
  if (!target || target === deployment) return;
  const at = new Date(state.world.now());
  deployment.role = "ACTIVE";
  deployment.status = "ROLLBACK_IN_PROGRESS";
  deployment.statusReason = reason;
  deployment.rollback = { reason, startedAt: at, revisionArn: target.revision.arn };
  target.role = "PRIMARY";
  target.rolloutState = "IN_PROGRESS";
  target.rolloutStateReason =
    deployment.rolloutState === "FAILED"
      ? `ECS deployment circuit breaker: rolling back to deploymentId ${target.id}.`
      : `ECS deployment ${target.id} in progress.`;
  if (deployment.rolloutState !== "FAILED") deployment.rolloutStateReason = reason;
  deployment.rolloutState = "FAILED";
  delete deployment.finishedAt;
  deployment.updatedAt = at;
  target.rollbackOf = deployment;
  target.updatedAt = at;
  service.failedStarts = 0;
  service.notBefore = 0;
  service.steady = false;
  addEvent(state.world, service, wording.rollingBack(service.name, target.id));
}

/** The service revisions of a service, newest first. */
export function revisionsOf(service: Service): ServiceRevision[] {
  return service.deployments.map((deployment) => deployment.revision);
}

function lastSteady(service: Service): Deployment | undefined {
  return service.deployments.find((deployment) => deployment.status === "SUCCESSFUL");
}

/** A newer deployment ends the ongoing deployment, or the rollback to it. */
function supersede(earlier: Deployment, at: Date): void {
  if (earlier.role === "PRIMARY") earlier.role = "ACTIVE";
  const undone = earlier.rollbackOf;
  delete earlier.rollbackOf;
  if (undone) end(undone, "ROLLBACK_FAILED", at);
  if (earlier.status === "IN_PROGRESS" || earlier.status === "ROLLBACK_REQUESTED")
    end(earlier, "STOPPED", at);
}

function end(deployment: Deployment, status: "STOPPED" | "ROLLBACK_FAILED", at: Date): void {
  deployment.status = status;
  deployment.statusReason = "Service deployment was replaced by a newer one.";
  deployment.finishedAt = at;
  deployment.updatedAt = at;
}
