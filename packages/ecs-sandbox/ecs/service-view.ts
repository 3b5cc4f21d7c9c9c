import type { HookRun } from "./deployment-model.ts";
import { breakerThreshold } from "./deployments.ts";
import type { Deployment, Service, ServiceRevision, Task } from "./model.ts";
import { type EcsState, primaryOf, tasksOf } from "./state.ts";
import { counts, launchView, taskSetView } from "./task-set-view.ts";
import { targetGroupOf } from "./tasks/task-health.ts";
import { isShifting, stages } from "./traffic-shift.ts";

/** A service as DescribeServices shows it. */
export function serviceView(state: EcsState, service: Service): Record<string, unknown> {
  const tasks = tasksOf(state, service);
  const primary = primaryOf(service);
  const open = service.deployments.find(
    ({ status }) =>
      status === "IN_PROGRESS" || status === "ROLLBACK_REQUESTED" || status === "ROLLBACK_IN_PROGRESS",
  );
  const present = service.deployments.filter((deployment) => deployment.role !== "INACTIVE");
  const hasTaskSets = service.deploymentController !== "ECS";
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    loadBalancers: balancersView(service),
    serviceRegistries: [],
    status: service.status,
    desiredCount: service.desiredCount,
    ...counts(tasks),
    ...launchView(service),
    taskDefinition: primary?.revision.taskDefinition.arn,
    deploymentConfiguration: configurationView(service),
    ...(hasTaskSets
      ? { deployments: [], taskSets: present.map((one) => taskSetView(service, one, tasks)) }
      : {
          deployments: present.map((deployment) => deploymentView(service, deployment, tasks)),
          currentServiceDeployment: open?.arn,
          currentServiceRevisions: present.map(({ revision }) => revisionCounts(service, revision, tasks)),
        }),
    events: service.events.map(({ id, createdAt, message }) => ({ id, createdAt, message })),
    createdAt: service.createdAt,
    placementConstraints: [],
    placementStrategy: [],
    ...(service.loadBalancers.length > 0
      ? { healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds }
      : {}),
    schedulingStrategy: service.schedulingStrategy,
    deploymentController: { type: service.deploymentController },
    enableECSManagedTags: false,
    propagateTags: "NONE",
    enableExecuteCommand: false,
    availabilityZoneRebalancing: "DISABLED",
  };
}

/** A deployment as `DescribeServiceDeployments` shows it. */
export function serviceDeploymentView(
  state: EcsState,
  service: Service,
  deployment: Deployment,
): Record<string, unknown> {
  const tasks = tasksOf(state, service);
  const { circuitBreaker } = service.deploymentConfiguration;
  const threshold = breakerThreshold(service.desiredCount);
  return {
    serviceDeploymentArn: deployment.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    createdAt: deployment.createdAt,
    startedAt: deployment.createdAt,
    finishedAt: deployment.finishedAt,
    stoppedAt: deployment.status === "STOPPED" ? deployment.finishedAt : undefined,
    updatedAt: deployment.updatedAt,
    sourceServiceRevisions: deployment.source
      ? [{ ...revisionCounts(service, deployment.source, tasks), ...trafficOf(deployment, "source") }]
      : [],
    targetServiceRevision: {
      ...revisionCounts(service, deployment.revision, tasks),
      ...trafficOf(deployment, "target"),
    },
    lifecycleStage: deployment.shift?.stage,
    lifecycleHookDetails: deployment.shift?.hooks.map(hookView),
    status: deployment.status,
    statusReason: deployment.statusReason,
    deploymentConfiguration: configurationView(service),
    rollback: deployment.rollback && {
      reason: deployment.rollback.reason,
      startedAt: deployment.rollback.startedAt,
      serviceRevisionArn: deployment.rollback.revisionArn,
    },
    deploymentCircuitBreaker: {
      status: breakerStatus(circuitBreaker.enable, deployment, threshold),
      failureCount: deployment.failedTasks,
      threshold,
    },
  };
}

/** A service revision as `DescribeServiceRevisions` shows it. */
export function serviceRevisionView(service: Service, revision: ServiceRevision): Record<string, unknown> {
  return {
    serviceRevisionArn: revision.arn,
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    taskDefinition: revision.taskDefinition.arn,
    ...launchView(service),
    loadBalancers: balancersView(service),
    resolvedConfiguration: {
      loadBalancers: service.loadBalancers.map((balancer) => ({
        targetGroupArn: targetGroupOf(balancer, revision.usesAlternate),
        productionListenerRule: balancer.advancedConfiguration?.productionListenerRule,
      })),
    },
    containerImages: revision.taskDefinition.containers.map((container) => ({
      containerName: container.name,
      image: container.image,
      imageDigest: revision.imageDigests.get(container.name),
    })),
    createdAt: revision.createdAt,
  };
}

function deploymentView(
  service: Service,
  deployment: Deployment,
  tasks: readonly Task[],
): Record<string, unknown> {
  const own = tasks.filter((task) => task.deploymentId === deployment.id);
  const wanted = own.filter((task) => task.desiredStatus === "RUNNING").length;
  return {
    id: deployment.id,
    status: deployment.role,
    taskDefinition: deployment.revision.taskDefinition.arn,
    desiredCount: deployment.role === "PRIMARY" ? service.desiredCount : wanted,
    ...counts(own),
    failedTasks: deployment.failedTasks,
    createdAt: deployment.createdAt,
    updatedAt: deployment.updatedAt,
    ...launchView(service),
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  };
}

function revisionCounts(
  service: Service,
  revision: ServiceRevision,
  tasks: readonly Task[],
): Record<string, unknown> {
  const deployment = service.deployments.find((one) => one.revision === revision);
  const primary = primaryOf(service);
  const isSource = primary?.source === revision && isShifting(primary);
  const own = tasks.filter((task) => task.deploymentId === deployment?.id);
  const { runningCount, pendingCount } = counts(own);
  return {
    arn: revision.arn,
    requestedTaskCount: deployment?.role === "PRIMARY" || isSource ? service.desiredCount : 0,
    runningTaskCount: runningCount,
    pendingTaskCount: pendingCount,
  };
}

function configurationView(service: Service): Record<string, unknown> {
  const {
    circuitBreaker,
    minimumHealthyPercent,
    maximumPercent,
    strategy,
    bakeTimeInMinutes,
    canary,
    linear,
    hooks,
  } = service.deploymentConfiguration;
  const common = { deploymentCircuitBreaker: circuitBreaker, minimumHealthyPercent, maximumPercent };
  if (service.deploymentController !== "ECS") return common;
  return {
    ...common,
    strategy,
    bakeTimeInMinutes,
    canaryConfiguration: canary,
    linearConfiguration: linear,
    lifecycleHooks: hooks.length === 0 ? undefined : hooks,
  };
}

/** CodeDeploy keeps the other target group to itself: the service names one. */
function balancersView({ loadBalancers, deploymentController }: Service): readonly unknown[] {
  if (deploymentController === "ECS") return loadBalancers;
  return loadBalancers.map(({ advancedConfiguration: _, ...balancer }) => balancer);
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceRevisionSummary.html */
function trafficOf({ shift, status }: Deployment, of: "source" | "target"): Record<string, number> {
  if (!shift) return {};
  const onTarget = status === "IN_PROGRESS" || status === "SUCCESSFUL" ? shift.weight : 0;
  const tested = stages.indexOf(shift.stage) >= stages.indexOf("TEST_TRAFFIC_SHIFT") && onTarget < 100;
  return {
    requestedProductionTrafficWeight: of === "target" ? onTarget : 100 - onTarget,
    requestedTestTrafficWeight: of === "target" && tested ? 100 : 0,
  };
}

function hookView({ id, hook, status, expiresAt }: HookRun): Record<string, unknown> {
  return {
    hookId: id,
    targetType: hook.targetType,
    targetArn: hook.hookTargetArn,
    status,
    expiresAt,
    timeoutAction: hook.timeoutConfiguration.action,
  };
}

function breakerStatus(enabled: boolean, deployment: Deployment, threshold: number): string {
  if (!enabled) return "DISABLED";
  if (deployment.failedTasks >= threshold) return "TRIGGERED";
  return deployment.rolloutState === "IN_PROGRESS" ? "MONITORING" : "MONITORING_COMPLETE";
}
