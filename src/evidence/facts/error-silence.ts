/**
 * Error counts that a load balancer reports only when they are not zero: while there are requests, a missing count is
 * zero; where the requests are gone, too, it is not known.
 */
import type { MetricIdentity } from "../../domain/alert.ts";
import type { Point } from "../../domain/reading.ts";

/**
 * Fills in zero for periods with requests and without an error count; a period without requests stays without data.
 * The newest period stays as it is, since its count may still come.
 * @param newest start of the newest period, epoch milliseconds
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
export function withSilence(
  points: readonly Point[],
  requests: readonly Point[],
  newest: number,
): readonly Point[] {
  const reported = new Set(points.map(({ t }) => t));
  const silent = new Set(
    requests.filter(({ t, v }) => v > 0 && t < newest && !reported.has(t)).map(({ t }) => t),
  );
  return [...points, ...[...silent].map((t) => ({ t, v: 0 }))].toSorted((one, other) => one.t - other.t);
}

/**
 * Returns the requests by the periods of the errors, which may be longer: an alarm on errors over five minutes beside
 * requests by the minute.
 */
export function byPeriodOf(errors: MetricIdentity, requests: readonly Point[]): readonly Point[] {
  const period = errors.periodSeconds * 1000;
  return requests.map(({ t, v }) => ({ t: Math.floor(t / period) * period, v }));
}

/** Whether the errors are a part of these requests, period by period: only then a missing count is zero. */
export function arePartOf(errors: MetricIdentity, requests: MetricIdentity): boolean {
  return (
    errors.periodSeconds % requests.periodSeconds === 0 &&
    Object.entries(errors.dimensions).every(([name, value]) => requests.dimensions[name] === value)
  );
}
