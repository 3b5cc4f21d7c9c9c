import type { MetricDataQuery } from "../metrics/metric-query.ts";
import { toAlarmTimestamp } from "../shared/format.ts";
import type { AlarmConfiguration, AlarmState, MetricAlarm } from "./alarm.ts";
import type { AlarmOwner } from "./alarm-message.ts";

/** What an alarm was before it changed. */
export interface PreviousState {
  readonly state: AlarmState;
  readonly reason: string;
  readonly reasonData: string | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
}

/**
 * `CloudWatch Alarm State Change`, which EventBridge has of every alarm, whatever its actions are: also of those that
 * Application Auto Scaling makes for itself.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
 */
export function alarmEvent(
  alarm: MetricAlarm,
  before: PreviousState,
  owner: AlarmOwner,
  id: string,
): unknown {
  const { configuration } = alarm;
  return {
    version: "0",
    id,
    "detail-type": "CloudWatch Alarm State Change",
    source: "aws.cloudwatch",
    account: owner.accountId,
    time: new Date(alarm.stateUpdatedAt).toISOString(),
    region: owner.region,
    resources: [alarm.arn],
    detail: {
      alarmName: configuration.AlarmName,
      configuration: {
        ...(configuration.AlarmDescription === undefined
          ? {}
          : { description: configuration.AlarmDescription }),
        metrics: metricsOf(configuration),
      },
      previousState: stateOf(before),
      state: stateOf({
        state: alarm.state,
        reason: alarm.stateReason,
        reasonData: alarm.stateReasonData,
        at: alarm.stateUpdatedAt,
      }),
    },
  };
}

function stateOf({ state, reason, reasonData, at }: PreviousState) {
  return {
    value: state,
    reason,
    ...(reasonData === undefined ? {} : { reasonData }),
    timestamp: toAlarmTimestamp(at),
  };
}

function metricsOf(configuration: AlarmConfiguration): readonly unknown[] {
  if (configuration.Metrics !== undefined) return configuration.Metrics.map(queryView);
  const { Namespace, MetricName, Dimensions, Period, Statistic, ExtendedStatistic } = configuration;
  return [
    {
      id: "m1",
      metricStat: {
        metric: { namespace: Namespace, name: MetricName, dimensions: recordOf(Dimensions) },
        period: Period,
        stat: ExtendedStatistic ?? Statistic,
      },
      returnData: true,
    },
  ];
}

function queryView({ Id, Label, Expression, MetricStat, ReturnData }: MetricDataQuery): unknown {
  return {
    id: Id,
    ...(Label === undefined ? {} : { label: Label }),
    ...(Expression === undefined ? {} : { expression: Expression }),
    ...(MetricStat === undefined
      ? {}
      : {
          metricStat: {
            metric: {
              namespace: MetricStat.Metric.Namespace,
              name: MetricStat.Metric.MetricName,
              dimensions: recordOf(MetricStat.Metric.Dimensions ?? []),
            },
            period: MetricStat.Period,
            stat: MetricStat.Stat,
          },
        }),
    returnData: ReturnData ?? true,
  };
}

function recordOf(dimensions: readonly { readonly Name: string; readonly Value: string }[]) {
  return Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value]));
}
