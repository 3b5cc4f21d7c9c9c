/** The service as ECS reports it: counts, deployments, and events that indicate a problem. */
import type { FactOf } from "../../domain/evidence.ts";
import type {
  DeploymentReading,
  ServiceDeploymentReading,
  ServiceReading,
  TaskDefinitionReading,
} from "../../domain/reading.ts";
import { entryOf, isBeingTakenBack, replacementOf } from "../deployment-history.ts";
import type { FactDraft } from "../source.ts";
import { secondsBefore, span } from "../times.ts";
import { shortDefinition } from "./definition-name.ts";
import {
  holdingOf,
  progressData,
  progressText,
  releasedAt,
  shapeData,
  shapeText,
} from "./service-shape-facts.ts";

/** The service's state as one fact; `definition` is the task definition that runs, where it was read. */
export function serviceFact(service: ServiceReading, definition?: TaskDefinitionReading): FactDraft {
  const data = {
    status: service.status,
    desired: service.desired,
    running: service.running,
    pending: service.pending,
    taskDefinition: shortDefinition(service.taskDefinition),
    controller: service.controller,
    ...(service.minimumHealthyPercent === undefined
      ? {}
      : { minimumHealthyPercent: service.minimumHealthyPercent }),
    ...(service.maximumPercent === undefined ? {} : { maximumPercent: service.maximumPercent }),
    ...(service.healthCheckGraceSeconds === undefined
      ? {}
      : { healthCheckGraceSeconds: service.healthCheckGraceSeconds }),
    ...(service.circuitBreaker === undefined
      ? {}
      : { circuitBreakerRollback: service.circuitBreaker.rollback }),
    ...shapeData(service, definition),
  };
  const grace = service.healthCheckGraceSeconds
    ? `, health checks ignored for the first ${span(service.healthCheckGraceSeconds)} of a task`
    : "";
  return {
    kind: "service",
    provenance: "control-plane",
    statement: `Service ${service.status}: ${service.running} of ${service.desired} tasks running, ${service.pending} pending, task definition ${data.taskDefinition}${grace}${shapeText(service)}.`,
    data,
  };
}

/** True while ECS is still moving tasks for this deployment. */
export function isInProgress(deployment: DeploymentReading, deploymentCount: number): boolean {
  if (deployment.rolloutState !== undefined) {
    return (
      deployment.rolloutState === "IN_PROGRESS" &&
      (deploymentCount > 1 || deployment.running < deployment.desired)
    );
  }
  return deploymentCount > 1;
}

/** One fact a deployment; `onset` in epoch milliseconds tells how long before the symptom it began. */
export function deploymentFacts(
  service: ServiceReading,
  onset: number,
  history: readonly ServiceDeploymentReading[] = [],
): FactDraft[] {
  const replacing = service.deployments.find(({ status }) => status === "PRIMARY");
  const primary = replacing && entryOf(replacing, history);
  return service.deployments.map((deployment) => {
    const entry = entryOf(deployment, history);
    const released = releasedAt(deployment, entry, onset);
    const before = secondsBefore(released, onset);
    const shifted = released !== deployment.createdAt;
    const replacement = replacementOf(entry, history);
    const count = service.deployments.length;
    const inProgress = isInProgress(deployment, count) || holdingOf(deployment, entry, service) !== undefined;
    const progress = progressData(deployment, entry, primary, service);
    const data: FactOf<"deployment">["data"] = {
      id: deployment.id,
      status: deployment.status,
      taskDefinition: shortDefinition(deployment.taskDefinition),
      desired: deployment.desired,
      running: deployment.running,
      failedTasks: deployment.failedTasks,
      inProgress,
      ...replacement,
      ...(deployment.rolloutState === undefined ? {} : { rolloutState: deployment.rolloutState }),
      ...(deployment.rolloutReason === undefined ? {} : { rolloutReason: deployment.rolloutReason }),
      ...(deployment.createdAt === undefined ? {} : { createdAt: deployment.createdAt }),
      ...(before === undefined ? {} : { secondsBeforeOnset: before }),
      ...(entry?.arn === undefined ? {} : { arn: entry.arn }),
      ...(entry === undefined ? {} : { historyStatus: entry.status }),
      ...(deployment.status === "PRIMARY" && isBeingTakenBack(history) ? { rollingBack: true } : {}),
      ...progress,
      ...(shifted && before !== undefined ? { sinceShift: true } : {}),
    };
    const when =
      before === undefined
        ? ""
        : `, ${shifted ? "its traffic shifted" : "began"} ${span(before)} ${before >= 0 ? "before" : "after"} the onset`;
    const counts = count > 1 ? `, ${deployment.running} of ${deployment.desired} tasks` : "";
    const failed = deployment.failedTasks > 0 ? `, ${deployment.failedTasks} tasks failed` : "";
    return {
      kind: "deployment",
      provenance: "control-plane",
      ...(deployment.createdAt === undefined ? {} : { at: deployment.createdAt }),
      statement: `${replacement.forced ? "Forced new deployment" : "Deployment"} of ${data.taskDefinition} (${deployment.status}, ${deployment.rolloutState ?? "no rollout state"}${inProgress ? ", in progress" : ""}${progressText(progress)})${replacement.imageChanged ? ", the tag stands for another image than before" : ""}${when}${counts}${failed}.`,
      data,
    };
  });
}
