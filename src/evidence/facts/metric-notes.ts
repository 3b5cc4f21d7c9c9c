/** What series say beside one another: tasks of one revision, a high percentile and its requests. */
import { compareTasks } from "../../../packages/signals/index.ts";
import type { TaskReading } from "../../domain/reading.ts";
import type { PlannedSeries } from "../metric-series.ts";
import { arePartOf, byPeriodOf } from "./error-silence.ts";
import type { SummarizedSeries } from "./metric-fact.ts";
import type { MetricNotes } from "./metric-text.ts";
import { SMALL_POINTS } from "./practical-size.ts";
import { isQuietTail } from "./quiet-tail.ts";
import { isStartUp, startsOf } from "./task-starts.ts";

/** What a task that merely warms up does not do: where callers are harmed, it is no warm-up. */
const HARM: ReadonlySet<PlannedSeries["role"]> = new Set(["errors-5xx", "elb-5xx", "unhealthy-hosts"]);

/** Adds to each series what the others say of it. */
export function withNotes(
  read: readonly SummarizedSeries[],
  running: readonly TaskReading[],
  periodSeconds: number,
): SummarizedSeries[] {
  const compared = comparisons(read, running, periodSeconds);
  const harmed = read.some(({ series, summary }) => HARM.has(series.role) && summary.onset !== undefined);
  return read.map((one): SummarizedSeries => {
    const amongTasks = compared.get(one);
    const quietTail = quietTailOf(one, read);
    const notes: MetricNotes = {
      ...(amongTasks === undefined ? {} : { amongTasks }),
      ...(quietTail === undefined ? {} : { quietTail }),
      ...(!harmed && isStartUp(one.series, one.summary, startsOf(one.series, running))
        ? { startUp: true }
        : {}),
    };
    return { ...one, notes };
  });
}

/** Compares the series of one role of tasks that run one task definition. */
function comparisons(
  read: readonly SummarizedSeries[],
  running: readonly TaskReading[],
  periodSeconds: number,
): Map<SummarizedSeries, MetricNotes["amongTasks"]> {
  const revisions = new Map(running.map(({ id, taskDefinition }) => [id, taskDefinition]));
  const ofTasks = read.filter(({ series }) => series.taskId !== undefined);
  const groups = Map.groupBy(ofTasks, ({ series }) =>
    JSON.stringify([series.role, revisions.get(series.taskId ?? "")]),
  );
  return new Map(
    [...groups.values()].flatMap((group) => {
      const tasks = group.map(({ series, points }) => ({ id: series.query.id, points }));
      const compared = compareTasks(tasks, { periodSeconds, negligible: SMALL_POINTS });
      return group.map((one) => [one, compared.get(one.series.query.id)] as const);
    }),
  );
}

function quietTailOf(one: SummarizedSeries, read: readonly SummarizedSeries[]): boolean | undefined {
  const { metric } = one.series.query;
  const requests = read
    .filter(({ series }) => series.role === "requests" && arePartOf(metric, series.query.metric))
    .flatMap(({ points }) => byPeriodOf(metric, points));
  return isQuietTail(metric.statistic, one.points, requests, one.summary.onset);
}
