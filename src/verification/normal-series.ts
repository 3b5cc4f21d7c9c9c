/**
 * Verifies recovery where AWS knows no alarm, or only one on a metric that applications can write: the trusted series that
 * supported the diagnosis are back to their own normal.
 */
import type { MetricIdentity } from "../domain/alert.ts";
import { isTrustedNamespace } from "../evidence/series-trust.ts";
import { inputsOf, type WatchedMetric } from "../evidence/watched-metric.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";
import { type MetricLook, metricInside } from "./metric-inside.ts";

/** A series that supported the diagnosis: its level before the onset, and when the service was judged. */
export interface NormalSeries {
  readonly metric: MetricIdentity;
  readonly before: number;
  readonly judged: number;
}

/** What recovery rests on beside the service's health. */
export interface RecoveryBasis {
  /** Whether AWS knew the incident's alarm when the service was judged. */
  readonly alarmKnown: boolean;
  readonly series: readonly NormalSeries[];
}

/** Newest periods that have to be back, each with data since the action. */
const PERIODS = 3;

/**
 * Returns the series with the level at which it counts as back: nearer to where it was before the onset than to where it
 * was when the service was judged. Undefined where the two do not differ: then no normal of its own is known.
 */
export function backToNormal({ metric, before, judged }: NormalSeries): WatchedMetric | undefined {
  if (before === judged) return undefined;
  return {
    metric,
    threshold: (before + judged) / 2,
    comparison: judged > before ? "GreaterThanOrEqualToThreshold" : "LessThanOrEqualToThreshold",
    evaluationPeriods: PERIODS,
    datapointsToAlarm: 1,
    treatMissingData: "missing",
  };
}

/** Returns whether an alarm's metric can be written by applications, so that it proves no recovery alone. */
export function isWritable(watched: WatchedMetric, trustedNamespaces: readonly string[]): boolean {
  return inputsOf(watched).some(({ namespace }) => !isTrustedNamespace(namespace, trustedNamespaces));
}

/** Checks every series, in whole periods after `since` (ISO 8601). */
export async function seriesBackToNormal(
  { series }: RecoveryBasis,
  since: string,
  deps: WorkflowDependencies,
): Promise<MetricLook> {
  if (series.length === 0) {
    return {
      check: { met: true, detail: "no series of AWS showed the fault, so the service's health decides" },
    };
  }
  const looks = await Promise.all(
    series.map(async (one): Promise<MetricLook> => {
      const watched = backToNormal(one);
      if (watched !== undefined) return metricInside(since, watched, deps);
      return { check: { met: null, detail: "its level before the fault is not known" } };
    }),
  );
  const texts = looks.map(({ check }, index) => `${series[index]?.metric.name}: ${check.detail}`);
  const open = looks.findIndex(({ check }) => check.met !== true);
  return {
    ...looks[0],
    check:
      open < 0
        ? { met: true, detail: texts.join("; ") }
        : { met: looks[open]?.check.met ?? null, detail: texts[open] ?? "unknown" },
  };
}
