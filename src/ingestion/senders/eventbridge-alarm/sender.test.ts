import { describe, expect, it } from "vitest";
import { metricAlarm, snsEvent } from "../../../../test/support/sns.ts";
import { comparisonIn } from "../../alarm-state.ts";
import { readEvent } from "../../read-event.ts";
import { examples } from "./examples.ts";

const context = { receivedAt: "2026-11-23T07:00:02.000Z", cluster: "production", alarms: [] };
const [plain, math, , composite] = examples.map((one) => one.event as Record<string, unknown>);
const detail = plain?.["detail"] as Record<string, unknown>;
const withDetail = (changed: Record<string, unknown>) => ({ ...plain, detail: { ...detail, ...changed } });

describe("a CloudWatch alarm through EventBridge", () => {
  it("is read with its target, metric and threshold, and is the same alert as its SNS message", () => {
    const [alert] = readEvent(plain, context).alerts;

    expect(alert).toMatchObject({
      source: "cloudwatch-eventbridge",
      state: "ALARM",
      firedAt: "2026-11-23T07:00:00.123Z",
      target: { cluster: "production", service: "shop" },
      region: "eu-central-1",
      alarm: {
        name: "shop-memory-high",
        metric: { namespace: "AWS/ECS", name: "MemoryUtilization", statistic: "Maximum", periodSeconds: 60 },
        threshold: 80,
        comparison: "GreaterThanThreshold",
      },
    });
    expect(alert?.key).toBe(readEvent(snsEvent(metricAlarm()), context).alerts[0]?.key);
  });

  it("may be metric math: the target is what all its metrics agree on, and no metric is named", () => {
    const [alert] = readEvent(math, context).alerts;

    expect(alert?.target).toEqual({ cluster: "production", service: "shop" });
    expect(alert?.alarm).toMatchObject({ threshold: 5, comparison: "GreaterThanOrEqualToThreshold" });
    expect(alert?.alarm?.metric).toBeUndefined();
  });

  it("may be composite: the policy names its service, else it goes to a person", () => {
    const [unknown] = readEvent(composite, context).alerts;
    const [known] = readEvent(composite, {
      ...context,
      alarms: [{ pattern: "shop-*", service: "shop" }],
    }).alerts;

    expect(unknown?.targetProblem).toContain("names no ECS service");
    expect(known?.target).toEqual({ cluster: "production", service: "shop" });
  });

  it("keeps the percentile of its metric", () => {
    const text = JSON.stringify(plain).replace('"stat":"Maximum"', '"stat":"p99.9"');

    expect(readEvent(text, context).alerts[0]?.alarm?.metric?.statistic).toBe("p99.9");
  });

  it.each(["OK", "INSUFFICIENT_DATA"])("keeps the state %s", (value) => {
    const event = withDetail({ state: { ...(detail["state"] as object), value } });

    expect(readEvent(event, context).alerts[0]?.state).toBe(value);
  });

  it("is another cluster's alarm, which is never corrected", () => {
    expect(readEvent(plain, { ...context, cluster: "staging" }).alerts[0]?.targetProblem).toContain(
      "staging",
    );
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["no name", { alarmName: "" }, "detail.alarmName"],
    [
      "an unknown state",
      { state: { value: "BROKEN", timestamp: "2026-11-23T07:00:00Z" } },
      "detail.state.value",
    ],
    ["a time that is none", { state: { value: "ALARM", timestamp: "soon" } }, "detail.state.timestamp"],
    ["metrics that are no list", { configuration: { metrics: 7 } }, "detail.configuration.metrics"],
  ])("with %s is told with its path", (_, changed, path) => {
    expect(readEvent(withDetail(changed), context).unreadable.map((one) => one.path)).toEqual([path]);
  });
});

it.each([
  ["1 datapoint [9.0] was greater than the threshold (8.0).", "GreaterThanThreshold"],
  [
    "2 datapoints [9.0, 9.1] were greater than or equal to the threshold (8.0)",
    "GreaterThanOrEqualToThreshold",
  ],
  ["1 datapoint [1.0] was not less than the threshold (8.0)", "LessThanThreshold"],
  ["1 datapoint [1.0] was less than or equal to the threshold (8.0)", "LessThanOrEqualToThreshold"],
  ["Unchecked: Initial alarm creation", undefined],
])("the comparison in %j", (reason, comparison) => {
  expect(comparisonIn(reason)).toBe(comparison);
});
