import { describe, expect, it } from "vitest";
import { ago, metric, NOW, TARGET } from "../../../test/samples/facts.ts";
import { alarmReadingOf } from "../../../test/support/alarm-reading.ts";
import type { Alert } from "../../domain/alert.ts";
import type { AlarmReading, ServiceReading } from "../../domain/reading.ts";
import { type AwsView, triggerFacts } from "./trigger-facts.ts";

const ARN = "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:shop-memory";

const alert: Alert = {
  key: "k",
  source: "cloudwatch-sns",
  state: "ALARM",
  firedAt: NOW,
  receivedAt: NOW,
  title: "shop-memory",
  target: TARGET,
  alarm: {
    name: "shop-memory",
    arn: ARN,
    metric: {
      namespace: "AWS/ECS",
      name: "MemoryUtilization",
      dimensions: { ServiceName: "shop", ClusterName: "production" },
      statistic: "Average",
      periodSeconds: 60,
    },
    threshold: 1,
    comparison: "GreaterThanThreshold",
  },
};

function differences(
  inAws: Partial<AlarmReading> | undefined,
  more: Partial<AwsView> = {},
  told: Alert = alert,
) {
  const alarm = inAws && { ...alarmReadingOf(alert), stateSince: NOW, ...inAws };
  const seen = {
    target: TARGET,
    alarm,
    alarmRead: true,
    service: undefined,
    metrics: [],
    now: Date.parse(NOW),
  };
  return triggerFacts(told, { ...seen, ...more });
}

describe("a message", () => {
  it("that says what AWS says gives no fact", () => {
    expect(differences({})).toEqual([]);
  });

  it("that says another threshold is told in one sentence, by a fact that supports nothing", () => {
    expect(differences({ threshold: 85 })).toEqual([
      {
        kind: "trigger-difference",
        provenance: "trigger",
        statement: "The message says threshold 1; AWS has 85 for alarm shop-memory.",
        data: { field: "threshold", message: "1", aws: "85" },
      },
    ]);
  });

  it.each<[string, Partial<AlarmReading>, string, string]>([
    ["comparison", { comparison: "LessThanThreshold" }, "GreaterThanThreshold", "LessThanThreshold"],
    ["statistic", { statistic: "Maximum" }, "Average", "Maximum"],
    ["period", { periodSeconds: 300 }, "60 s", "300 s"],
    ["metric", { namespace: "Shop/App" }, "AWS/ECS MemoryUtilization", "Shop/App MemoryUtilization"],
    ["state", { state: "OK", stateSince: "2026-11-23T06:51:00.000Z" }, "ALARM", "OK since 06:51:00"],
    ["state-time", { stateSince: "2026-11-23T06:00:00.000Z" }, "07:00:00", "06:00:00"],
    ["region", { arn: ARN.replace("eu-west-1", "us-east-1") }, "eu-west-1", "us-east-1"],
    ["account", { arn: ARN.replace("111122223333", "999988887777") }, "111122223333", "999988887777"],
  ])("that says another %s", (field, inAws, message, aws) => {
    expect(differences(inAws).map(({ data }) => data)).toEqual([{ field, message, aws }]);
  });

  it("about another service or cluster than the alarm in AWS says both", () => {
    const dimensions = { ServiceName: "reports", ClusterName: "staging" };

    expect(differences({ dimensions }).map(({ data }) => data)).toEqual([
      { field: "service", message: "shop", aws: "reports" },
      { field: "cluster", message: "production", aws: "staging" },
      {
        field: "dimensions",
        message: "ClusterName=production, ServiceName=shop",
        aws: "ClusterName=staging, ServiceName=reports",
      },
    ]);
  });

  it("of a composite alarm goes by the parts that fire", () => {
    const { alarm: told, ...rest } = alert;
    const composite: Alert = { ...rest, alarm: { name: told?.name ?? "" } };
    const part = (service: string, state = "ALARM"): AlarmReading => ({
      name: service,
      state,
      dimensions: { ServiceName: service, ClusterName: "production" },
    });
    const of = (...parts: AlarmReading[]) =>
      triggerFacts(composite, {
        target: TARGET,
        alarm: { name: "shop-memory", state: "ALARM", stateSince: NOW, rule: "ALARM(a)" },
        parts,
        alarmRead: true,
        service: undefined,
        metrics: [],
        now: Date.parse(NOW),
      }).map(({ data }) => data);

    expect(of(part("reports"), part("shop", "OK"))).toEqual([
      { field: "service", message: "shop", aws: "reports" },
    ]);
    expect(of(part("reports"), part("shop"))).toEqual([]);
    expect(of(part("reports", "OK"))).toEqual([]);
  });

  it("that names an alarm which AWS does not know says so, unless it could not be asked", () => {
    const service = { arn: "arn:aws:ecs:eu-west-1:111122223333:service/production/shop" } as ServiceReading;

    expect(differences(undefined, { service }).map(({ data }) => data)).toEqual([
      { field: "alarm", message: "shop-memory", aws: "none of that name" },
    ]);
    expect(differences(undefined, { service, alarmRead: false })).toEqual([]);
  });

  it("of another account that names an alarm which AWS does not know is held against the service", () => {
    const service = { arn: "arn:aws:ecs:eu-west-1:999988887777:service/production/shop" } as ServiceReading;

    expect(differences(undefined, { service }).map(({ data }) => data)).toContainEqual({
      field: "account",
      message: "111122223333",
      aws: "999988887777",
    });
  });

  describe("in the simple form", () => {
    const { alarm: _, ...rest } = alert;
    const points = [5, 4, 3].map((minutes): [number, number] => [Date.parse(ago(minutes * 60)), 40]);
    const memory = metric("memory", 40, { label: "MemoryUtilization", isSymptom: true, points });
    const saying = (value: number) =>
      differences(
        undefined,
        { metrics: [memory] },
        { ...rest, reported: { metric: "memory", value, threshold: 1 } },
      );

    it("with a value that AWS has not", () => {
      expect(saying(99).map(({ statement }) => statement)).toEqual([
        "The message says value memory 99; AWS has MemoryUtilization from 40 to 40 since 06:50:00.",
      ]);
    });

    it("with a value that rounding explains", () => {
      expect(saying(41)).toEqual([]);
      expect(saying(43)).toHaveLength(1);
    });
  });
});
