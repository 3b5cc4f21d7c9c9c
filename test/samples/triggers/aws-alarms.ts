/** DescribeAlarms and its siblings where what AWS says of the alarm is not what the message says. */
import type { Handlers } from "../../../evals/scenarios/wire/handlers.ts";
import type { BuiltWorld } from "../../../evals/scenarios/world.ts";
import { json } from "../../support/aws-stub-answers.ts";
import type { StubInput } from "../../support/aws-stub-server.ts";

/** What AWS has of the alarm; undefined members stay as the recorded world has them. */
export interface AwsAlarm {
  readonly state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  readonly threshold: number;
  readonly comparison: "GreaterThanThreshold" | "LessThanThreshold";
  /** When the state changed last, in minutes before now. */
  readonly sinceMinutes: number;
  /** Older changes: how many minutes before now, and to which state. */
  readonly history?: readonly (readonly [minutesAgo: number, to: AwsAlarm["state"]])[];
}

type Described = Readonly<Record<string, unknown>>;

const has = (input: StubInput, member: string, value: unknown) =>
  input[member] === undefined || (input[member] as readonly unknown[]).includes(value);

/** Replaces the answers about alarms in a recorded world; without `aws`, AWS knows no alarm at all. */
export function withAlarm(world: BuiltWorld, aws: AwsAlarm | undefined): BuiltWorld {
  return { ...world, handlers: { ...world.handlers, ...alarmAnswers(world, aws) } };
}

function alarmAnswers(world: BuiltWorld, aws: AwsAlarm | undefined): Handlers {
  if (aws === undefined) {
    return {
      DescribeAlarms: () => json({ MetricAlarms: [], CompositeAlarms: [] }),
      DescribeAlarmsForMetric: () => json({ MetricAlarms: [] }),
      DescribeAlarmHistory: () => json({ AlarmHistoryItems: [] }),
    };
  }
  const described = describedAs(world, aws);
  return {
    DescribeAlarms: (input) => {
      const prefix = input["AlarmNamePrefix"];
      const asked =
        has(input, "AlarmNames", described["AlarmName"]) &&
        has(input, "AlarmTypes", "MetricAlarm") &&
        (prefix === undefined || String(described["AlarmName"]).startsWith(String(prefix))) &&
        (input["StateValue"] === undefined || input["StateValue"] === aws.state);
      return json({ MetricAlarms: asked ? [described] : [], CompositeAlarms: [] });
    },
    DescribeAlarmsForMetric: ({ Namespace, MetricName }) => {
      const same = Namespace === described["Namespace"] && MetricName === described["MetricName"];
      return json({ MetricAlarms: same ? [described] : [] });
    },
    DescribeAlarmHistory: (input) =>
      json({
        AlarmHistoryItems: input["AlarmName"] === described["AlarmName"] ? historyOf(world, aws, input) : [],
      }),
  };
}

function describedAs(world: BuiltWorld, aws: AwsAlarm): Described {
  const answer = world.handlers["DescribeAlarms"]?.({});
  if (answer?.kind !== "json") throw new Error("The recorded world does not describe its alarm.");
  const [recorded] = (answer.body as { readonly MetricAlarms: readonly Described[] }).MetricAlarms;
  const changed = (world.now - aws.sinceMinutes * 60_000) / 1000;
  return {
    ...recorded,
    StateValue: aws.state,
    StateReason: reasonOf(aws),
    StateUpdatedTimestamp: changed,
    StateTransitionedTimestamp: changed,
    Threshold: aws.threshold,
    ComparisonOperator: aws.comparison,
  };
}

function reasonOf({ state, threshold, comparison }: AwsAlarm): string {
  if (state === "INSUFFICIENT_DATA") return "Insufficient Data: 3 datapoints were unknown.";
  const side = comparison === "GreaterThanThreshold" ? "greater" : "less";
  const not = state === "OK" ? " not" : "";
  return `Threshold Crossed: 3 datapoints were${not} ${side} than the threshold (${threshold.toFixed(1)}).`;
}

function historyOf(world: BuiltWorld, aws: AwsAlarm, input: StubInput) {
  const changes = [...(aws.history ?? []), [aws.sinceMinutes, aws.state] as const].toSorted(
    ([one], [other]) => one - other,
  );
  return changes
    .map(([minutesAgo, to], index) => {
      const from = changes[index + 1]?.[1] ?? (to === "OK" ? "INSUFFICIENT_DATA" : "OK");
      return {
        AlarmName: world.alarmName,
        AlarmType: "MetricAlarm",
        Timestamp: (world.now - minutesAgo * 60_000) / 1000,
        HistoryItemType: "StateUpdate",
        HistorySummary: `Alarm updated from ${from} to ${to}`,
        HistoryData: JSON.stringify({
          version: "1.0",
          oldState: { stateValue: from },
          newState: { stateValue: to },
        }),
      };
    })
    .filter(
      ({ Timestamp }) =>
        Timestamp >= Number(input["StartDate"] ?? 0) && Timestamp <= Number(input["EndDate"] ?? Infinity),
    );
}
