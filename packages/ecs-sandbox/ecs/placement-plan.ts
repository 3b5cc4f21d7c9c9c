/** One task that is meant to run, as the planner sees it. */
export interface PlannedTask {
  readonly id: string;
  /** Belongs to the deployment that the service is moving to. */
  readonly primary: boolean;
  /** Running, and its target and container health checks pass. */
  readonly healthy: boolean;
}

/** What the planner decides from. Percentages are of the desired count. */
export interface PlanInput {
  readonly desiredCount: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  /** Oldest first. */
  readonly tasks: readonly PlannedTask[];
  /** False when the primary deployment has failed: it gets no more tasks. */
  readonly mayStart: boolean;
}

/** How many tasks of the primary deployment to start and which tasks to stop. */
export interface Plan {
  readonly start: number;
  readonly stop: readonly string[];
}

/**
 * One step of the service scheduler: keeps the desired count and moves a rolling update forward without
 * going over the maximum or under the minimum of healthy tasks.
 * @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
 */
export function planStep(input: PlanInput): Plan {
  const { desiredCount, tasks } = input;
  const minimum = Math.ceil((desiredCount * input.minimumHealthyPercent) / 100);
  const maximum = Math.floor((desiredCount * input.maximumPercent) / 100);
  const primary = tasks.filter((task) => task.primary);
  const old = tasks.filter((task) => !task.primary);

  const missing = desiredCount - primary.length;
  // Outside of a rolling update the desired count itself is always allowed.
  const ceiling = old.length === 0 ? Math.max(maximum, desiredCount) : maximum;
  const start = input.mayStart ? Math.max(0, Math.min(missing, ceiling - tasks.length)) : 0;

  // AWS documents the balance of zones, and neither health nor age: an agent may not rely on either.
  const surplus = primary.slice(0, Math.max(0, -missing));
  if (!input.mayStart) return { start, stop: surplus.map((task) => task.id) };

  const spare = tasks.filter((task) => task.healthy).length - minimum;
  const replaceable = old.filter((task) => task.healthy).slice(0, Math.max(0, spare));
  const useless = old.filter((task) => !task.healthy);
  return { start, stop: [...surplus, ...useless, ...replaceable].map((task) => task.id) };
}
