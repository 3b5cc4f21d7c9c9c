import type { Alert } from "../../src/domain/alert.ts";
import type { AlarmReading } from "../../src/domain/reading.ts";

/** The alarm of an alert as AWS has it, where the message says the truth. */
export function alarmReadingOf({ alarm }: Alert, state = "ALARM"): AlarmReading {
  if (alarm === undefined) throw new Error("The alert is of no alarm.");
  const { metric, name, arn, threshold, comparison, evaluationPeriods, datapointsToAlarm, treatMissingData } =
    alarm;
  const definition = { arn, threshold, comparison, evaluationPeriods, datapointsToAlarm, treatMissingData };
  const series = metric && {
    namespace: metric.namespace,
    metric: metric.name,
    dimensions: metric.dimensions,
    statistic: metric.statistic,
    periodSeconds: metric.periodSeconds,
  };
  const given = Object.entries({ ...definition, ...series }).filter(([, value]) => value !== undefined);
  return { name, state, ...Object.fromEntries(given) };
}
