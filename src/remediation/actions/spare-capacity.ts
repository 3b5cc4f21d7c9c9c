/** Whether tasks that were added and did not bring recovery would be missed. */
import type { Alert } from "../../domain/alert.ts";
import type { Verification } from "../../domain/incident/incident.ts";
import { HOT_CPU_PERCENT } from "../../domain/limits.ts";
import type { Target } from "../../domain/target.ts";
import { readTimeout } from "../../evidence/read-timeout.ts";
import type { WorkflowDependencies } from "../../workflow/dependencies.ts";

interface AddedTasks {
  readonly target: Target;
  /** The desired count before they were added, and with them. */
  readonly from: number;
  readonly to: number;
  readonly verification: Pick<Verification, "metricBefore" | "metricAfter">;
}

/** Part of its former level by which the alarm's metric must have improved for the tasks to have helped. */
const HELPED_SHARE = 0.1;

/** The load of each task grows by the tasks that go, and a tenth is kept in reserve. */
const RESERVE = 1.1;

/** Newest whole periods that the load is read of. */
const PERIODS = 3;

const LOADS = ["CPUUtilization", "MemoryUtilization"] as const;

/**
 * Returns why they would be missed, or null where they would not: the alarm's metric is no better with them, and the
 * CPU and memory of the tasks that stay have room for what they carry. What cannot be read speaks for keeping them.
 */
export async function whyMissed(
  added: AddedTasks,
  alert: Alert,
  deps: WorkflowDependencies,
): Promise<string | null> {
  if (hasHelped(added.verification, alert)) return "the alarm's metric is better with them";
  try {
    const loads = await loadsOf(added.target, deps);
    const full = loads.find(({ level }) => !(project(level, added) <= HOT_CPU_PERCENT));
    if (full === undefined) return null;
    return full.level === undefined
      ? `${full.name} could not be read`
      : `${full.name} would go from ${full.level.toFixed(0)} to ${project(full.level, added).toFixed(0)} %`;
  } catch (error) {
    return `the load could not be read (${error instanceof Error ? error.message : "unknown error"})`;
  }
}

/** Without both values nobody knows, and then the load decides. */
function hasHelped({ metricBefore, metricAfter }: AddedTasks["verification"], { alarm }: Alert): boolean {
  if (metricBefore === undefined || metricAfter === undefined) return false;
  const gained = metricBefore - metricAfter;
  const better = alarm?.comparison?.startsWith("Less") ? -gained : gained;
  return better > HELPED_SHARE * Math.abs(metricBefore);
}

function project(level: number | undefined, { from, to }: AddedTasks): number {
  return ((level ?? Number.NaN) * to * RESERVE) / Math.max(1, from);
}

async function loadsOf(
  target: Target,
  deps: WorkflowDependencies,
): Promise<{ readonly name: string; readonly level: number | undefined }[]> {
  const { metricPeriodSeconds: periodSeconds } = deps.policy.timing;
  const period = periodSeconds * 1000;
  const to = Math.floor(deps.now().getTime() / period) * period;
  const dimensions = { ClusterName: target.cluster, ServiceName: target.service };
  const queries = LOADS.map((name) => ({
    id: name,
    metric: { namespace: "AWS/ECS", name, statistic: "Average", dimensions, periodSeconds },
  }));
  const window = { from: to - PERIODS * period, to };
  const series = await deps.readers.metrics.series(queries, window, readTimeout(deps));
  // The highest of them: a load that comes and goes must fit, too.
  return LOADS.map((name) => {
    const values = (series.get(name) ?? []).map(({ v }) => v).filter(Number.isFinite);
    return { name, level: values.length === 0 ? undefined : Math.max(...values) };
  });
}
