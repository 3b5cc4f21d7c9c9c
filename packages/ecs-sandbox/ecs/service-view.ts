import { breakerThreshold } from "./deployments.ts";
import type { Deployment, Service, ServiceRevision, Task } from "./model.ts";
import { type EcsState, primaryOf, tasksOf } from "./state.ts";

/** A service as DescribeServices shows it. */
export function serviceView(state: EcsState, service: Service): Record<string, unknown> {
  const tasks = tasksOf(state, service);
  const primary = primaryOf(service);
  const open = service.deployments.find(
    ({ status }) =>
      status === "IN_PROGRESS" || status === "ROLLBACK_REQUESTED" || status === "ROLLBACK_IN_PROGRESS",
  );
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    loadBalancers: service.loadBalancers,
    serviceRegistries: [],
    status: service.status,
    desiredCount: service.desiredCount,
    ...counts(tasks),
    launchType: service.launchType,
    taskDefinition: primary?.revision.taskDefinition.arn,
    deploymentConfiguration: configurationView(service),
    deployments: service.deployments
      .filter((deployment) => deployment.role !== "INACTIVE")
      .map((deployment) => deploymentView(service, deployment, tasks)),
    events: service.events,
    createdAt: service.createdAt,
    currentServiceDeployment: open?.arn,
    currentServiceRevisions: service.deployments
      .filter((deployment) => deployment.role !== "INACTIVE")
      .map((deployment) => revisionCounts(service, deployment.revision, tasks)),
    placementConstraints: [],
    placementStrategy: [],
    ...(service.loadBalancers.length > 0
      ? { healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds }
      : {}),
    schedulingStrategy: "REPLICA",
    deploymentController: { type: "ECS" },
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
    sourceServiceRevisions: deployment.source ? [revisionCounts(service, deployment.source, tasks)] : [],
    targetServiceRevision: revisionCounts(service, deployment.revision, tasks),
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
    launchType: service.launchType,
    loadBalancers: service.loadBalancers,
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
    launchType: service.launchType,
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  };
}

function counts(tasks: readonly Task[]): { runningCount: number; pendingCount: number } {
  return {
    runningCount: tasks.filter((task) => task.status === "RUNNING").length,
    pendingCount: tasks.filter((task) => task.status === "PENDING").length,
  };
}

function revisionCounts(
  service: Service,
  revision: ServiceRevision,
  tasks: readonly Task[],
): Record<string, unknown> {
  const deployment = service.deployments.find((one) => one.revision === revision);
  const own = tasks.filter((task) => task.deploymentId === deployment?.id);
  const { runningCount, pendingCount } = counts(own);
  return {
    arn: revision.arn,
    requestedTaskCount: deployment?.role === "PRIMARY" ? service.desiredCount : 0,
    runningTaskCount: runningCount,
    pendingTaskCount: pendingCount,
  };
}

function configurationView(service: Service): Record<string, unknown> {
  const { circuitBreaker, minimumHealthyPercent, maximumPercent } = service.deploymentConfiguration;
  return {
    deploymentCircuitBreaker: circuitBreaker,
    minimumHealthyPercent,
    maximumPercent,
    strategy: "ROLLING",
  };
}

function breakerStatus(enabled: boolean, deployment: Deployment, threshold: number): string {
  if (!enabled) return "DISABLED";
  if (deployment.failedTasks >= threshold) return "TRIGGERED";
  return deployment.rolloutState === "IN_PROGRESS" ? "MONITORING" : "MONITORING_COMPLETE";
}
