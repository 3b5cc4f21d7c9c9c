import { z } from "zod";
import { DimensionList } from "../metrics/metric-id.ts";
import { MetricDataQuery } from "../metrics/metric-query.ts";
import { BASIC_STATISTICS } from "../metrics/statistic.ts";

export const AlarmState = z.enum(["OK", "ALARM", "INSUFFICIENT_DATA"]);
export type AlarmState = z.infer<typeof AlarmState>;

/** How periods without data count. */
export const MissingDataTreatment = z.enum(["missing", "notBreaching", "breaching", "ignore"]);
export type MissingDataTreatment = z.infer<typeof MissingDataTreatment>;

/** The comparisons with a fixed threshold; anomaly-detection bands are not part of the sandbox. */
export const ComparisonOperator = z.enum([
  "GreaterThanThreshold",
  "GreaterThanOrEqualToThreshold",
  "LessThanThreshold",
  "LessThanOrEqualToThreshold",
]);
export type ComparisonOperator = z.infer<typeof ComparisonOperator>;

const ActionList = z.array(z.string().startsWith("arn:")).max(5).default([]);

/** A metric alarm as PutMetricAlarm configures it. */
export const AlarmConfiguration = z.object({
  AlarmName: z.string().min(1).max(255),
  AlarmDescription: z.string().max(1024).optional(),
  ActionsEnabled: z.boolean().default(true),
  OKActions: ActionList,
  AlarmActions: ActionList,
  InsufficientDataActions: ActionList,
  MetricName: z.string().min(1).optional(),
  Namespace: z.string().min(1).optional(),
  Statistic: z.enum(BASIC_STATISTICS).optional(),
  ExtendedStatistic: z.string().optional(),
  Dimensions: DimensionList.default([]),
  Period: z.number().int().optional(),
  Unit: z.string().optional(),
  EvaluationPeriods: z.number().int().min(1),
  DatapointsToAlarm: z.number().int().min(1).optional(),
  Threshold: z.number(),
  ComparisonOperator,
  TreatMissingData: MissingDataTreatment.optional(),
  EvaluateLowSampleCountPercentile: z.enum(["evaluate", "ignore"]).optional(),
  Metrics: z.array(MetricDataQuery).max(20).optional(),
});
export type AlarmConfiguration = z.infer<typeof AlarmConfiguration>;

/** An alarm and its state. Instants are epoch milliseconds. */
export interface Alarm {
  readonly configuration: AlarmConfiguration;
  readonly arn: string;
  readonly configurationUpdatedAt: number;
  readonly state: AlarmState;
  readonly stateReason: string;
  /** JSON text; absent until the first evaluation. */
  readonly stateReasonData: string | undefined;
  readonly stateUpdatedAt: number;
  readonly stateTransitionedAt: number;
}

/** A state that an alarm should have, and why. */
export interface StateChange {
  readonly state: AlarmState;
  readonly reason: string;
  readonly reasonData: string | undefined;
}
