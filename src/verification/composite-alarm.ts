/** Recovery of a composite alarm, which has no metric: those of its parts that are OK again must show it. */
import { alarmsInRule } from "../domain/alarm-rule.ts";
import { readTimeout } from "../evidence/read-timeout.ts";
import { watchedBy } from "../evidence/watched-metric.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";
import { type MetricLook, metricInside } from "./metric-inside.ts";

/** A rule may name 100 alarms; who has more parts than this must be looked at by a person. */
const MOST_PARTS = 10;

/**
 * Whether the metric of every part that is OK is inside its own threshold since `since` (ISO 8601). At least one part
 * must be OK and have a metric; parts that still fire are the rule's business, which the composite's own state tells.
 */
export async function compositeAlarmInside(
  rule: string,
  since: string,
  deps: WorkflowDependencies,
): Promise<MetricLook> {
  const names = [...new Set(alarmsInRule(rule))];
  if (names.length > MOST_PARTS) {
    return { check: { met: null, detail: `the alarm has ${names.length} parts, too many to look at` } };
  }
  const parts = await Promise.all(names.map((name) => deps.readers.alarms.alarm(name, readTimeout(deps))));
  const calm = parts.flatMap((part) => (part?.state === "OK" ? [part] : []));
  if (calm.length === 0) return { check: { met: false, detail: "no part of the alarm is OK yet" } };
  const looks = await Promise.all(calm.map((part) => metricInside(since, watchedBy(part), deps)));
  const told = looks.map(({ check }, index) => `${calm[index]?.name}: ${check.detail}`);
  const doubtful = looks.findIndex(({ check }) => check.met !== true);
  return {
    ...looks[0],
    check: {
      met: doubtful < 0 ? true : (looks[doubtful]?.check.met ?? null),
      detail: doubtful < 0 ? told.join("; ") : (told[doubtful] ?? "unknown"),
    },
  };
}
