/** Verifies a composite alarm, which has no metric, by the metrics of those of its parts that are OK again. */
import { alarmsInRule } from "../domain/alarm-rule.ts";
import { readTimeout } from "../evidence/read-timeout.ts";
import { watchedBy } from "../evidence/watched-metric.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";
import { type MetricLook, metricInside } from "./metric-inside.ts";

/** The most parts that are verified; AWS allows 100. An alarm with more goes to a person. */
const MOST_PARTS = 10;

/**
 * Checks that the metric of every part that is OK is inside its own threshold since `since` (ISO 8601). At least one
 * part must be OK and have a metric; parts that still fire are covered by the composite's own state.
 */
export async function compositeAlarmInside(
  rule: string,
  since: string,
  deps: WorkflowDependencies,
): Promise<MetricLook> {
  const names = [...new Set(alarmsInRule(rule))];
  if (names.length > MOST_PARTS) {
    return { check: { met: null, detail: `the alarm has ${names.length} parts, too many to check` } };
  }
  const parts = await Promise.all(names.map((name) => deps.readers.alarms.alarm(name, readTimeout(deps))));
  const calm = parts.flatMap((part) => (part?.state === "OK" ? [part] : []));
  if (calm.length === 0) return { check: { met: false, detail: "no part of the alarm is OK yet" } };
  const looks = await Promise.all(calm.map((part) => metricInside(since, watchedBy(part), deps)));
  const texts = looks.map(({ check }, index) => `${calm[index]?.name}: ${check.detail}`);
  const doubtful = looks.findIndex(({ check }) => check.met !== true);
  return {
    ...looks[0],
    check: {
      met: doubtful < 0 ? true : (looks[doubtful]?.check.met ?? null),
      detail: doubtful < 0 ? texts.join("; ") : (texts[doubtful] ?? "unknown"),
    },
  };
}
