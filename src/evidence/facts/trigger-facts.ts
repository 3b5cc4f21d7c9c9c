/** What the message that announced an alarm says otherwise than AWS: told to the reader, and of no other use. */
import type { Alert } from "../../domain/alert.ts";
import type { TriggerField } from "../../domain/evidence.ts";
import type { AlarmReading, ServiceReading } from "../../domain/reading.ts";
import type { Target } from "../../domain/target.ts";
import { clusterName } from "../series-trust.ts";
import type { FactDraft } from "../source.ts";
import { amount, clock } from "../times.ts";

export interface AwsView {
  readonly target: Target;
  /** The alarm that the message names; undefined where AWS has none of that name. */
  readonly alarm: AlarmReading | undefined;
  /** Of a composite alarm. */
  readonly parts?: readonly AlarmReading[];
  /** False where DescribeAlarms failed: then nothing is said about the alarm. */
  readonly alarmRead: boolean;
  readonly service: ServiceReading | undefined;
  readonly metrics: readonly FactDraft[];
  /** Epoch milliseconds of the look. */
  readonly now: number;
}

interface Difference {
  readonly field: TriggerField;
  readonly message: string;
  readonly aws: string;
}

/** Returns one fact for each difference. */
export function triggerFacts(alert: Alert, seen: AwsView): FactDraft[] {
  const { alarm, alarmRead } = seen;
  const named = alert.alarm?.name;
  const differences = [
    ...aboutSomethingElse(alert, seen),
    ...(named !== undefined && alarm === undefined && alarmRead
      ? [{ field: "alarm" as const, message: named, aws: "none of that name" }]
      : []),
    ...(alarm === undefined ? [] : definitionDiffers(alert, alarm)),
    ...(alarm === undefined ? [] : stateDiffers(alert, alarm)),
    ...valueDiffers(alert, seen),
  ];
  return differences.map(({ field, message, aws }) => ({
    kind: "trigger-difference",
    provenance: "trigger",
    statement: `The message says ${WORDS[field]} ${message}; AWS has ${aws}${alarm === undefined || field === "value" ? "" : ` for alarm ${alarm.name}`}.`,
    data: { field, message, aws },
  }));
}

const WORDS: Readonly<Record<TriggerField, string>> = {
  service: "service",
  cluster: "cluster",
  region: "region",
  account: "account",
  alarm: "alarm",
  state: "state",
  "state-time": "that the state changed at",
  metric: "metric",
  dimensions: "dimensions",
  statistic: "statistic",
  period: "period",
  threshold: "threshold",
  comparison: "comparison",
  value: "value",
};

/** The alarm, as AWS has it, names another service, cluster, region or account than the incident is about. */
function aboutSomethingElse(alert: Alert, { target, alarm, parts = [], service }: AwsView): Difference[] {
  const { ServiceName, ClusterName } = alarm?.dimensions ?? firingPart(parts, target)?.dimensions ?? {};
  const own = alert.alarm?.arn?.split(":");
  // What AWS has: the alarm itself; where AWS knows no such alarm, the service.
  const [, , , region, account] =
    (alarm?.arn ?? (alarm === undefined ? service?.arn : undefined))?.split(":") ?? [];
  const pairs: readonly (readonly [TriggerField, string | undefined, string | undefined])[] = [
    ["service", target.service, ServiceName],
    ["cluster", clusterName(target), ClusterName],
    ["region", own?.[3], region],
    ["account", own?.[4], account],
  ];
  return pairs.flatMap(([field, message, aws]) => differs(field, message || undefined, aws || undefined));
}

/** The part of a composite alarm that fires: one about the service, else one that names another. */
function firingPart(parts: readonly AlarmReading[], target: Target): AlarmReading | undefined {
  const firing = parts.filter(({ state, dimensions }) => state === "ALARM" && dimensions?.["ServiceName"]);
  return firing.find(({ dimensions }) => dimensions?.["ServiceName"] === target.service) ?? firing[0];
}

function definitionDiffers({ alarm: told }: Alert, aws: AlarmReading): Difference[] {
  const metric = told?.metric;
  const flat = (dimensions: Readonly<Record<string, string>> | undefined) =>
    dimensions &&
    Object.entries(dimensions)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .map(([name, value]) => `${name}=${value}`)
      .join(", ");
  const number = (value: number | undefined) => (value === undefined ? undefined : String(value));
  const seconds = (value: number | undefined) => (value === undefined ? undefined : `${value} s`);
  return [
    ...differs("threshold", number(told?.threshold), number(aws.threshold)),
    ...differs("comparison", told?.comparison, aws.comparison),
    ...differs(
      "metric",
      metric && `${metric.namespace} ${metric.name}`,
      aws.metric && `${aws.namespace} ${aws.metric}`,
    ),
    ...(aws.metric === undefined
      ? []
      : differs(
          "dimensions",
          flat(metric?.dimensions) || "none",
          flat(aws.dimensions) || "none",
          metric === undefined,
        )),
    ...differs("statistic", metric?.statistic, aws.statistic),
    ...differs("period", seconds(metric?.periodSeconds), seconds(aws.periodSeconds)),
  ];
}

/** Two clocks, and the time that a message takes. Seconds. */
const SAME_CHANGE_SECONDS = 60;

function stateDiffers(alert: Alert, { state, stateSince }: AlarmReading): Difference[] {
  const since = stateSince === undefined ? "" : ` since ${clock(stateSince)}`;
  if (alert.state !== state) return [{ field: "state", message: alert.state, aws: `${state}${since}` }];
  const apart = Math.abs(Date.parse(stateSince ?? "") - Date.parse(alert.firedAt)) / 1000;
  return apart > SAME_CHANGE_SECONDS
    ? [{ field: "state-time", message: clock(alert.firedAt), aws: clock(stateSince ?? "") }]
    : [];
}

/** How far back a value that a message gives may have been measured. */
const VALUE_MS = 10 * 60_000;
/** What rounding and another statistic explain. */
const VALUE_SHARE = 0.05;

function valueDiffers({ reported, firedAt }: Alert, { metrics, now }: AwsView): Difference[] {
  const series = metrics.find((fact) => fact.kind === "metric" && fact.data.isSymptom === true);
  if (reported === undefined || series?.kind !== "metric") return [];
  const from = Math.min(Date.parse(firedAt), now) - VALUE_MS;
  const values = series.data.points.filter(([at]) => at >= from).map(([, value]) => value);
  if (values.length === 0) return [];
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const slack = VALUE_SHARE * Math.max(Math.abs(lowest), Math.abs(highest));
  if (reported.value >= lowest - slack && reported.value <= highest + slack) return [];
  const aws = `${series.data.label} from ${amount(lowest)} to ${amount(highest)} since ${clock(from)}`;
  return [{ field: "value", message: `${reported.metric} ${reported.value}`, aws }];
}

function differs(
  field: TriggerField,
  message: string | undefined,
  aws: string | undefined,
  unsaid = false,
): Difference[] {
  if (unsaid || message === undefined || aws === undefined || message === aws) return [];
  return [{ field, message, aws }];
}
