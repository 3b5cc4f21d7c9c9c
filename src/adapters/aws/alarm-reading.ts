import type {
  AlarmContributor,
  AlarmHistoryItem,
  CompositeAlarm,
  Dimension,
  MetricAlarm,
  MetricDataQuery,
} from "@aws-sdk/client-cloudwatch";
import { z } from "zod";
import type {
  AlarmContributorReading,
  AlarmQueryReading,
  AlarmReading,
  AlarmTransitionReading,
} from "../../domain/reading.ts";
import { defined, isoTime } from "./defined.ts";

/**
 * Converts a metric alarm. One on metric math has no metric of its own, unless it is a single series; its queries are
 * kept as they are.
 */
export function toMetricAlarmReading(alarm: MetricAlarm): AlarmReading {
  const single = alarm.Metrics?.length === 1 ? alarm.Metrics[0]?.MetricStat : undefined;
  const dimensions = single?.Metric?.Dimensions ?? alarm.Dimensions;
  return defined({
    ...stateOf(alarm),
    namespace: alarm.Namespace ?? single?.Metric?.Namespace,
    metric: alarm.MetricName ?? single?.Metric?.MetricName,
    dimensions: dimensions && byName(dimensions),
    statistic: alarm.Statistic ?? alarm.ExtendedStatistic ?? single?.Stat,
    periodSeconds: alarm.Period ?? single?.Period,
    evaluationPeriods: alarm.EvaluationPeriods,
    datapointsToAlarm: alarm.DatapointsToAlarm,
    threshold: alarm.Threshold,
    comparison: alarm.ComparisonOperator,
    treatMissingData: alarm.TreatMissingData,
    queries: alarm.Metrics && alarm.Metrics.length > 0 && !single ? alarm.Metrics.map(toQuery) : undefined,
    bandQuery: alarm.ThresholdMetricId,
  });
}

function toQuery(query: MetricDataQuery): AlarmQueryReading {
  const { Metric: metric, Stat, Period, Unit } = query.MetricStat ?? {};
  return defined({
    id: query.Id ?? "",
    expression: query.Expression,
    label: query.Label,
    returnData: query.ReturnData,
    periodSeconds: query.Period,
    accountId: query.AccountId,
    metric:
      metric?.Namespace && metric.MetricName && Stat && Period
        ? defined({
            namespace: metric.Namespace,
            name: metric.MetricName,
            dimensions: byName(metric.Dimensions ?? []),
            statistic: Stat,
            periodSeconds: Period,
            unit: Unit,
          })
        : undefined,
  });
}

function byName(dimensions: readonly Dimension[]): Record<string, string> {
  return Object.fromEntries(dimensions.map(({ Name, Value }) => [Name ?? "", Value ?? ""]));
}

/** Converts a composite alarm: it has a state and a rule, but no metric and no threshold. */
export function toCompositeAlarmReading(alarm: CompositeAlarm): AlarmReading {
  return defined({ ...stateOf(alarm), rule: alarm.AlarmRule });
}

function stateOf(alarm: MetricAlarm | CompositeAlarm) {
  return {
    name: alarm.AlarmName ?? "",
    arn: alarm.AlarmArn,
    state: alarm.StateValue ?? "INSUFFICIENT_DATA",
    reason: alarm.StateReason,
    stateSince: isoTime(alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp),
    actions: alarm.AlarmActions && alarm.AlarmActions.length > 0 ? alarm.AlarmActions : undefined,
  };
}

/** Converts one series of an alarm on many; undefined without an id. */
export function toContributorReading(one: AlarmContributor): AlarmContributorReading | undefined {
  if (!one.ContributorId) return undefined;
  return defined({
    id: one.ContributorId,
    attributes: { ...one.ContributorAttributes },
    reason: one.StateReason || undefined,
    stateSince: isoTime(one.StateTransitionedTimestamp),
  });
}

/** A contributor is in ALARM or OK and has no third state, so that its new state tells the old one. */
const HistoryData = z.object({
  oldState: z.object({ stateValue: z.string() }).nullish(),
  newState: z.object({ stateValue: z.string() }),
});

/** Converts a history item to a change of state, from its data, else its summary; undefined when neither has it. */
export function toTransition(item: AlarmHistoryItem): AlarmTransitionReading | undefined {
  const at = isoTime(item.Timestamp);
  const change =
    fromData(item.HistoryData, Boolean(item.AlarmContributorId)) ?? fromSummary(item.HistorySummary);
  return at && change ? { at, ...change } : undefined;
}

function fromData(text: string | undefined, contributor: boolean) {
  try {
    const { oldState, newState } = HistoryData.parse(JSON.parse(text ?? ""));
    const to = newState.stateValue;
    if (oldState) return { from: oldState.stateValue, to };
    return contributor ? { from: to === "ALARM" ? "OK" : "ALARM", to } : undefined;
  } catch {
    return undefined;
  }
}

function fromSummary(text: string | undefined) {
  const [, from, to] =
    /\bfrom (OK|ALARM|INSUFFICIENT_DATA) to (OK|ALARM|INSUFFICIENT_DATA)\b/.exec(text ?? "") ?? [];
  return from && to ? { from, to } : undefined;
}
