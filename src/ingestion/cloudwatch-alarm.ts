/** The JSON that CloudWatch puts into an SNS message when a metric alarm changes state. */
import { z } from "zod";
import { type AlarmDetails, Alert, Comparison } from "../domain/alert.ts";
import { agreedDimensions, contributorDimensions, groupsOf } from "./agreed-dimensions.ts";
import { childrenOf, contributorOf, standsFor } from "./alarm-contributor.ts";
import { type Parsed, parseWith } from "./parse.ts";
import { isoTime, keyOf, resolveTarget, saying, type TriggerContext } from "./target-resolution.ts";

const Dimension = z.object({ name: z.string(), value: z.string() });

const Metric = z.object({
  MetricName: z.string(),
  Namespace: z.string(),
  Dimensions: z.array(Dimension).nullish(),
});

const Trigger = z.object({
  MetricName: z.string().nullish(),
  Namespace: z.string().nullish(),
  Statistic: z.string().nullish(),
  ExtendedStatistic: z.string().nullish(),
  Dimensions: z.array(Dimension).nullish(),
  Period: z.number().nullish(),
  EvaluationPeriods: z.number().nullish(),
  DatapointsToAlarm: z.number().nullish(),
  ComparisonOperator: z.string().nullish(),
  Threshold: z.number().nullish(),
  TreatMissingData: z.string().nullish(),
  Metrics: z
    .array(z.object({ Expression: z.string().nullish(), MetricStat: z.object({ Metric }).nullish() }))
    .nullish(),
});
type Trigger = z.infer<typeof Trigger>;

/** Only the fields that are used; `Region` is a display name and is ignored in favour of the ARN. */
export const CloudWatchAlarmMessage = z.object({
  AlarmName: z.string().min(1),
  AlarmDescription: z.string().nullish(),
  AlarmArn: z.string().nullish(),
  NewStateValue: z.enum(["ALARM", "OK", "INSUFFICIENT_DATA"]),
  NewStateReason: z.string().nullish(),
  StateChangeTime: z.string().refine((text) => isoTime(text) !== undefined, "not a time"),
  Trigger: Trigger.nullish(),
  AlarmContributorId: z.unknown().optional(),
  AlarmContributorAttributes: z.unknown().optional(),
  AlarmRule: z.string().nullish().catch(undefined),
  TriggeringChildren: z.unknown().optional(),
});
export type CloudWatchAlarmMessage = z.infer<typeof CloudWatchAlarmMessage>;

/** Reads a CloudWatch alarm message. `at` is the path under which it stood in the event. */
export function readCloudWatchAlarm(message: unknown, context: TriggerContext, at: string): Parsed<Alert> {
  const parsed = parseWith(CloudWatchAlarmMessage, message, at);
  if (!parsed.ok) return parsed;
  const alarm = parsed.value;
  const contributor = contributorOf(alarm.AlarmContributorId, alarm.AlarmContributorAttributes);
  const dimensions = dimensionsOf(alarm.Trigger);
  const named = { ...contributorDimensions(expressionsOf(alarm.Trigger), contributor), ...dimensions };
  const details = {
    ...detailsOf(alarm, dimensions),
    ...(contributor === undefined ? wholeOf(alarm) : { contributor }),
  };
  const firedAt = isoTime(alarm.StateChangeTime) ?? context.receivedAt;
  const region = alarm.AlarmArn?.split(":")[3];
  return parseWith(
    Alert,
    {
      key: keyOf(
        "cloudwatch",
        alarm.AlarmArn ?? alarm.AlarmName,
        firedAt,
        alarm.NewStateValue,
        ...(contributor === undefined ? [] : [contributor.id]),
      ),
      source: "cloudwatch-sns",
      state: alarm.NewStateValue,
      firedAt,
      receivedAt: context.receivedAt,
      title: alarm.AlarmName,
      ...saying(
        resolveTarget(
          { name: alarm.AlarmName, cluster: named["ClusterName"], service: named["ServiceName"] },
          context,
        ),
        standsFor(details),
      ),
      ...(region ? { region } : {}),
      alarm: details,
    },
    at,
  );
}

function detailsOf(alarm: CloudWatchAlarmMessage, dimensions: Record<string, string>): AlarmDetails {
  const trigger = alarm.Trigger;
  const comparison = Comparison.safeParse(trigger?.ComparisonOperator);
  const metric =
    trigger?.MetricName && trigger.Namespace
      ? { name: trigger.MetricName, namespace: trigger.Namespace }
      : undefined;
  return {
    name: alarm.AlarmName,
    ...(alarm.AlarmArn ? { arn: alarm.AlarmArn } : {}),
    ...(alarm.AlarmDescription ? { description: alarm.AlarmDescription } : {}),
    ...(alarm.NewStateReason ? { reason: alarm.NewStateReason } : {}),
    ...(metric && trigger
      ? {
          metric: {
            ...metric,
            dimensions,
            statistic: statisticOf(trigger),
            periodSeconds: wholeNumber(trigger.Period) ?? USUAL_PERIOD_SECONDS,
          },
        }
      : {}),
    ...(typeof trigger?.Threshold === "number" ? { threshold: trigger.Threshold } : {}),
    ...(comparison.success ? { comparison: comparison.data } : {}),
    ...positive("evaluationPeriods", trigger?.EvaluationPeriods),
    ...positive("datapointsToAlarm", trigger?.DatapointsToAlarm),
    ...(trigger?.TreatMissingData ? { treatMissingData: trigger.TreatMissingData } : {}),
    ...(alarm.AlarmRule ? { children: childrenOf(alarm.TriggeringChildren, alarm.AlarmRule) } : {}),
  };
}

const USUAL_PERIOD_SECONDS = 60;

/** Returns a number of seconds or periods, or undefined when it cannot be one. */
function wholeNumber(value: number | null | undefined): number | undefined {
  const rounded = Math.round(value ?? 0);
  return rounded >= 1 && Number.isSafeInteger(rounded) ? rounded : undefined;
}

function positive<K extends string>(name: K, value: number | null | undefined): { [P in K]?: number } {
  const whole = wholeNumber(value);
  return whole === undefined ? {} : ({ [name]: whole } as { [P in K]?: number });
}

/** SNS writes `MAXIMUM`, the CloudWatch API wants `Maximum`; percentiles stay as they are. */
function statisticOf(trigger: Trigger): string {
  if (trigger.ExtendedStatistic) return trigger.ExtendedStatistic;
  const name = (trigger.Statistic ?? "AVERAGE").toUpperCase();
  const known: Record<string, string> = {
    AVERAGE: "Average",
    SUM: "Sum",
    MINIMUM: "Minimum",
    MAXIMUM: "Maximum",
    SAMPLECOUNT: "SampleCount",
    SAMPLE_COUNT: "SampleCount",
  };
  return known[name] ?? "Average";
}

/** What a message about the alarm as a whole leaves to be found out. */
function wholeOf({ Trigger: trigger }: CloudWatchAlarmMessage): Pick<AlarmDetails, "groupedBy"> {
  const groupedBy = groupsOf(expressionsOf(trigger));
  return groupedBy === undefined ? {} : { groupedBy };
}

function expressionsOf(trigger: Trigger | null | undefined): string[] {
  return (trigger?.Metrics ?? []).flatMap(({ Expression }) => Expression ?? []);
}

/** A metric-math alarm has its dimensions on each metric. */
function dimensionsOf(trigger: Trigger | null | undefined): Record<string, string> {
  const ofMetrics = (trigger?.Metrics ?? []).flatMap((one) => one.MetricStat?.Metric.Dimensions ?? []);
  return agreedDimensions([...(trigger?.Dimensions ?? []), ...ofMetrics]);
}
