import { describe, expect, it } from "vitest";
import { readEvent } from "../../read-event.ts";
import { examples } from "./examples.ts";

const context = { receivedAt: "2026-11-23T07:00:02.000Z", cluster: "production", alarms: [] };
const [event] = examples.map((one) => one.event as Record<string, unknown>);

describe("a CloudWatch alarm that invokes the Lambda itself", () => {
  it("is read with its target, metric and threshold", () => {
    const [alert] = readEvent(event, context).alerts;

    expect(alert).toMatchObject({
      source: "cloudwatch-lambda",
      title: "shop-cpu-high",
      target: { cluster: "production", service: "shop" },
      alarm: {
        arn: "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:shop-cpu-high",
        metric: { name: "CPUUtilization", statistic: "Average" },
        threshold: 80,
      },
    });
  });

  it("has its own region, whatever the display name says, and does without an ARN", () => {
    expect(readEvent(event, context).alerts[0]?.region).toBe("eu-central-1");
    expect(readEvent({ ...event, alarmArn: null }, context).alerts[0]).toMatchObject({
      title: "shop-cpu-high",
    });
  });

  it("is told with its path where it cannot be read", () => {
    const { unreadable } = readEvent({ ...event, alarmData: { alarmName: "x" } }, context);

    expect(unreadable.map(({ path }) => path)).toEqual(["alarmData.state"]);
  });
});
