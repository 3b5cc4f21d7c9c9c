/** What target tracking decides from. Counts are tasks, times epoch milliseconds. */
export interface TrackingInput {
  /** Tasks that run: the starting point of Application Auto Scaling, not the desired count. */
  readonly running: number;
  readonly desired: number;
  readonly min: number;
  readonly max: number;
  readonly value: number;
  readonly targetValue: number;
}

/** The last change in one direction: from how many running tasks to which desired count. */
export interface LastChange {
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

/** How many tasks bring the metric to its target, if it is shared evenly: `ceil(running * value / target)`. */
export function tasksFor(running: number, value: number, targetValue: number): number {
  return Math.max(0, Math.ceil((running * value) / targetValue - 1e-9));
}

/**
 * The desired count of a scale-out, or undefined for none. During the cooldown it is computed from the tasks that ran
 * before the last scale-out, so that only a larger one is made.
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html#target-tracking-cooldown
 */
export function scaleOutTo(
  input: TrackingInput,
  last: LastChange | undefined,
  cooldownSeconds: number,
  now: number,
): number | undefined {
  const cooling = last !== undefined && now - last.at < cooldownSeconds * 1000;
  const from = cooling ? Math.min(last.from, input.running) : input.running;
  const wanted = Math.max(input.min, Math.min(input.max, tasksFor(from, input.value, input.targetValue)));
  return wanted > input.desired ? wanted : undefined;
}

/** The desired count of a scale-in, or undefined for none: never during its cooldown, never below the minimum. */
export function scaleInTo(
  input: TrackingInput,
  last: LastChange | undefined,
  cooldownSeconds: number,
  now: number,
): number | undefined {
  if (last !== undefined && now - last.at < cooldownSeconds * 1000) return undefined;
  const wanted = Math.max(
    input.min,
    Math.min(input.max, tasksFor(input.running, input.value, input.targetValue)),
  );
  return wanted < input.desired ? wanted : undefined;
}
