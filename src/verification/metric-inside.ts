/** Verifies a metric: its newest periods since the action have data and are inside the threshold. */
import type { RecoveryCheck } from "../domain/incident/incident.ts";
import type { Point } from "../domain/reading.ts";
import { evaluateAlarm } from "../evidence/alarm-evaluation.ts";
import { withSilence } from "../evidence/facts/error-silence.ts";
import { readTimeout } from "../evidence/read-timeout.ts";
import { amount, clock as timeOf } from "../evidence/times.ts";
import {
  isAboutBand,
  isInside,
  limitText,
  queriesOf,
  type WatchedMetric,
  withBand,
} from "../evidence/watched-metric.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";

export interface MetricLook {
  readonly check: Omit<RecoveryCheck, "condition">;
  readonly value?: number | undefined;
  readonly points?: [number, number][];
}

/** Periods before the action that the charts show as well. */
const CHART_PERIODS = 12;

/**
 * Checks that the watched metric is on the healthy side as its alarm evaluates it (M of N periods, missing data as the
 * alarm treats it), with data, in whole periods after `since` (ISO 8601).
 */
export async function metricInside(
  since: string,
  watched: WatchedMetric | undefined,
  deps: WorkflowDependencies,
): Promise<MetricLook> {
  if (watched === undefined) {
    return { check: { met: null, detail: "the alarm watches no metric that can be read" } };
  }
  const period = watched.metric.periodSeconds * 1000;
  // Only complete periods that began after the action count; a mixed or running one proves nothing.
  const first = Math.ceil(Date.parse(since) / period) * period;
  const to = Math.floor(deps.now().getTime() / period) * period;
  if (to <= first) return { check: { met: null, detail: `no whole period since ${timeOf(since)} yet` } };
  const requests = requestsBehind(watched.metric);
  const queries = [
    ...queriesOf(watched, "watched"),
    ...(requests === undefined ? [] : [{ id: "requests", metric: requests }]),
  ];
  const window = { from: first - CHART_PERIODS * period, to };
  const series = await deps.readers.metrics.series(queries, window, readTimeout(deps));
  const points = withSilence(series.get("watched") ?? [], series.get("requests") ?? [], to - period);
  const seen = points.filter((point) => point.t >= first);
  return {
    check: judge(seen, withBand(watched, "watched", series), first, to),
    value: seen.at(-1)?.v,
    points: points.map(({ t, v }) => [t, v]),
  };
}

/**
 * Error counts that a load balancer reports only when they are not zero, while it reports requests whenever there are
 * any.
 */
const ERROR_COUNT = /^HTTPCode_(?:Target|ELB)_/;

/**
 * The requests that an error count is a part of; where there are requests, a missing error count is zero. @see
 * https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
function requestsBehind(metric: WatchedMetric["metric"]): WatchedMetric["metric"] | undefined {
  const counts = metric.namespace === "AWS/ApplicationELB" && ERROR_COUNT.test(metric.name);
  return counts && metric.statistic === "Sum" ? { ...metric, name: "RequestCount" } : undefined;
}

function judge(
  seen: readonly Point[],
  watched: WatchedMetric,
  first: number,
  to: number,
): MetricLook["check"] {
  const { verdict, newest, missing } = evaluateAlarm(seen, watched, to, first);
  const limit = limitText(watched, amount, newest.at(-1)?.t);
  const values = newest.map((point) => amount(point.v)).join(", ");
  if (verdict === "inside") return { met: true, detail: `${values}, ${limit}` };
  const outside = newest.findLast((point) => isInside(point.v, watched, point.t) === false);
  if (outside !== undefined) {
    return { met: false, detail: `${amount(outside.v)} at ${timeOf(outside.t)}, ${limit}` };
  }
  if (verdict === "outside") {
    return { met: false, detail: `${missing} periods without data, which the alarm counts as breaching` };
  }
  const last = seen.at(-1);
  if (newest.length === 0 && last !== undefined)
    return { met: null, detail: `no data since ${timeOf(last.t)}` };
  if (isAboutBand(watched.comparison) && watched.band === undefined) return { met: null, detail: limit };
  const detail = `${newest.length} of ${watched.evaluationPeriods} data points since the action`;
  return { met: null, detail };
}
