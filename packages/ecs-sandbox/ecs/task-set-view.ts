import type { Deployment, Service, Task } from "./model.ts";
import { primaryOf } from "./state.ts";
import { targetGroupOf } from "./tasks/task-health.ts";
import { isShifting } from "./traffic-shift.ts";

/** A deployment of CodeDeploy as a task set: the one that serves is PRIMARY, whatever comes next is ACTIVE. */
export function taskSetView(
  service: Service,
  deployment: Deployment,
  tasks: readonly Task[],
): Record<string, unknown> {
  const own = tasks.filter((task) => task.deploymentId === deployment.id);
  const live = own.filter((task) => task.desiredStatus === "RUNNING").length;
  const primary = primaryOf(service);
  const shifted = primary !== undefined && (!isShifting(primary) || (primary.shift?.weight ?? 0) === 100);
  const isServing = shifted ? deployment === primary : deployment.revision === primary?.source;
  const number = deployment.id.split("/").at(-1) ?? "";
  return {
    id: deployment.id,
    taskSetArn: deployment.arn.replace(":service-deployment/", ":task-set/").replace(/[^/]+$/, deployment.id),
    serviceArn: service.arn,
    clusterArn: service.cluster.arn,
    startedBy: "CODE_DEPLOY",
    externalId: `d-${number.slice(0, 9)}`,
    status: isServing ? "PRIMARY" : live > 0 ? "ACTIVE" : "DRAINING",
    taskDefinition: deployment.revision.taskDefinition.arn,
    computedDesiredCount: live,
    ...counts(own),
    createdAt: deployment.createdAt,
    updatedAt: deployment.updatedAt,
    ...launchView(service),
    loadBalancers: service.loadBalancers.map((balancer) => ({
      targetGroupArn: targetGroupOf(balancer, deployment.revision.usesAlternate),
      containerName: balancer.containerName,
      containerPort: balancer.containerPort,
    })),
    serviceRegistries: [],
    scale: { value: 100, unit: "PERCENT" },
    stabilityStatus: counts(own).runningCount === live ? "STEADY_STATE" : "STABILIZING",
    stabilityStatusAt: deployment.updatedAt,
    tags: [],
  };
}

/** Running and pending tasks, as DescribeServices counts them. */
export function counts(tasks: readonly Task[]): { runningCount: number; pendingCount: number } {
  return {
    runningCount: tasks.filter((task) => task.status === "RUNNING").length,
    pendingCount: tasks.filter((task) => task.status === "PENDING").length,
  };
}

/** The launch type, or the capacity provider in its place. */
export function launchView({ capacityProvider, launchType }: Service): Record<string, unknown> {
  return capacityProvider === undefined
    ? { launchType }
    : { capacityProviderStrategy: [{ capacityProvider, weight: 1, base: 0 }] };
}
