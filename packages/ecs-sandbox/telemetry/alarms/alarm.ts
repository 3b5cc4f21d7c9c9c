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

const CommonConfiguration = z.object({
  AlarmName: z.string().min(1).max(255),
  AlarmDescription: z.string().max(1024).optional(),
  ActionsEnabled: z.boolean().default(true),
  OKActions: ActionList,
  AlarmActions: ActionList,
  InsufficientDataActions: ActionList,
});

/** A metric alarm as PutMetricAlarm configures it. */
export const AlarmConfiguration = CommonConfiguration.extend({
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

/** A composite alarm as PutCompositeAlarm configures it. Periods are seconds. */
export const CompositeConfiguration = CommonConfiguration.extend({
  AlarmRule: z.string().min(1).max(10_240),
  ActionsSuppressor: z.string().min(1).max(1600).optional(),
  ActionsSuppressorWaitPeriod: z.number().int().min(0).optional(),
  ActionsSuppressorExtensionPeriod: z.number().int().min(0).optional(),
});
export type CompositeConfiguration = z.infer<typeof CompositeConfiguration>;

/** The state of any alarm. Instants are epoch milliseconds. */
interface AlarmStatus {
  readonly arn: string;
  readonly configurationUpdatedAt: number;
  readonly state: AlarmState;
  readonly stateReason: string;
  /** JSON text; absent until the first evaluation. */
  readonly stateReasonData: string | undefined;
  readonly stateUpdatedAt: number;
  readonly stateTransitionedAt: number;
}

/** An alarm on a metric or on an expression over metrics. */
export interface MetricAlarm extends AlarmStatus {
  readonly kind: "MetricAlarm";
  readonly configuration: AlarmConfiguration;
}

/** An alarm on the states of other alarms. */
export interface CompositeAlarm extends AlarmStatus {
  readonly kind: "CompositeAlarm";
  readonly configuration: CompositeConfiguration;
  /** The alarms whose change gave it its state; none where a person set the state. */
  readonly triggeredBy: readonly ChildState[];
  readonly suppression: Suppression | undefined;
}

export type Alarm = MetricAlarm | CompositeAlarm;

/** The state that an alarm below a composite alarm had at an instant. */
export interface ChildState {
  readonly arn: string;
  readonly state: AlarmState;
  readonly at: number;
}

/** Why the actions of a composite alarm are suppressed. `told` is the last state whose actions were due. */
export type Suppression =
  | { readonly by: "Alarm"; readonly told: AlarmState }
  | { readonly by: "WaitPeriod" | "ExtensionPeriod"; readonly told: AlarmState; readonly until: number };

/** A state that an alarm should have, and why. */
export interface StateChange {
  readonly state: AlarmState;
  readonly reason: string;
  readonly reasonData: string | undefined;
  readonly triggeredBy?: readonly ChildState[];
}

/** One time series of an alarm over several. `since` is epoch milliseconds. */
export interface AlarmContributor {
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly state: Extract<AlarmState, "OK" | "ALARM">;
  readonly reason: string;
  readonly since: number;
}
