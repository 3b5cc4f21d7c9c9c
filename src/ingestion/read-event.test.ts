import { describe, expect, it } from "vitest";
import {
  ALARM_ARN,
  compositeAlarm,
  type Fields,
  metricAlarm,
  metricMathAlarm,
  percentileAlarm,
  record,
  SENT_AT,
  snsEvent,
} from "../../test/support/sns.ts";
import { readEvent, type TriggerContext } from "./read-event.ts";

const context: TriggerContext = { receivedAt: "2026-11-23T07:00:02.000Z", cluster: "production", alarms: [] };

const alertOf = (event: unknown, given: Partial<TriggerContext> = {}) => {
  const { alerts, unreadable } = readEvent(event, { ...context, ...given });
  expect(unreadable).toEqual([]);
  expect(alerts).toHaveLength(1);
  const [alert] = alerts;
  if (alert === undefined) throw new Error("no alert");
  return alert;
};

const problemOf = (event: unknown) => {
  const { alerts, unreadable } = readEvent(event, context);
  expect(alerts).toEqual([]);
  expect(unreadable).toHaveLength(1);
  return unreadable[0];
};

const without = (fields: Fields, ...names: string[]) =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));

const SIMPLE = { service: "shop", metric: "cpu", value: 97.5, threshold: 80 };

describe("a CloudWatch alarm over SNS", () => {
  it("is read with its target, metric, threshold and times", () => {
    expect(alertOf(snsEvent(metricAlarm()))).toEqual({
      key: expect.stringMatching(/^[0-9a-f]{32}$/),
      source: "cloudwatch-sns",
      state: "ALARM",
      firedAt: "2026-11-23T07:00:00.123Z",
      receivedAt: context.receivedAt,
      title: "shop-memory-high",
      target: { cluster: "production", service: "shop" },
      region: "eu-central-1",
      alarm: {
        name: "shop-memory-high",
        arn: ALARM_ARN,
        description: "Memory of the shop",
        reason: expect.stringContaining("Threshold Crossed"),
        metric: {
          namespace: "AWS/ECS",
          name: "MemoryUtilization",
          dimensions: { ClusterName: "production", ServiceName: "shop" },
          statistic: "Maximum",
          periodSeconds: 60,
        },
        threshold: 80,
        comparison: "GreaterThanThreshold",
        evaluationPeriods: 3,
        datapointsToAlarm: 2,
        treatMissingData: "missing",
      },
    });
  });

  it("is read from text, and from a bare notification", () => {
    const alert = alertOf(snsEvent(metricAlarm()));
    const notification = { Type: "Notification", Message: JSON.stringify(metricAlarm()), Timestamp: SENT_AT };

    expect(alertOf(JSON.stringify(snsEvent(metricAlarm())))).toEqual(alert);
    expect(alertOf(notification)).toEqual(alert);
    expect(alertOf(JSON.stringify(notification))).toEqual(alert);
  });

  it("may have a percentile", () => {
    const alert = alertOf(snsEvent(percentileAlarm()), {
      alarms: [{ pattern: "shop-*", service: "shop" }],
    });

    expect(alert.alarm?.metric).toMatchObject({ statistic: "p99", name: "TargetResponseTime" });
    expect(alert.target).toEqual({ cluster: "production", service: "shop" });
  });

  it.each([
    ["SAMPLE_COUNT", "SampleCount"],
    ["SampleCount", "SampleCount"],
    ["SUM", "Sum"],
    ["MINIMUM", "Minimum"],
    ["Average", "Average"],
    [undefined, "Average"],
  ])("may have the statistic %s", (statistic, expected) => {
    expect(alertOf(snsEvent(metricAlarm({}, { Statistic: statistic }))).alarm?.metric?.statistic).toBe(
      expected,
    );
  });

  it("may be metric math: the target is what all its metrics agree on", () => {
    const alert = alertOf(snsEvent(metricMathAlarm()));
    const torn = alertOf(snsEvent(metricMathAlarm(["shop", "cart"])));

    expect(alert.target).toEqual({ cluster: "production", service: "shop" });
    expect(alert.alarm).toMatchObject({ threshold: 5, evaluationPeriods: 3 });
    expect(alert.alarm?.metric).toBeUndefined();
    expect(torn.target).toBeUndefined();
    expect(torn.targetProblem).toContain("names no ECS service");
  });

  it("may be composite, without a trigger", () => {
    const alert = alertOf(snsEvent(compositeAlarm()));
    const known = alertOf(snsEvent(compositeAlarm()), { alarms: [{ pattern: "shop-*", service: "shop" }] });

    expect(alert.targetProblem).toContain("names no ECS service");
    expect(known.target).toEqual({ cluster: "production", service: "shop" });
    expect(known.alarm).toMatchObject({ name: "shop-is-down" });
  });

  it("may have fields that nobody knows, and nulls in those that are optional", () => {
    const alarm = metricAlarm(
      { AlarmDescription: null, NewStateReason: null, AlarmContributorId: "x", Future: { deep: [1] } },
      { Dimensions: null, DatapointsToAlarm: null, TreatMissingData: null, Statistic: null, Future: 1 },
    );

    expect(alertOf(snsEvent(alarm), { alarms: [{ pattern: "*", service: "shop" }] })).toMatchObject({
      target: { service: "shop" },
      alarm: { name: "shop-memory-high" },
    });
  });

  it.each(["OK", "INSUFFICIENT_DATA"])("keeps the state %s", (state) => {
    expect(alertOf(snsEvent(metricAlarm({ NewStateValue: state }))).state).toBe(state);
  });

  it("never corrects a cluster that disagrees with the configured one", () => {
    const alert = alertOf(snsEvent(metricAlarm()), { cluster: "staging" });

    expect(alert.target).toBeUndefined();
    expect(alert.targetProblem).toBe(
      'The alarm is about cluster "production", but this agent is configured for "staging".',
    );
  });

  it("takes the alarm's own cluster where none is configured, and says when there is neither", () => {
    const unconfigured = { receivedAt: context.receivedAt, alarms: [{ pattern: "*", service: "shop" }] };

    expect(readEvent(snsEvent(metricAlarm()), unconfigured).alerts[0]?.target?.cluster).toBe("production");
    expect(readEvent(snsEvent(compositeAlarm()), unconfigured).alerts[0]?.targetProblem).toContain(
      "ECS_CLUSTER is not set",
    );
  });

  it("prefers its own dimensions over a pattern, and the first pattern over the next", () => {
    const alarms = [
      { pattern: "shop-*", service: "cart" },
      { pattern: "*", service: "search" },
    ];

    expect(alertOf(snsEvent(metricAlarm()), { alarms }).target?.service).toBe("shop");
    expect(alertOf(snsEvent(compositeAlarm()), { alarms }).target?.service).toBe("cart");
  });

  it.each([
    ["no ARN", { AlarmArn: null }, undefined],
    ["an ARN that is none", { AlarmArn: "shop" }, undefined],
    ["a display name as region", { Region: "US East (N. Virginia)" }, "eu-central-1"],
  ])("with %s has the region of its ARN or none", (_, overrides, region) => {
    expect(alertOf(snsEvent(metricAlarm(overrides))).region).toBe(region);
  });

  it.each([
    ["a period of 0", { Period: 0 }, { metric: { periodSeconds: 60 } }],
    ["a negative period", { Period: -60 }, { metric: { periodSeconds: 60 } }],
    ["half a period", { EvaluationPeriods: 0.4 }, {}],
    [
      "a broken number",
      { Period: 60.4, EvaluationPeriods: 2.6 },
      { metric: { periodSeconds: 60 }, evaluationPeriods: 3 },
    ],
    ["no evaluation periods", { EvaluationPeriods: 0 }, {}],
    ["a period beyond every number", { Period: 1e300 }, { metric: { periodSeconds: 60 } }],
    ["evaluation periods beyond every number", { EvaluationPeriods: 1e300 }, {}],
    ["a threshold of 0", { Threshold: 0 }, { threshold: 0 }],
    ["a negative threshold", { Threshold: -2.5 }, { threshold: -2.5 }],
    ["an unknown comparison", { ComparisonOperator: "GreaterThanUpperThreshold" }, {}],
  ])("with %s is read all the same", (_, trigger, expected) => {
    expect(alertOf(snsEvent(metricAlarm({}, trigger))).alarm).toMatchObject(expected);
  });

  it.each([
    ["AlarmName", "AlarmName"],
    ["NewStateValue", "NewStateValue"],
    ["StateChangeTime", "StateChangeTime"],
  ])("without %s is not read, and the path says so", (name, path) => {
    const problem = problemOf(snsEvent(without(metricAlarm(), name)));

    expect(problem?.path).toBe(`Records[0].Sns.Message.${path}`);
    expect(problem?.message).not.toBe("");
  });

  it.each([
    [{ AlarmName: "" }, "AlarmName"],
    [{ AlarmName: 7 }, "AlarmName"],
    [{ NewStateValue: "alarm" }, "NewStateValue"],
    [{ StateChangeTime: "yesterday" }, "StateChangeTime"],
    [{ StateChangeTime: "" }, "StateChangeTime"],
    [{ StateChangeTime: "+275760-09-13T00:00:00.000Z" }, "StateChangeTime"],
    [{ AlarmArn: 5 }, "AlarmArn"],
  ])("with %j is not read, and the path says so", (overrides, path) => {
    expect(problemOf(snsEvent(metricAlarm(overrides)))?.path).toBe(`Records[0].Sns.Message.${path}`);
  });

  it.each([
    [{ Threshold: "80" }, "Trigger.Threshold"],
    [{ Dimensions: { ClusterName: "production" } }, "Trigger.Dimensions"],
    [{ Dimensions: [{ name: "ClusterName" }] }, "Trigger.Dimensions[0].value"],
    [{ Metrics: [{ MetricStat: { Metric: {} } }] }, "Trigger.Metrics[0].MetricStat.Metric.MetricName"],
  ])("with the trigger %j is not read, and the path says so", (trigger, path) => {
    expect(problemOf(snsEvent(metricAlarm({}, trigger)))?.path).toBe(`Records[0].Sns.Message.${path}`);
  });
});

describe("the simple form", () => {
  it("is read with the configured cluster", () => {
    expect(alertOf(snsEvent(SIMPLE))).toMatchObject({
      source: "simple-sns",
      state: "ALARM",
      firedAt: SENT_AT,
      title: "cpu of shop is 97.5 (threshold 80)",
      target: { cluster: "production", service: "shop" },
      reported: { metric: "cpu", value: 97.5, threshold: 80 },
    });
  });

  it("is escalated where no cluster is configured", () => {
    const [alert] = readEvent(snsEvent(SIMPLE), { receivedAt: context.receivedAt, alarms: [] }).alerts;

    expect(alert?.target).toBeUndefined();
    expect(alert?.targetProblem).toContain("ECS_CLUSTER is not set");
  });

  it("has the time at which it came where the envelope has none that can be read", () => {
    const at = (Timestamp: unknown) =>
      readEvent({ Records: [record(SIMPLE, { Timestamp })] }, context).alerts[0]?.firedAt;

    expect(at(null)).toBe(context.receivedAt);
    expect(at("")).toBe(context.receivedAt);
    expect(at("soon")).toBe(context.receivedAt);
    expect(at("+275760-09-13T00:00:00.000Z")).toBe(context.receivedAt);
  });

  it("keeps odd numbers and trims names", () => {
    expect(alertOf(snsEvent({ ...SIMPLE, value: 0, threshold: -1.5 })).reported).toEqual({
      metric: "cpu",
      value: 0,
      threshold: -1.5,
    });
    expect(alertOf(snsEvent({ ...SIMPLE, service: " shop " })).target?.service).toBe("shop");
  });

  it.each(["service", "metric", "value", "threshold"])(
    "without %s is not read, and the path says so",
    (name) => {
      expect(problemOf(snsEvent(without(SIMPLE, name)))?.path).toBe(`Records[0].Sns.Message.${name}`);
    },
  );

  it.each([
    ["value", '"97"'],
    ["value", "null"],
    ["value", "1e999"],
    ["threshold", "-1e999"],
    ["threshold", "true"],
    ["service", '""'],
    ["service", '"  "'],
    ["service", "7"],
    ["metric", "[]"],
  ])("with %s: %s is not read, and the path says so", (name, json) => {
    const message = JSON.stringify({ ...SIMPLE, [name]: "@" }).replace('"@"', json);

    expect(problemOf(snsEvent(message))?.path).toBe(`Records[0].Sns.Message.${name}`);
  });
});

describe("several records", () => {
  it("are several alerts, and one that cannot be read does not hide the others", () => {
    const { alerts, unreadable } = readEvent(
      { Records: [record(SIMPLE), record("{"), record(metricAlarm()), { Sns: {} }, 7] },
      context,
    );

    expect(alerts.map((alert) => alert.source)).toEqual(["simple-sns", "cloudwatch-sns"]);
    expect(unreadable.map((problem) => problem.path)).toEqual([
      "Records[1].Sns.Message",
      "Records[3].Sns.Message",
      "Records[4]",
    ]);
  });
});

describe("what is neither", () => {
  it.each([
    ["nothing", undefined, "(event)"],
    ["null", null, "(event)"],
    ["a number", 7, "(event)"],
    ["a list", [snsEvent(SIMPLE)], "(event)"],
    ["an empty object", {}, "(event)"],
    ["empty text", "", "(event)"],
    ["text that is no JSON", "{not json", "(event)"],
    ["a JSON string", '"hello"', "(event)"],
    ["no records", { Records: [] }, "Records"],
    ["records that are no list", { Records: "many" }, "Records"],
    ["a record without SNS", { Records: [{ Sqs: {} }] }, "Records[0].Sns"],
    [
      "a message that is no text",
      { Records: [record(SIMPLE, { Message: SIMPLE })] },
      "Records[0].Sns.Message",
    ],
    ["an empty message", snsEvent(""), "Records[0].Sns.Message"],
    ["a message of words", snsEvent("disk is full"), "Records[0].Sns.Message"],
    ["a message of another kind", snsEvent({ hello: "world" }), "Records[0].Sns.Message"],
    ["a message that is a list", snsEvent([SIMPLE]), "Records[0].Sns.Message"],
    ["a bare notification with a bad message", { Message: "{" }, "Message"],
  ])("%s is told with its path", (_, event, path) => {
    expect(problemOf(event)?.path).toBe(path);
  });

  it("is told in one short line, however long it is", () => {
    const problem = problemOf(`{"a": ${"x".repeat(100_000)}`);

    expect(problem?.message.length).toBeLessThan(300);
  });
});

describe("the idempotency key", () => {
  const keyOf = (message: unknown, sns: Fields = {}) =>
    readEvent({ Records: [record(message, sns)] }, { ...context, receivedAt: new Date().toISOString() })
      .alerts[0]?.key;

  it("is the same however and whenever the same change is delivered", () => {
    const first = keyOf(metricAlarm());

    expect(keyOf(metricAlarm(), { MessageId: "another", Timestamp: "2026-11-23T09:00:00Z" })).toBe(first);
    expect(keyOf(metricAlarm({ StateChangeTime: "2026-11-23T08:00:00.123+0100" }))).toBe(first);
    expect(keyOf(metricAlarm({ NewStateReason: "worded otherwise" }))).toBe(first);
    expect(alertOf({ Message: JSON.stringify(metricAlarm()) }).key).toBe(first);
  });

  it.each([
    ["time", { StateChangeTime: "2026-11-23T07:00:00.124+0000" }],
    ["state", { NewStateValue: "OK" }],
    ["alarm", { AlarmArn: `${ALARM_ARN}-2` }],
  ])("is another for another %s", (_, overrides) => {
    expect(keyOf(metricAlarm(overrides))).not.toBe(keyOf(metricAlarm()));
  });

  it("of the simple form is the same within its five minutes, and another after them", () => {
    const at = (Timestamp: string) => keyOf(SIMPLE, { Timestamp });

    expect(at("2026-11-23T07:04:59.999Z")).toBe(at("2026-11-23T07:00:00.000Z"));
    expect(at("2026-11-23T07:05:00.000Z")).not.toBe(at("2026-11-23T07:04:59.999Z"));
  });

  it.each([{ service: "cart" }, { metric: "memory" }, { value: 97.6 }, { threshold: 81 }])(
    "of the simple form is another with %j",
    (change) => {
      expect(keyOf({ ...SIMPLE, ...change })).not.toBe(keyOf(SIMPLE));
    },
  );
});
