/**
 * Checks the series of single tasks against AWS/ECS. Container Insights is written by log lines in the embedded metric
 * format, which any application with log rights can write, too; AWS/ECS is not. A task's level and its rise must be
 * visible in the service's own series, else they support nothing.
 *
 * Both namespaces give a share of what the task definition reserves. Where they differ (a soft reservation below the
 * limit), AWS/ECS has the larger percentage, so that "AWS/ECS shows less than the task claims" is a contradiction in any
 * unit.
 */
import { median } from "../../packages/signals/order-statistics.ts";
import type { MetricRole, SeriesSummary } from "../domain/evidence.ts";
import type { Point } from "../domain/reading.ts";
import type { Target } from "../domain/target.ts";
import type { MetricQuery } from "./ports.ts";
import { CONTAINER_INSIGHTS, clusterName, type SeriesTrust } from "./series-trust.ts";
import { amount } from "./times.ts";

/** A series of one task, as it was read. */
export interface TaskSeries {
  readonly role: MetricRole;
  readonly taskId?: string | undefined;
  readonly points: readonly Point[];
  readonly summary: SeriesSummary;
}

const OWN: readonly (readonly [MetricRole, string])[] = [
  ["task-memory", "MemoryUtilization"],
  ["task-cpu", "CPUUtilization"],
];

/** The queries of AWS/ECS's own series, beside which those of tasks are judged. */
export function referenceQueries(target: Target, periodSeconds: number): MetricQuery[] {
  const dimensions = { ClusterName: clusterName(target), ServiceName: target.service };
  return OWN.flatMap(([role, name]) =>
    (["Maximum", "Average"] as const).map((statistic) => ({
      id: referenceId(role, statistic),
      metric: { namespace: "AWS/ECS", name, statistic, dimensions, periodSeconds },
    })),
  );
}

function referenceId(role: MetricRole, statistic: string): string {
  return `reference-${role}-${statistic}`;
}

/** What a measurement and its rounding may differ by: a share, and points of a percentage. */
const SHARE = 1.15;
const POINTS = 5;
/** Newest points of AWS/ECS whose highest counts, since the two arrive at different times. */
const NEWEST = 5;
/** AWS/ECS without data for so many periods before a task's newest point says nothing of it. */
const STALE_PERIODS = 4;

export interface ConfirmInput {
  readonly tasks: number;
  readonly periodSeconds: number;
  readonly vouched: boolean;
  readonly harmed: boolean;
}

/**
 * Returns the trust in each series of a task, in their order.
 * @param tasks how many tasks run
 * @param vouched true where the policy trusts Container Insights: then only a contradiction counts against a series
 * @param harmed true where trusted series show that callers are harmed now
 */
export function confirmTaskSeries(
  series: readonly TaskSeries[],
  answers: ReadonlyMap<string, readonly Point[]>,
  { tasks, periodSeconds, vouched, harmed }: ConfirmInput,
): SeriesTrust[] {
  return series.map((one) => {
    // AWS/ECS knows no disk. Where callers are harmed, a full one tells which task; by itself it tells nothing.
    if (one.role === "task-disk") {
      return vouched || harmed
        ? { provenance: "metric" }
        : doubtful("nothing else of AWS shows that anything is wrong");
    }
    const claimed = series.filter(({ role }) => role === one.role);
    const maximum = answers.get(referenceId(one.role, "Maximum")) ?? [];
    const average = answers.get(referenceId(one.role, "Average")) ?? [];
    const newest = one.points.at(-1)?.t ?? 0;
    const read = [maximum, average].every(
      (points) => (points.at(-1)?.t ?? 0) >= newest - STALE_PERIODS * periodSeconds * 1000,
    );
    if (!read)
      return vouched ? { provenance: "metric" } : doubtful("AWS/ECS has no series of its own beside it");
    const contradiction = contradicts(one, claimed, maximum, average, Math.max(tasks, claimed.length));
    return contradiction === undefined ? { provenance: "metric" } : doubtful(contradiction);
  });
}

function doubtful(why: string): SeriesTrust {
  return {
    provenance: "custom-metric",
    explainsOnly: `any application can write ${CONTAINER_INSIGHTS}, and ${why}`,
  };
}

function contradicts(
  one: TaskSeries,
  claimed: readonly TaskSeries[],
  maximum: readonly Point[],
  average: readonly Point[],
  tasks: number,
): string | undefined {
  const most = newestLevel(maximum);
  const level = levelOf(one);
  if (level > SHARE * most + POINTS) return `AWS/ECS has no task above ${amount(most)} %`;
  const sum = claimed.reduce((total, each) => total + levelOf(each), 0);
  if (sum > tasks * (SHARE * newestLevel(average) + POINTS)) {
    return `AWS/ECS has ${amount(newestLevel(average))} % on average, less than the tasks together claim`;
  }
  const { onset, baseline, direction } = one.summary;
  const began = Date.parse(onset ?? "");
  const before = (points: readonly Point[]) => points.filter(({ t }) => t < began).map(({ v }) => v);
  const rise = level - baseline;
  if (direction !== "up" || rise <= POINTS || before(maximum).length === 0 || before(average).length === 0) {
    return undefined;
  }
  // One of several tasks need not be the highest; then its rise shows in the average, shared by all.
  const seen =
    most - median(before(maximum)) >= rise / 2 ||
    newestLevel(average) - median(before(average)) >= rise / (2 * tasks);
  return seen ? undefined : `AWS/ECS has not risen since ${onset?.slice(11, 19)}`;
}

const LEVEL_POINTS = 3;

function levelOf({ points }: TaskSeries): number {
  return median(points.slice(-LEVEL_POINTS).map(({ v }) => v));
}

function newestLevel(points: readonly Point[]): number {
  return Math.max(...points.slice(-NEWEST).map(({ v }) => v));
}
