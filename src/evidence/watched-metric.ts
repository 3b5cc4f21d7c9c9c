import { type Alert, Comparison, type MetricIdentity } from "../domain/alert.ts";
import type { AlarmReading } from "../domain/reading.ts";
import type { Target } from "../domain/target.ts";

/** The series whose return inside its threshold is part of the proof of recovery. */
export interface WatchedMetric {
  readonly metric: MetricIdentity;
  readonly threshold: number;
  readonly comparison: Comparison;
  readonly evaluationPeriods: number;
}

/** Names under which senders report the two metrics that ECS always has. */
const SIMPLE_NAMES: readonly (readonly [RegExp, string, string])[] = [
  [/^cpu(_?utili[sz]ation)?$/i, "CPUUtilization", "Average"],
  [/^mem(ory)?(_?utili[sz]ation)?$/i, "MemoryUtilization", "Maximum"],
];

/** The alarm's own metric; for the simple form the ECS metric of that name, if there is one. */
export function watchedMetric(
  alert: Alert,
  target: Target,
  periodSeconds: number,
): WatchedMetric | undefined {
  const alarm = alert.alarm;
  if (alarm?.metric !== undefined && alarm.threshold !== undefined) {
    return {
      metric: alarm.metric,
      threshold: alarm.threshold,
      comparison: alarm.comparison ?? "GreaterThanThreshold",
      evaluationPeriods: alarm.evaluationPeriods ?? 1,
    };
  }
  const reported = alert.reported;
  const known = SIMPLE_NAMES.find(([pattern]) => reported !== undefined && pattern.test(reported.metric));
  if (reported === undefined || known === undefined) return undefined;
  return {
    metric: {
      namespace: "AWS/ECS",
      name: known[1],
      statistic: known[2],
      dimensions: { ClusterName: target.cluster, ServiceName: target.service },
      periodSeconds,
    },
    threshold: reported.threshold,
    comparison:
      reported.value >= reported.threshold ? "GreaterThanOrEqualToThreshold" : "LessThanOrEqualToThreshold",
    evaluationPeriods: 1,
  };
}

/** Returns what an alarm watches, as CloudWatch stores it; undefined when that is not one plain metric. */
export function watchedBy(alarm: AlarmReading): WatchedMetric | undefined {
  const { namespace, metric: name, statistic, periodSeconds, threshold, evaluationPeriods = 1 } = alarm;
  const comparison = Comparison.safeParse(alarm.comparison);
  if (
    namespace === undefined ||
    name === undefined ||
    statistic === undefined ||
    periodSeconds === undefined ||
    threshold === undefined ||
    !comparison.success
  ) {
    return undefined;
  }
  const metric = { namespace, name, statistic, periodSeconds, dimensions: { ...alarm.dimensions } };
  return { metric, threshold, comparison: comparison.data, evaluationPeriods };
}

/** True when the value is on the healthy side of the threshold. */
export function isInside(value: number, watched: Pick<WatchedMetric, "threshold" | "comparison">): boolean {
  switch (watched.comparison) {
    case "GreaterThanThreshold":
      return !(value > watched.threshold);
    case "GreaterThanOrEqualToThreshold":
      return !(value >= watched.threshold);
    case "LessThanThreshold":
      return !(value < watched.threshold);
    case "LessThanOrEqualToThreshold":
      return !(value <= watched.threshold);
  }
}
