/** The levels by which a task counts as sick: trusted series, and a threshold that tells sick from normal. */
import { type Evidence, type FactOf, metricsOf, type TaskRole } from "../domain/evidence.ts";
import { FULL_DISK_PERCENT, HOT_CPU_PERCENT } from "../domain/limits.ts";
import { upperLimit } from "../domain/metric-side.ts";
import { mayJustify } from "./trusted.ts";

/** Percent of a task's own limit above which it counts as sick when the alarm has no threshold for it. */
const HOT_PERCENT = HOT_CPU_PERCENT;

/** Returns the trusted series of single tasks in this role: one that applications can write chooses no task. */
export function taskSeries(evidence: Evidence, role: TaskRole): FactOf<"metric">[] {
  return metricsOf(evidence, role).filter(mayJustify);
}

/**
 * Returns the percentage above which a task counts as sick. A half-full disk is no fault, so only a full one counts. The
 * threshold of the service's alarm, as AWS has it, counts where the service is normally below it: one that was typed as
 * 0.8 for 80 % would make every task sick.
 */
export function sickPercent(evidence: Evidence, role: TaskRole): number {
  if (role === "task-disk") return FULL_DISK_PERCENT;
  const [service] = metricsOf(evidence, role === "task-memory" ? "memory" : "cpu").filter(mayJustify);
  const threshold = upperLimit(service);
  if (service === undefined || threshold === undefined) return HOT_PERCENT;
  return service.data.summary.baseline <= threshold ? threshold : HOT_PERCENT;
}

/** Returns true where the service's memory is above that percentage. */
export function isMemoryHigh(evidence: Evidence): boolean {
  const limit = sickPercent(evidence, "task-memory");
  return metricsOf(evidence, "memory").some((fact) => mayJustify(fact) && fact.data.summary.current > limit);
}
