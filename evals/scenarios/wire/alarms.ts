/** The alarm: its description by CloudWatch and its history. */
import { json } from "../../../test/support/aws-stub-answers.ts";
import { OLDEST_MINUTE } from "../series.ts";
import type { AlarmSpec } from "../types.ts";
import { bandEdges } from "./anomaly-band.ts";
import type { Handlers } from "./handlers.ts";
import { metricIdentity, metricValues } from "./metrics.ts";
import { newestPoint, together } from "./points.ts";
import { scalingPolicy } from "./scaling.ts";
import type { Scene } from "./scene.ts";

/** The service's name is part of an alarm's name in most accounts. */
export function alarmName({ world, cluster }: Scene): string {
  const { ofScaling, name } = world.alarm;
  return ofScaling === undefined
    ? `${world.service}-${name}`
    : `TargetTracking-service/${cluster}/${world.service}-${ofScaling.end}-${ofScaling.id}`;
}

/** The one action of an alarm: the team's topic, or the policy that target tracking made it for. */
function alarmAction(scene: Scene): string {
  return scene.world.alarm.ofScaling === undefined
    ? scene.arn("sns", "ops-alarms")
    : scalingPolicy(scene).PolicyARN;
}

export function descriptionOf(scene: Scene): string | undefined {
  const { ofScaling, description } = scene.world.alarm;
  return ofScaling === undefined
    ? description
    : `DO NOT EDIT OR DELETE. For TargetTrackingScaling policy ${scalingPolicy(scene).PolicyARN}.`;
}

export const alarmArn = (scene: Scene) => scene.arn("cloudwatch", `alarm:${alarmName(scene)}`);
export const isPercentile = (statistic: string) => /^p\d/.test(statistic);

const WORDS = {
  GreaterThanThreshold: "greater than the threshold",
  GreaterThanOrEqualToThreshold: "greater than or equal to the threshold",
  LessThanThreshold: "less than the threshold",
  LessThanOrEqualToThreshold: "less than or equal to the threshold",
} as const;

/** The periods that the alarm evaluated when it fired, oldest first; missing ones are undefined. */
export function alarmDatapoints(scene: Scene): { readonly t: number; readonly v: number | undefined }[] {
  const { alarm } = scene.world;
  const values = metricValues(scene, alarm.metric, alarm.statistic);
  const period = alarm.periodSeconds * 1000;
  const base = newestPoint(scene);
  const newest = Math.floor(scene.time(alarm.fired) / period) * period - period;
  return Array.from({ length: alarm.evaluations }, (_, index) => {
    const t = newest - (alarm.evaluations - 1 - index) * period;
    const first = Math.round((t - base) / scene.minuteMs) - OLDEST_MINUTE;
    const inside = values.slice(first, first + period / scene.minuteMs).flatMap((value) => value ?? []);
    return { t, v: inside.length === 0 ? undefined : together(inside, alarm.statistic) };
  });
}

/** True when as many of the datapoints breach as the alarm wants, with missing ones as it treats them. */
export function alarmBreaches(scene: Scene): boolean {
  const { alarm } = scene.world;
  const breaching = alarmDatapoints(scene).filter(({ t, v }) => {
    if (v === undefined) return alarm.missing === "breaching";
    return isBeyond(v, alarm.comparison, lowerEdgeAt(scene, t) ?? alarm.threshold);
  });
  return breaching.length >= alarm.datapoints;
}

function isBeyond(value: number, comparison: AlarmSpec["comparison"], threshold: number): boolean {
  switch (comparison) {
    case "LessThanThreshold":
      return value < threshold;
    case "LessThanOrEqualToThreshold":
      return value <= threshold;
    case "GreaterThanThreshold":
      return value > threshold;
    case "GreaterThanOrEqualToThreshold":
      return value >= threshold;
  }
}

/** The lower edge of the alarm's band at a time; undefined for an alarm without one. */
function lowerEdgeAt(scene: Scene, t: number): number | undefined {
  return bandEdges(scene)?.lower[(t - newestPoint(scene)) / scene.minuteMs - OLDEST_MINUTE];
}

export function reasonOf(scene: Scene): string {
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
  if (alarm.band !== undefined) {
    const edges = known.toReversed().map(({ t }) => lowerEdgeAt(scene, t));
    return `Thresholds Crossed: ${shown.length} out of the last ${alarm.evaluations} datapoints [${shown.join(", ")}] were less than the lower thresholds [${edges.slice(0, alarm.datapoints).join(", ")}] ${of}.`;
  }
  const verb = alarm.datapoints > 1 ? "were" : "was";
  return `Threshold Crossed: ${shown.length} out of the last ${alarm.evaluations} datapoints [${shown.join(", ")}] ${verb} ${WORDS[alarm.comparison]} (${alarm.threshold.toFixed(1)}) ${of}.`;
}

/** DescribeAlarms and DescribeAlarmHistory of the case. */
export function alarmHandlers(scene: Scene): Handlers {
  const { alarm } = scene.world;
  const { namespace, name, dimensions } = metricIdentity(scene, alarm.metric);
  const recovered = alarm.okSince !== undefined;
  const description = descriptionOf(scene);
  const pairs = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const described = {
    AlarmName: alarmName(scene),
    AlarmArn: alarmArn(scene),
    ...(description === undefined ? {} : { AlarmDescription: description }),
    ActionsEnabled: true,
    AlarmActions: [alarmAction(scene)],
    StateValue: recovered ? "OK" : "ALARM",
    StateReason: recovered
      ? `Threshold Crossed: 1 out of the last ${alarm.evaluations} datapoints was not ${WORDS[alarm.comparison]} (${alarm.threshold.toFixed(1)}) (minimum 1 datapoint for ALARM -> OK transition).`
      : reasonOf(scene),
    StateUpdatedTimestamp: scene.seconds(alarm.okSince ?? alarm.fired),
    StateTransitionedTimestamp: scene.seconds(alarm.okSince ?? alarm.fired),
    ...(alarm.band === undefined
      ? {
          MetricName: name,
          Namespace: namespace,
          Dimensions: pairs,
          ...(isPercentile(alarm.statistic)
            ? { ExtendedStatistic: alarm.statistic }
            : { Statistic: alarm.statistic }),
          Period: alarm.periodSeconds,
          Threshold: alarm.threshold,
          ComparisonOperator: alarm.comparison,
        }
      : {
          ThresholdMetricId: "ad1",
          ComparisonOperator: "LessThanLowerThreshold",
          Metrics: bandQueries(alarm, { Namespace: namespace, MetricName: name, Dimensions: pairs }),
        }),
    EvaluationPeriods: alarm.evaluations,
    DatapointsToAlarm: alarm.datapoints,
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

/** A metric and its band, as DescribeAlarms and the notification have them. */
export function bandQueries(alarm: AlarmSpec, Metric: unknown) {
  return [
    {
      Id: "m1",
      MetricStat: { Metric, Period: alarm.periodSeconds, Stat: alarm.statistic },
      ReturnData: true,
    },
    { Id: "ad1", Expression: "ANOMALY_DETECTION_BAND(m1, 2)", ReturnData: true },
  ];
}
