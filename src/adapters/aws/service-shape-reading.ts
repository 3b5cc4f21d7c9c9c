import type {
  DeploymentConfiguration,
  LoadBalancer,
  Service,
  ServiceDeployment,
  ServiceRevision,
  TaskSet,
} from "@aws-sdk/client-ecs";
import {
  type DeploymentProgress,
  REVERSIBLE_TAG,
  type ServiceShape,
  type TaskSetReading,
} from "../../domain/service-shape.ts";
import { defined, isoTime } from "./defined.ts";

/** Converts how a service is scheduled and deployed. */
export function toServiceShape(service: Service): ServiceShape {
  const { alarms, strategy, bakeTimeInMinutes, lifecycleHooks } = service.deploymentConfiguration ?? {};
  const providers = service.capacityProviderStrategy ?? [];
  const names = discoveryNames(service);
  return defined({
    schedulingStrategy: service.schedulingStrategy,
    launchType: service.launchType,
    capacityProviders: someOf(providers.flatMap(({ capacityProvider }) => capacityProvider ?? [])),
    strategy,
    bakeMinutes: bakeTimeInMinutes,
    shiftMinutes: shiftMinutes(service.deploymentConfiguration),
    hooks: someOf(
      (lifecycleHooks ?? []).map(({ targetType, lifecycleStages }) => ({
        kind: targetType ?? "AWS_LAMBDA",
        stages: lifecycleStages ?? [],
      })),
    ),
    deploymentAlarms: alarms?.enable
      ? { names: alarms.alarmNames ?? [], rollback: alarms.rollback ?? false }
      : undefined,
    taskSets: someOf((service.taskSets ?? []).map(toTaskSetReading)),
    alternateGroups: alternateGroups(service),
    discoveryNames: someOf(names),
    zoneRebalancing: service.availabilityZoneRebalancing,
    reversibleTag: reversibleTag(service.tags),
  });
}

/**
 * AWS's defaults. @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CanaryConfiguration.html and
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LinearConfiguration.html
 */
const CANARY_BAKE_MINUTES = 10;
const LINEAR_STEP_PERCENT = 10;
const LINEAR_STEP_MINUTES = 6;

/** Minutes that the waits between the steps of a traffic shift take together. */
function shiftMinutes(configuration: DeploymentConfiguration | undefined): number | undefined {
  switch (configuration?.strategy) {
    case "CANARY":
      return configuration.canaryConfiguration?.canaryBakeTimeInMinutes ?? CANARY_BAKE_MINUTES;
    case "LINEAR": {
      const { stepPercent = LINEAR_STEP_PERCENT, stepBakeTimeInMinutes = LINEAR_STEP_MINUTES } =
        configuration.linearConfiguration ?? {};
      return Math.max(0, Math.ceil(100 / stepPercent) - 1) * stepBakeTimeInMinutes;
    }
    default:
      return undefined;
  }
}

/** Load balancers of the service and of its task sets, the primary one's first. */
function balancersOf({ loadBalancers = [], taskSets = [] }: Service): LoadBalancer[] {
  const primaryFirst = taskSets.toSorted(
    (one, other) => Number(other.status === "PRIMARY") - Number(one.status === "PRIMARY"),
  );
  return [...primaryFirst.flatMap((set) => set.loadBalancers ?? []), ...loadBalancers];
}

/** Returns every target group: after each second deployment with a traffic shift tasks stand behind the alternate one. */
export function targetGroupArns(service: Service): string[] {
  const both = balancersOf(service).flatMap(({ targetGroupArn, advancedConfiguration }) => [
    targetGroupArn,
    advancedConfiguration?.alternateTargetGroupArn,
  ]);
  return [...new Set(both.flatMap((arn) => arn ?? []))];
}

/** Pairs groups that ECS names as alternates, and those of task sets that are for one port of one container. */
function alternateGroups(service: Service): Readonly<Record<string, string>> | undefined {
  const pairs = new Map<string, string>();
  const byPort = new Map<string, string>();
  for (const balancer of balancersOf(service)) {
    const { targetGroupArn: arn, advancedConfiguration, containerName, containerPort } = balancer;
    if (arn === undefined) continue;
    const alternate = advancedConfiguration?.alternateTargetGroupArn;
    if (alternate !== undefined) pairs.set(arn, alternate);
    if (!service.taskSets?.length) continue;
    const port = `${containerName}:${containerPort}`;
    const first = byPort.get(port) ?? arn;
    byPort.set(port, first);
    if (first !== arn && !pairs.has(first)) pairs.set(first, arn);
  }
  return pairs.size === 0 ? undefined : Object.fromEntries(pairs);
}

/** Returns the value of the tag `opsagent:reversible`; no other tag is kept. */
export function reversibleTag(
  tags: readonly { readonly key?: string | undefined; readonly value?: string | undefined }[] | undefined,
): string | undefined {
  const found = tags?.find(({ key }) => key === REVERSIBLE_TAG);
  return found && (found.value ?? "");
}

function toTaskSetReading(set: TaskSet): TaskSetReading {
  return defined({
    id: set.id ?? "",
    status: set.status ?? "UNKNOWN",
    taskDefinition: set.taskDefinition ?? "",
    desired: set.computedDesiredCount ?? 0,
    running: set.runningCount ?? 0,
    pending: set.pendingCount ?? 0,
    scalePercent: set.scale?.value,
    stability: set.stabilityStatus,
    externalId: set.externalId,
  });
}

/** Discovery names of Service Connect, and the ids of Cloud Map services, which an ARN ends with. */
function discoveryNames(service: Service): string[] {
  const primary = service.deployments?.find(({ status }) => status === "PRIMARY");
  const connect = primary?.serviceConnectConfiguration?.enabled
    ? (primary.serviceConnectConfiguration.services ?? []).flatMap(
        ({ discoveryName, portName }) => discoveryName ?? portName ?? [],
      )
    : [];
  const registries = (service.serviceRegistries ?? []).flatMap(({ registryArn }) =>
    registryArn === undefined ? [] : [registryArn.slice(registryArn.lastIndexOf("/") + 1)],
  );
  return [...new Set([...connect, ...registries])];
}

/** Converts what a deployment does now; the revisions have the task definitions of both sides. */
export function toDeploymentProgress(
  deployment: ServiceDeployment,
  revisions: ReadonlyMap<string, ServiceRevision>,
): DeploymentProgress {
  const { deploymentConfiguration, lifecycleStage, lifecycleHookDetails, alarms, updatedAt } = deployment;
  const sides = [
    ...(deployment.targetServiceRevision ? [{ ...deployment.targetServiceRevision, target: true }] : []),
    ...(deployment.sourceServiceRevisions ?? []).map((source) => ({ ...source, target: false })),
  ].filter(
    (side) => side.requestedTaskCount !== undefined || side.requestedProductionTrafficWeight !== undefined,
  );
  return defined({
    strategy: deploymentConfiguration?.strategy,
    stage: lifecycleStage,
    updatedAt: isoTime(updatedAt),
    bakeMinutes: deploymentConfiguration?.bakeTimeInMinutes,
    hooks: someOf(
      (lifecycleHookDetails ?? []).map((hook) =>
        defined({
          id: hook.hookId ?? "",
          kind: hook.targetType ?? "AWS_LAMBDA",
          status: hook.status ?? "UNKNOWN",
          expiresAt: isoTime(hook.expiresAt),
          onTimeout: hook.timeoutAction,
        }),
      ),
    ),
    alarms:
      alarms?.status === undefined || alarms.status === "DISABLED"
        ? undefined
        : {
            status: alarms.status,
            names: alarms.alarmNames ?? [],
            triggered: alarms.triggeredAlarmNames ?? [],
          },
    revisions: someOf(
      sides.map((side) =>
        defined({
          taskDefinition: revisions.get(side.arn ?? "")?.taskDefinition,
          target: side.target,
          requested: side.requestedTaskCount,
          running: side.runningTaskCount,
          pending: side.pendingTaskCount,
          productionWeight: side.requestedProductionTrafficWeight,
          testWeight: side.requestedTestTrafficWeight,
        }),
      ),
    ),
  });
}

function someOf<T>(items: readonly T[]): readonly T[] | undefined {
  return items.length === 0 ? undefined : items;
}
