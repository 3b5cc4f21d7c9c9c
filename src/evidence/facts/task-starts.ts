/** What the start of a task explains of a series: the first periods of its life, and the returns of a sawtooth. */
import type { SeriesSummary } from "../../domain/evidence.ts";
import type { Point, TaskReading } from "../../domain/reading.ts";
import type { PlannedSeries } from "../metric-series.ts";

/**
 * Periods after a task's start in which it warms up. Source: Kubernetes leaves out the CPU of a pod for its first five
 * minutes, https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/ (cpu-initialization-period).
 */
const START_PERIODS = 5;

/** Returns when the tasks behind a series started, epoch milliseconds: one task's own, or all of the service. */
export function startsOf({ taskId }: PlannedSeries, running: readonly TaskReading[]): number[] {
  return running
    .filter(({ id }) => taskId === undefined || id === taskId)
    .map(({ startedAt }) => Date.parse(startedAt ?? ""))
    .filter(Number.isFinite);
}

/** Leaves out the first periods of the one task that a series is about, where there are later ones. */
export function withoutStart(
  series: PlannedSeries,
  points: readonly Point[],
  starts: readonly number[],
): readonly Point[] {
  const [start] = starts;
  if (series.taskId === undefined || start === undefined) return points;
  const settled = points.filter(({ t }) => t >= start + startMilliseconds(series));
  return settled.length > 0 ? settled : points;
}

/** What a start costs a while: work and time. It makes no errors, and memory only comes to the level of the others. */
const WARMS_UP: ReadonlySet<PlannedSeries["role"]> = new Set([
  "cpu",
  "task-cpu",
  "latency-p50",
  "latency-p99",
]);

/** Whether a departure of CPU or of the answers' time began with the start of a task that still warms up. */
export function isStartUp(
  series: PlannedSeries,
  { changedAt, first, last }: SeriesSummary,
  starts: readonly number[],
): boolean {
  if (!WARMS_UP.has(series.role)) return false;
  const period = series.query.metric.periodSeconds * 1000;
  const began = Date.parse(changedAt ?? (series.taskId === undefined ? "" : first));
  return starts.some(
    (start) => began > start - period && Date.parse(last) < start + startMilliseconds(series),
  );
}

function startMilliseconds(series: PlannedSeries): number {
  return START_PERIODS * series.query.metric.periodSeconds * 1000;
}

/**
 * Reports as steady what goes up and down by itself, such as memory under a garbage collector: the level after each
 * return stays, and no task started meanwhile. With a start the returns may be restarts of a task that leaks.
 */
export function withoutTeeth(summary: SeriesSummary, starts: readonly number[]): SeriesSummary {
  const { teeth, first } = summary;
  const restarted = starts.some((start) => start > Date.parse(first));
  if (teeth?.floorMoves !== false || starts.length === 0 || restarted) return summary;
  const { onset: _dropped, changedAt: _too, ...rest } = summary;
  return { ...rest, direction: "none", shape: "flat" };
}
