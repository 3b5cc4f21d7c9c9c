/** What proves recovery of an incident beside the service's health, from the evidence of its diagnosis. */
import type { Alert } from "../domain/alert.ts";
import type { Diagnosis } from "../domain/diagnosis.ts";
import { type Evidence, factsOf } from "../domain/evidence.ts";
import { supportsCause } from "../remediation/remedies.ts";
import type { NormalSeries, RecoveryBasis } from "../verification/normal-series.ts";

/** More series than a cause has. */
const MOST_SERIES = 4;

/**
 * Returns the basis: whether AWS knew the alarm, and the service's trusted series that supported the diagnosis. Series of
 * single tasks are left out: a restarted task has none any more.
 */
export function recoveryBasis(
  alert: Alert,
  evidence: Evidence | undefined,
  diagnosis: Diagnosis | undefined,
): RecoveryBasis {
  const name = alert.alarm?.name;
  // Without evidence an alarm counts as known: then it has to be read and OK.
  const alarmKnown =
    name !== undefined &&
    (evidence === undefined ||
      factsOf(evidence, "alarm").some(({ data }) => data.other !== true && data.name === name));
  if (evidence === undefined || diagnosis === undefined) return { alarmKnown, series: [] };
  const series = factsOf(evidence, "metric")
    .filter((fact) => diagnosis.evidence.includes(fact.id) && supportsCause(diagnosis.cause, fact))
    .flatMap(({ data }): NormalSeries[] => {
      const { namespace, dimensions, label, statistic, periodSeconds, taskId, summary } = data;
      if (taskId !== undefined || namespace === undefined || dimensions === undefined) return [];
      const metric = { namespace, name: label, dimensions, statistic, periodSeconds };
      return [{ metric, before: summary.baseline, judged: summary.current }];
    });
  return { alarmKnown, series: series.slice(0, MOST_SERIES) };
}
