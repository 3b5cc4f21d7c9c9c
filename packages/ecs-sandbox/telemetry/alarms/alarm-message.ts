import type { MetricDataQuery } from "../metrics/metric-query.ts";
import { toAlarmTimestamp } from "../shared/format.ts";
import type {
  Alarm,
  AlarmConfiguration,
  AlarmContributor,
  AlarmState,
  CompositeAlarm,
  MetricAlarm,
} from "./alarm.ts";

/** The SNS limit on a subject. */
const MAXIMUM_SUBJECT_LENGTH = 100;

/** Notifications name the Region by its display name. */
const REGION_NAMES: Readonly<Record<string, string>> = {
  "us-east-1": "US East (N. Virginia)",
  "us-east-2": "US East (Ohio)",
  "us-west-1": "US West (N. California)",
  "us-west-2": "US West (Oregon)",
  "eu-west-1": "EU (Ireland)",
  "eu-central-1": "EU (Frankfurt)",
};

/** Where an alarm lives. */
export interface AlarmOwner {
  readonly region: string;
  readonly accountId: string;
}

/** `ALARM: "name" in US East (N. Virginia)`, cut to what SNS takes. */
export function alarmSubject(alarm: Alarm, owner: AlarmOwner): string {
  const subject = `${alarm.state}: "${alarm.configuration.AlarmName}" in ${regionName(owner)}`;
  return subject.slice(0, MAXIMUM_SUBJECT_LENGTH);
}

/** A notification names no more of the alarms below a composite alarm. */
const MAXIMUM_TRIGGERING_CHILDREN = 10;

/**
 * The JSON text that CloudWatch publishes when an alarm has changed its state. Members and their order follow
 * captured notifications; AWS documents no schema.
 */
export function alarmMessage(
  alarm: Alarm,
  oldState: AlarmState,
  owner: AlarmOwner,
  contributor?: AlarmContributor,
): string {
  return JSON.stringify(
    alarm.kind === "MetricAlarm"
      ? metricMessage(alarm, oldState, owner, contributor)
      : compositeMessage(alarm, oldState, owner),
  );
}

function metricMessage(
  alarm: MetricAlarm,
  oldState: AlarmState,
  owner: AlarmOwner,
  contributor: AlarmContributor | undefined,
): unknown {
  const { configuration } = alarm;
  return {
    AlarmName: configuration.AlarmName,
    ...(contributor && {
      AlarmContributorId: contributor.id,
      AlarmContributorAttributes: contributor.attributes,
    }),
    AlarmDescription: configuration.AlarmDescription ?? null,
    AWSAccountId: owner.accountId,
    AlarmConfigurationUpdatedTimestamp: toAlarmTimestamp(alarm.configurationUpdatedAt),
    NewStateValue: alarm.state,
    NewStateReason: alarm.stateReason,
    StateChangeTime: toAlarmTimestamp(alarm.stateUpdatedAt),
    Region: regionName(owner),
    AlarmArn: alarm.arn,
    OldStateValue: oldState,
    OKActions: configuration.OKActions,
    AlarmActions: configuration.AlarmActions,
    InsufficientDataActions: configuration.InsufficientDataActions,
    Trigger: trigger(configuration),
  };
}

function compositeMessage(alarm: CompositeAlarm, oldState: AlarmState, owner: AlarmOwner): unknown {
  const { configuration, triggeredBy } = alarm;
  return {
    AlarmName: configuration.AlarmName,
    AlarmDescription: configuration.AlarmDescription ?? null,
    AWSAccountId: owner.accountId,
    NewStateValue: alarm.state,
    NewStateReason: alarm.stateReason,
    StateChangeTime: toAlarmTimestamp(alarm.stateUpdatedAt),
    Region: regionName(owner),
    AlarmArn: alarm.arn,
    OKActions: configuration.OKActions,
    AlarmActions: configuration.AlarmActions,
    InsufficientDataActions: configuration.InsufficientDataActions,
    OldStateValue: oldState,
    AlarmRule: configuration.AlarmRule,
    TriggeringChildren: triggeredBy.slice(0, MAXIMUM_TRIGGERING_CHILDREN).map(({ arn, state, at }) => ({
      Arn: arn,
      State: { Value: state, Timestamp: toAlarmTimestamp(at) },
    })),
  };
}

function trigger(configuration: AlarmConfiguration): unknown {
  const watched = configuration.Metrics === undefined ? singleMetric(configuration) : {};
  const periods = (configuration.Metrics ?? []).flatMap(
    ({ MetricStat, Period }) => MetricStat?.Period ?? Period ?? [],
  );
  return {
    ...watched,
    Period: configuration.Period ?? Math.max(1, ...periods),
    EvaluationPeriods: configuration.EvaluationPeriods,
    ...(configuration.DatapointsToAlarm !== undefined && {
      DatapointsToAlarm: configuration.DatapointsToAlarm,
    }),
    ComparisonOperator: configuration.ComparisonOperator,
    Threshold: configuration.Threshold,
    TreatMissingData: configuration.TreatMissingData ?? "missing",
    EvaluateLowSampleCountPercentile: configuration.EvaluateLowSampleCountPercentile ?? "",
    ...(configuration.Metrics !== undefined && { Metrics: configuration.Metrics.map(metricOfExpression) }),
  };
}

function singleMetric(configuration: AlarmConfiguration): Record<string, unknown> {
  const statistic =
    configuration.ExtendedStatistic === undefined
      ? { StatisticType: "Statistic", Statistic: statisticName(configuration.Statistic) }
      : { StatisticType: "ExtendedStatistic", ExtendedStatistic: configuration.ExtendedStatistic };
  return {
    MetricName: configuration.MetricName,
    Namespace: configuration.Namespace,
    ...statistic,
    Unit: configuration.Unit ?? null,
    Dimensions: configuration.Dimensions.map(toNotificationDimension),
  };
}

/** `SampleCount` to `SAMPLE_COUNT`. */
function statisticName(statistic: string | undefined): string {
  return (statistic ?? "").replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();
}

function metricOfExpression({ Id, Label, Expression, MetricStat, ReturnData }: MetricDataQuery): unknown {
  return {
    ...(Expression !== undefined && { Expression }),
    Id,
    ...(Label !== undefined && { Label }),
    ...(MetricStat !== undefined && {
      MetricStat: {
        Metric: {
          Dimensions: (MetricStat.Metric.Dimensions ?? []).map(toNotificationDimension),
          MetricName: MetricStat.Metric.MetricName,
          Namespace: MetricStat.Metric.Namespace,
        },
        Period: MetricStat.Period,
        Stat: MetricStat.Stat,
        ...(MetricStat.Unit !== undefined && { Unit: MetricStat.Unit }),
      },
    }),
    ReturnData: ReturnData ?? true,
  };
}

/** Notifications write dimensions in lower case and the value first. */
function toNotificationDimension({ Name, Value }: { Name: string; Value: string }): unknown {
  return { value: Value, name: Name };
}

function regionName({ region }: AlarmOwner): string {
  return REGION_NAMES[region] ?? region;
}
