import { z } from "zod";
import { Target } from "./target.ts";

/** The comparison of an alarm's metric with its threshold or its anomaly band, as CloudWatch names it. */
export const Comparison = z.enum([
  "GreaterThanThreshold",
  "GreaterThanOrEqualToThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
  "GreaterThanUpperThreshold",
  "LessThanLowerThreshold",
  "LessThanLowerOrGreaterThanUpperThreshold",
]);
export type Comparison = z.infer<typeof Comparison>;

/** Identifies one CloudWatch series. Period in seconds. Statistic as CloudWatch names it (`Average`, `p99`). */
export const MetricIdentity = z.object({
  namespace: z.string(),
  name: z.string(),
  dimensions: z.record(z.string(), z.string()),
  statistic: z.string(),
  periodSeconds: z.number().int().positive(),
});
export type MetricIdentity = z.infer<typeof MetricIdentity>;

/**
 * One series of an alarm that watches many and notifies for each. A message names it; whether it is in ALARM, AWS says.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_AlarmContributor.html
 */
export const AlarmContributor = z.object({
  id: z.string().min(1),
  attributes: z.record(z.string(), z.string()),
});
export type AlarmContributor = z.infer<typeof AlarmContributor>;

/** What is known of the alarm behind an alert; the simple form has none. */
export const AlarmDetails = z.object({
  name: z.string(),
  arn: z.string().optional(),
  description: z.string().optional(),
  reason: z.string().optional(),
  metric: MetricIdentity.optional(),
  threshold: z.number().optional(),
  comparison: Comparison.optional(),
  evaluationPeriods: z.number().int().positive().optional(),
  datapointsToAlarm: z.number().int().positive().optional(),
  treatMissingData: z.string().optional(),
  contributor: AlarmContributor.optional(),
  /** Of a composite alarm: the alarms that set it off, as the message names them; empty where it names none. */
  children: z.array(z.string()).optional(),
  /** Of an alarm on many series as a whole: the dimensions that tell them apart. */
  groupedBy: z.array(z.string()).optional(),
});
export type AlarmDetails = z.infer<typeof AlarmDetails>;

/**
 * One alarm as OpsAgent sees it, whoever sent it.
 * `key` is the idempotency key: the same state change gives the same key however often it is delivered.
 */
export const Alert = z.object({
  key: z.string().min(1),
  source: z.enum([
    "cloudwatch-sns",
    "simple-sns",
    "cloudwatch-eventbridge",
    "cloudwatch-lambda",
    "ecs-event",
    "alertmanager",
    "grafana",
    "unreadable",
  ]),
  state: z.enum(["ALARM", "OK", "INSUFFICIENT_DATA"]),
  firedAt: z.iso.datetime(),
  receivedAt: z.iso.datetime(),
  title: z.string(),
  target: Target.optional(),
  /** Why there is no target, or why the one named was refused. */
  targetProblem: z.string().optional(),
  region: z.string().optional(),
  alarm: AlarmDetails.optional(),
  reported: z.object({ metric: z.string(), value: z.number(), threshold: z.number() }).optional(),
});
export type Alert = z.infer<typeof Alert>;
