/**
 * Series of a service behind two target groups, of which deployments with a traffic shift use one after the other: one
 * series of both, so that a shift is neither a loss of traffic nor a spike.
 */
import type { MetricRole } from "../domain/evidence.ts";
import type { Point } from "../domain/reading.ts";
import type { PlannedSeries } from "./metric-series.ts";
import type { MetricQuery } from "./ports.ts";

/** Counts add up. Of two latencies or numbers of unhealthy targets the worse one counts. */
const ADDS_UP: ReadonlySet<MetricRole> = new Set(["requests", "errors-5xx"]);

/** Returns the series of both, in time order. */
export function mergePoints(role: MetricRole, series: readonly (readonly Point[])[]): readonly Point[] {
  const [only = []] = series;
  if (series.length === 1) return only;
  const merged = new Map<number, number>();
  for (const { t, v } of series.flat()) {
    const known = merged.get(t);
    merged.set(t, known === undefined ? v : ADDS_UP.has(role) ? known + v : Math.max(known, v));
  }
  return [...merged].map(([t, v]) => ({ t, v })).sort((one, other) => one.t - other.t);
}

/** Returns the index of the series that was last above zero, which is that of the live group; the first where none is. */
function liveOf(series: readonly (readonly Point[])[]): number {
  const last = series.map((points) => points.findLast(({ v }) => v > 0)?.t ?? Number.NEGATIVE_INFINITY);
  return Math.max(0, last.indexOf(Math.max(...last)));
}

/**
 * Returns the series of both sides, under the name of the live one; while both have traffic each alone as well, since two
 * revisions stand behind them.
 * @param sides the points of its query and of those of `also`
 */
export function withSides(series: PlannedSeries, sides: readonly (readonly Point[])[]): PlannedSeries[] {
  const { query, also = [] } = series;
  if (also.length === 0) return [series];
  const queries = [query, ...also];
  const live = queries[liveOf(sides)] ?? query;
  const both = { ...series, query: live, also: queries.filter((one) => one !== live) };
  const newest = sides.map((points) => points.at(-1)?.t);
  if (newest.some((t) => t === undefined || t !== newest[0])) return [both];
  return [both, ...queries.map((one) => sideOf(series, one))];
}

function sideOf(series: PlannedSeries, query: MetricQuery): PlannedSeries {
  const { also: _, ...alone } = series;
  const side = query.metric.dimensions["TargetGroup"]?.split("/")[1] ?? "";
  return { ...alone, query, label: `${series.label} of ${side}` };
}
