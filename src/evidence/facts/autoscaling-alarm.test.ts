/** Whose alarm it is, by what CloudWatch does when it fires. */
import { expect, it } from "vitest";
import { TARGET } from "../../../test/samples/facts.ts";
import type { AlarmReading } from "../../domain/reading.ts";
import { scalingOf } from "./autoscaling-alarm.ts";

const policy = (service = "production/shop") =>
  `arn:aws:autoscaling:eu-west-1:123456789012:scalingPolicy:0f0e:resource/ecs/service/${service}:policyName/cpu:createdBy/9d5c`;
const topic = "arn:aws:sns:eu-west-1:123456789012:on-call";
const tracking = (suffix: string) => `TargetTracking-service/production/shop-${suffix}-0f0e-4a`;

const scaling = (given: Partial<AlarmReading>) =>
  scalingOf({ name: "alarm", state: "ALARM", actions: [policy()], ...given }, TARGET);

it.each([
  [
    "target tracking's high alarm",
    { name: tracking("AlarmHigh"), comparison: "GreaterThanThreshold" },
    "out",
  ],
  ["target tracking's low alarm", { name: tracking("AlarmLow"), comparison: "LessThanThreshold" }, "in"],
  ["target tracking's alarm on what is provisioned", { name: tracking("ProvisionCapacity") }, "unknown"],
  ["a step policy's alarm above", { name: "shop-busy", comparison: "GreaterThanOrEqualToThreshold" }, "out"],
  ["a step policy's alarm below", { name: "shop-idle", comparison: "LessThanThreshold" }, "in"],
  ["a step policy's alarm of an unknown comparison", { comparison: "Odd" }, "unknown"],
  [
    "several policies of the service",
    { actions: [policy(), policy()], comparison: "LessThanThreshold" },
    "in",
  ],
])("knows %s", (_, given, expected) => {
  expect(scaling(given)).toBe(expected);
});

it.each([
  ["a name alone", { name: tracking("AlarmLow"), actions: [] }],
  ["a name before a topic", { name: tracking("AlarmLow"), actions: [topic] }],
  ["an alarm that tells people, too", { name: tracking("AlarmLow"), actions: [policy(), topic] }],
  ["another service's policy", { name: tracking("AlarmLow"), actions: [policy("production/stock")] }],
  ["another cluster's policy", { name: tracking("AlarmLow"), actions: [policy("staging/shop")] }],
  ["a policy's name in another ARN", { actions: [`arn:aws:sns:eu-west-1:1:${policy()}`] }],
])("is not taken in by %s", (_, given) => {
  expect(scaling(given)).toBeUndefined();
});

it("knows the cluster by its ARN as well", () => {
  const target = { ...TARGET, cluster: "arn:aws:ecs:eu-west-1:123456789012:cluster/production" };

  expect(scalingOf({ name: tracking("AlarmLow"), state: "ALARM", actions: [policy()] }, target)).toBe("in");
});
