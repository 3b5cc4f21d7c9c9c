import { createHash } from "node:crypto";
import { parseInsights, runInsights } from "../metrics/insights-query.ts";
import type { MetricStore } from "../metrics/metric-store.ts";
import type { AlarmConfiguration, AlarmContributor } from "./alarm.ts";
import { periodOf, ruleOf } from "./alarm-query.ts";
import { evaluateAlarm, evaluationRange } from "./evaluate-alarm.ts";
import { stateReason } from "./state-reason.ts";

/** The query of an alarm over several time series; undefined for every other alarm. */
export function insightsOf({ Metrics }: AlarmConfiguration): ReturnType<typeof parseInsights> {
  const [only, ...others] = Metrics ?? [];
  return only?.Expression === undefined || others.length > 0 ? undefined : parseInsights(only.Expression);
}

/**
 * Evaluates each time series of an alarm at the end of a period. One that has no data keeps its state; a new one that
 * does not breach is OK.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Acting_Alarm_Changes.html
 */
export function evaluateContributors(
  configuration: AlarmConfiguration,
  known: readonly AlarmContributor[],
  boundary: number,
  store: MetricStore,
): AlarmContributor[] {
  const query = insightsOf(configuration);
  if (!query) return [];
  const periodMilliseconds = periodOf(configuration) * 1000;
  const length = evaluationRange(configuration.EvaluationPeriods);
  const window = { start: boundary - length * periodMilliseconds, end: boundary };
  const rule = ruleOf(configuration);
  return runInsights(query, window, periodMilliseconds, store).map(({ attributes, points }) => {
    const id = createHash("sha256").update(JSON.stringify(attributes)).digest("hex").slice(0, 16);
    const before = known.find((one) => one.id === id);
    const range = Array.from({ length }, (_, index) => {
      const at = window.start + index * periodMilliseconds;
      const value = points.get(at);
      return value === undefined ? undefined : { at, value };
    });
    const evaluation = evaluateAlarm(rule, range);
    const state =
      evaluation.state === "ALARM" || evaluation.state === "OK" ? evaluation.state : (before?.state ?? "OK");
    if (before && state === before.state) return before;
    const reason = stateReason(rule, evaluation, state, configuration.DatapointsToAlarm !== undefined);
    return { id, attributes, state, reason, since: boundary };
  });
}
