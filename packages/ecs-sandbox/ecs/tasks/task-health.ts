import type { ServiceLoadBalancer, Task } from "../model.ts";

/** The part of a load balancer that ECS needs. */
export interface TargetRegistry {
  register(targetGroupArn: string, address: { readonly id: string; readonly port: number }): void;
  deregister(targetGroupArn: string, address: { readonly id: string; readonly port: number }): Promise<void>;
  setWeight(targetGroupArn: string, weight: number): void;
  health(
    targetGroupArn: string,
    address: { readonly id: string; readonly port: number },
  ): { readonly state: string; readonly description?: string };
}

/** A target of a task: one host port in one target group. */
export interface TaskTarget {
  readonly targetGroupArn: string;
  readonly address: { readonly id: string; readonly port: number };
}

/** Why the scheduler should replace a task. */
export type TaskFault =
  | { readonly kind: "target"; readonly target: TaskTarget; readonly description: string }
  | { readonly kind: "container" };

/** The targets that a task has in the target groups of its service. */
export function targetsOf(task: Task): TaskTarget[] {
  return task.service.loadBalancers.flatMap((balancer) => {
    const container = task.containers.find((one) => one.definition.name === balancer.containerName);
    const binding = container?.bindings.find((one) => one.containerPort === balancer.containerPort);
    if (!binding) return [];
    const targetGroupArn = targetGroupOf(balancer, task.usesAlternate);
    return [{ targetGroupArn, address: { id: "127.0.0.1", port: binding.hostPort } }];
  });
}

/** The target group of a revision: one of the two between which its service shifts traffic. */
export function targetGroupOf(balancer: ServiceLoadBalancer, usesAlternate: boolean): string {
  const alternate = balancer.advancedConfiguration?.alternateTargetGroupArn;
  return usesAlternate && alternate !== undefined ? alternate : balancer.targetGroupArn;
}

/** True when the task runs and every target and container health check of it passes. */
export function isHealthy(task: Task, registry: TargetRegistry): boolean {
  return (
    task.status === "RUNNING" &&
    task.containers.every(
      (container) => container.definition.healthCheck === undefined || container.health === "HEALTHY",
    ) &&
    targetsOf(task).every(
      (target) => registry.health(target.targetGroupArn, target.address).state === "healthy",
    )
  );
}

/** True while the first health checks of a task have not decided yet. */
export function isStarting(task: Task, registry: TargetRegistry): boolean {
  return (
    task.status === "PENDING" ||
    targetsOf(task).some(
      (target) => registry.health(target.targetGroupArn, target.address).state === "initial",
    )
  );
}

/** The failed health check of a running task, if any. */
export function faultOf(task: Task, registry: TargetRegistry): TaskFault | undefined {
  if (task.status !== "RUNNING") return undefined;
  if (healthStatusOf(task) === "UNHEALTHY") return { kind: "container" };
  for (const target of targetsOf(task)) {
    const health = registry.health(target.targetGroupArn, target.address);
    if (health.state === "unhealthy") {
      return { kind: "target", target, description: health.description ?? "Health checks failed" };
    }
  }
  return undefined;
}

/** The `healthStatus` of a task, from the health checks of its essential containers. */
export function healthStatusOf(task: Task): "HEALTHY" | "UNHEALTHY" | "UNKNOWN" {
  const checked = task.containers.filter(
    (container) => container.definition.essential && container.definition.healthCheck !== undefined,
  );
  if (checked.length === 0) return "UNKNOWN";
  if (checked.some((container) => container.health === "UNHEALTHY")) return "UNHEALTHY";
  return checked.every((container) => container.health === "HEALTHY") ? "HEALTHY" : "UNKNOWN";
}
