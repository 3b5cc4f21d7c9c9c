/** The alarm: its description by CloudWatch, its history, and the SNS event that starts the agent. */
import { json } from "../../../test/support/aws-stub-answers.ts";
import { OLDEST_MINUTE } from "../series.ts";
import type { Handlers } from "./handlers.ts";
import { metricIdentity, metricValues, together } from "./metrics.ts";
import type { Scene } from "./scene.ts";

/** The service's name is part of an alarm's name in most accounts. */
export const alarmName = (scene: Scene) => `${scene.world.service}-${scene.world.alarm.name}`;

const alarmArn = (scene: Scene) => scene.arn("cloudwatch", `alarm:${alarmName(scene)}`);
const isPercentile = (statistic: string) => /^p\d/.test(statistic);

const WORDS = {
  GreaterThanThreshold: "greater than the threshold",
  GreaterThanOrEqualToThreshold: "greater than or equal to the threshold",
  LessThanThreshold: "less than the threshold",
} as const;

/** The periods that the alarm evaluated when it fired, oldest first; missing ones are undefined. */
export function alarmDatapoints(scene: Scene): { readonly t: number; readonly v: number | undefined }[] {
  const { alarm } = scene.world;
  const values = metricValues(scene, alarm.metric, alarm.statistic);
  const period = alarm.periodSeconds * 1000;
  const base = Math.floor(scene.now / 60_000) * 60_000;
  const newest = Math.floor(scene.time(alarm.fired) / period) * period - period;
  return Array.from({ length: alarm.evaluations }, (_, index) => {
    const t = newest - (alarm.evaluations - 1 - index) * period;
    const first = (t - base) / 60_000 - OLDEST_MINUTE;
    const inside = values.slice(first, first + alarm.periodSeconds / 60).flatMap((value) => value ?? []);
    return { t, v: inside.length === 0 ? undefined : together(inside, alarm.statistic) };
  });
}

/** True when as many of the datapoints breach as the alarm wants, with missing ones as it treats them. */
export function alarmBreaches(scene: Scene): boolean {
  const { alarm } = scene.world;
  const breaching = alarmDatapoints(scene).filter(({ v }) => {
    if (v === undefined) return alarm.missing === "breaching";
    if (alarm.comparison === "LessThanThreshold") return v < alarm.threshold;
    return alarm.comparison === "GreaterThanThreshold" ? v > alarm.threshold : v >= alarm.threshold;
  });
  return breaching.length >= alarm.datapoints;
}

function reasonOf(scene: Scene): string {
  const { alarm } = scene.world;
  const known = alarmDatapoints(scene).filter(({ v }) => v !== undefined);
  const of = `(minimum ${alarm.datapoints} datapoint${alarm.datapoints > 1 ? "s" : ""} for OK -> ALARM transition)`;
  if (known.length === 0) {
    return `Threshold Crossed: no datapoints were received for ${alarm.evaluations} periods and ${alarm.evaluations} missing datapoints were treated as [Breaching].`;
  }
  const shown = known
    .toReversed()
    .slice(0, alarm.datapoints)
    .map(({ t, v }) => {
      const [date = "", clock = ""] = new Date(t).toISOString().split(/[T.]/);
      const [year = "", month, day] = date.split("-");
      return `${v} (${day}/${month}/${year.slice(2)} ${clock})`;
    });
  const verb = alarm.datapoints > 1 ? "were" : "was";
  return `Threshold Crossed: ${shown.length} out of the last ${alarm.evaluations} datapoints [${shown.join(", ")}] ${verb} ${WORDS[alarm.comparison]} (${alarm.threshold.toFixed(1)}) ${of}.`;
}

/** DescribeAlarms and DescribeAlarmHistory of the case. */
export function alarmHandlers(scene: Scene): Handlers {
  const { alarm } = scene.world;
  const { namespace, name, dimensions } = metricIdentity(scene, alarm.metric);
  const recovered = alarm.okSince !== undefined;
  const described = {
    AlarmName: alarmName(scene),
    AlarmArn: alarmArn(scene),
    ...(alarm.description === undefined ? {} : { AlarmDescription: alarm.description }),
    ActionsEnabled: true,
    AlarmActions: [scene.arn("sns", "ops-alarms")],
    StateValue: recovered ? "OK" : "ALARM",
    StateReason: recovered
      ? `Threshold Crossed: 1 out of the last ${alarm.evaluations} datapoints was not ${WORDS[alarm.comparison]} (${alarm.threshold.toFixed(1)}) (minimum 1 datapoint for ALARM -> OK transition).`
      : reasonOf(scene),
    StateUpdatedTimestamp: scene.seconds(alarm.okSince ?? alarm.fired),
    StateTransitionedTimestamp: scene.seconds(alarm.okSince ?? alarm.fired),
    MetricName: name,
    Namespace: namespace,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    ...(isPercentile(alarm.statistic)
      ? { ExtendedStatistic: alarm.statistic }
      : { Statistic: alarm.statistic }),
    Period: alarm.periodSeconds,
    EvaluationPeriods: alarm.evaluations,
    DatapointsToAlarm: alarm.datapoints,
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    TreatMissingData: alarm.missing,
  };
  const changes = [
    ...alarm.history,
    [alarm.fired, "ALARM"] as const,
    ...(alarm.okSince === undefined ? [] : [[alarm.okSince, "OK"] as const]),
  ].toSorted(([one], [other]) => one - other);
  const items = changes.map(([minute, to], index) => {
    const from = changes[index - 1]?.[1] ?? (to === "ALARM" ? "OK" : "ALARM");
    return {
      AlarmName: alarmName(scene),
      AlarmType: "MetricAlarm",
      Timestamp: scene.seconds(minute),
      HistoryItemType: "StateUpdate",
      HistorySummary: `Alarm updated from ${from} to ${to}`,
      HistoryData: JSON.stringify({
        version: "1.0",
        oldState: { stateValue: from },
        newState: { stateValue: to },
      }),
    };
  });
  return {
    DescribeAlarms: () => json({ MetricAlarms: [described], CompositeAlarms: [] }),
    DescribeAlarmHistory: (input) =>
      json({
        AlarmHistoryItems: items
          .filter(
            ({ Timestamp }) =>
              Timestamp >= Number(input["StartDate"] ?? 0) &&
              Timestamp <= Number(input["EndDate"] ?? Infinity),
          )
          .toReversed(),
      }),
  };
}

const SNS_STATISTIC: Readonly<Record<string, string>> = {
  Average: "AVERAGE",
  Sum: "SUM",
  Maximum: "MAXIMUM",
  Minimum: "MINIMUM",
};

/** The event as Lambda gets it from SNS. */
export function alarmEvent(scene: Scene): unknown {
  const { alarm } = scene.world;
  const { namespace, name, dimensions } = metricIdentity(scene, alarm.metric);
  const changed = new Date(Math.round(scene.time(alarm.fired))).toISOString().replace("Z", "+0000");
  const message = {
    AlarmName: alarmName(scene),
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: "112233445566",
    AlarmConfigurationUpdatedTimestamp: "2026-02-11T09:14:02.121+0000",
    NewStateValue: "ALARM",
    NewStateReason: reasonOf(scene),
    StateChangeTime: changed,
    Region: "EU (Ireland)",
    AlarmArn: alarmArn(scene),
    OldStateValue: "OK",
    OKActions: [],
    AlarmActions: [scene.arn("sns", "ops-alarms")],
    InsufficientDataActions: [],
    Trigger: {
      MetricName: name,
      Namespace: namespace,
      ...(isPercentile(alarm.statistic)
        ? { StatisticType: "ExtendedStatistic", ExtendedStatistic: alarm.statistic }
        : { StatisticType: "Statistic", Statistic: SNS_STATISTIC[alarm.statistic] }),
      Unit: null,
      Dimensions: Object.entries(dimensions).map(([key, value]) => ({ name: key, value })),
      Period: alarm.periodSeconds,
      EvaluationPeriods: alarm.evaluations,
      DatapointsToAlarm: alarm.datapoints,
      ComparisonOperator: alarm.comparison,
      Threshold: alarm.threshold,
      TreatMissingData: alarm.missing,
      EvaluateLowSampleCountPercentile: "",
    },
  };
  return {
    Records: [
      {
        EventSource: "aws:sns",
        EventVersion: "1.0",
        EventSubscriptionArn: scene.arn("sns", "ops-alarms:5a6b"),
        Sns: {
          Type: "Notification",
          MessageId: scene.targetGroup.slice(-16),
          TopicArn: scene.arn("sns", "ops-alarms"),
          Subject: `ALARM: "${alarmName(scene)}" in EU (Ireland)`,
          Message: JSON.stringify(message),
          Timestamp: new Date(Math.round(scene.time(alarm.fired)) + 120).toISOString(),
        },
      },
    ],
  };
}
