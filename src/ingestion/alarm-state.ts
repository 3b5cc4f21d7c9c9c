/** An alarm's state as CloudWatch gives it to EventBridge (`detail`) and to Lambda (`alarmData`): the same form. */
import { z } from "zod";
import { type AlarmDetails, Alert, type Comparison } from "../domain/alert.ts";
import { agreedDimensions, contributorDimensions, groupsOf } from "./agreed-dimensions.ts";
import { childrenOf, contributorIn, standsFor } from "./alarm-contributor.ts";
import { type Parsed, parseWith } from "./parse.ts";
import { isoTime, keyOf, resolveTarget, saying, type TriggerContext } from "./target-resolution.ts";

const MetricStat = z.object({
  metric: z.object({
    namespace: z.string().nullish(),
    name: z.string().nullish(),
    dimensions: z.record(z.string(), z.string()).nullish(),
  }),
  period: z.number().nullish(),
  stat: z.string().nullish(),
});
type MetricStat = z.infer<typeof MetricStat>;

/** Only the fields that are used. A composite alarm has no metrics; metric math has several and an expression. */
export const AlarmState = z.object({
  alarmName: z.string().min(1),
  state: z.object({
    value: z.enum(["ALARM", "OK", "INSUFFICIENT_DATA"]),
    reason: z.string().nullish(),
    reasonData: z.string().nullish(),
    timestamp: z.string().refine((text) => isoTime(text) !== undefined, "not a time"),
  }),
  alarmContributor: z.unknown().optional(),
  configuration: z
    .object({
      description: z.string().nullish(),
      alarmRule: z.string().nullish().catch(undefined),
      metrics: z
        .array(z.object({ expression: z.string().nullish(), metricStat: MetricStat.nullish() }))
        .nullish(),
    })
    .nullish(),
});
export type AlarmState = z.infer<typeof AlarmState>;

/** The fields around the state. */
interface AlarmEnvelope {
  readonly source: Alert["source"];
  readonly arn: string | undefined;
}

/** Reads a state. The key equals that of the alarm's SNS message, so that both paths give one alert. */
export function readAlarmState(
  alarm: AlarmState,
  { source, arn }: AlarmEnvelope,
  context: TriggerContext,
  at: string,
): Parsed<Alert> {
  const { alarmName, state, configuration } = alarm;
  const stats = (configuration?.metrics ?? []).flatMap(({ metricStat }) => metricStat ?? []);
  const dimensions = agreedDimensions(
    stats.flatMap(({ metric }) =>
      Object.entries(metric.dimensions ?? {}).map(([name, value]) => ({ name, value })),
    ),
  );
  const contributor = contributorIn(alarm.alarmContributor);
  const expressions = (configuration?.metrics ?? []).flatMap(({ expression }) => expression ?? []);
  const named = { ...contributorDimensions(expressions, contributor), ...dimensions };
  const groupedBy = contributor === undefined ? groupsOf(expressions) : undefined;
  const rule = configuration?.alarmRule;
  const others = {
    ...(contributor === undefined ? {} : { contributor }),
    ...(groupedBy === undefined ? {} : { groupedBy }),
    ...(rule ? { children: childrenOf(triggeringIn(state.reasonData), rule) } : {}),
  };
  const firedAt = isoTime(state.timestamp) ?? context.receivedAt;
  const region = arn?.split(":")[3];
  return parseWith(
    Alert,
    {
      key: keyOf(
        "cloudwatch",
        arn ?? alarmName,
        firedAt,
        state.value,
        ...(contributor === undefined ? [] : [contributor.id]),
      ),
      source,
      state: state.value,
      firedAt,
      receivedAt: context.receivedAt,
      title: alarmName,
      ...saying(
        resolveTarget(
          { name: alarmName, cluster: named["ClusterName"], service: named["ServiceName"] },
          context,
        ),
        standsFor(others),
      ),
      ...(region ? { region } : {}),
      alarm: {
        name: alarmName,
        ...(arn === undefined ? {} : { arn }),
        ...(configuration?.description ? { description: configuration.description } : {}),
        ...(state.reason ? { reason: state.reason } : {}),
        ...metricOf(alarm, stats),
        ...thresholdOf(state.reasonData, state.reason),
        ...others,
      },
    },
    at,
  );
}

const USUAL_PERIOD_SECONDS = 60;

/** Returns the one metric of a plain alarm; metric math and composite alarms have none that can be read by name. */
function metricOf({ configuration }: AlarmState, stats: readonly MetricStat[]): Partial<AlarmDetails> {
  const [only] = stats;
  const entries = configuration?.metrics ?? [];
  if (only === undefined || entries.length > 1) return {};
  const { namespace, name, dimensions } = only.metric;
  if (!namespace || !name) return {};
  const period = Math.round(only.period ?? 0);
  return {
    metric: {
      namespace,
      name,
      dimensions: dimensions ?? {},
      statistic: only.stat || "Average",
      periodSeconds: period >= 1 && Number.isSafeInteger(period) ? period : USUAL_PERIOD_SECONDS,
    },
  };
}

const ReasonData = z.object({ threshold: z.number().nullish() });

/**
 * The threshold is in `reasonData`, the comparison only in the reason's text: "... was greater than or equal to the
 * threshold (80.0) ...".
 */
function thresholdOf(
  reasonData: string | null | undefined,
  reason: string | null | undefined,
): Partial<AlarmDetails> {
  const parsed = ReasonData.safeParse(jsonOf(reasonData));
  const threshold = parsed.success ? parsed.data.threshold : undefined;
  if (typeof threshold !== "number") return {};
  const comparison = comparisonIn(reason ?? "");
  return { threshold, ...(comparison === undefined ? {} : { comparison }) };
}

/** A composite alarm's children stand in its reason's data. */
function triggeringIn(reasonData: string | null | undefined): unknown {
  const parsed = z.object({ triggeringAlarms: z.unknown().optional() }).safeParse(jsonOf(reasonData));
  return parsed.success ? parsed.data.triggeringAlarms : undefined;
}

/** In a change to OK the text says what the values were not, which is the same comparison. */
export function comparisonIn(reason: string): Comparison | undefined {
  const [, side, equal] =
    /\b(?:was|were)(?: not)? (greater|less) than( or equal to)? the threshold\b/.exec(reason) ?? [];
  if (side === undefined) return undefined;
  const word = side === "greater" ? "Greater" : "Less";
  return equal === undefined ? `${word}ThanThreshold` : `${word}ThanOrEqualToThreshold`;
}

function jsonOf(text: string | null | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
