import {
  ApplicationAutoScalingClient,
  DeregisterScalableTargetCommand,
  DescribeScalableTargetsCommand,
  DescribeScalingActivitiesCommand,
  DescribeScalingPoliciesCommand,
  PutScalingPolicyCommand,
  RegisterScalableTargetCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { callInside } from "../range.ts";
import { eventually, startTestRange, type TestRange } from "../range-fixture.ts";
import { createTelemetry, type Telemetry } from "../telemetry/telemetry.ts";
import { localWorld } from "../world.ts";

const id = {
  ServiceNamespace: "ecs" as const,
  ResourceId: "service/test/web",
  ScalableDimension: "ecs:service:DesiredCount" as const,
};
const group = "targetgroup/web/0123456789abcdef";

describe("application auto scaling", () => {
  let test: TestRange;
  let telemetry: Telemetry;
  let client: ApplicationAutoScalingClient;
  let feed: NodeJS.Timeout | undefined;

  beforeEach(async () => {
    telemetry = createTelemetry(localWorld);
    test = await startTestRange(telemetry.services);
    client = new ApplicationAutoScalingClient(test.clientConfig);
    test.range.autoScaling.setPeriod(1);
    telemetry.start();
  });
  afterEach(async () => {
    clearInterval(feed);
    await test.range.stop();
    await telemetry.stop();
  });

  const register = (change: object) => client.send(new RegisterScalableTargetCommand({ ...id, ...change }));
  const desired = async () => (await test.web()).desiredCount;
  async function activities(all = false) {
    const command = new DescribeScalingActivitiesCommand({
      ServiceNamespace: "ecs",
      ResourceId: id.ResourceId,
      IncludeNotScaledActivities: all,
    });
    return (await client.send(command)).ScalingActivities ?? [];
  }
  const putPolicy = (configuration: object = {}) =>
    client.send(
      new PutScalingPolicyCommand({
        ...id,
        PolicyName: "requests",
        PolicyType: "TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration: {
          TargetValue: 10,
          PredefinedMetricSpecification: {
            PredefinedMetricType: "ALBRequestCountPerTarget",
            ResourceLabel: `app/web/fedcba9876543210/${group}`,
          },
          ScaleOutCooldown: 60,
          ScaleInCooldown: 60,
          ...configuration,
        },
      }),
    );
  /** So many requests a second to the whole service, shared by the tasks that run. */
  function requests(total: number) {
    clearInterval(feed);
    feed = setInterval(async () => {
      const running = (await test.web()).runningCount ?? 0;
      const value = total / Math.max(1, running);
      const sample = {
        namespace: "AWS/ApplicationELB",
        name: "RequestCountPerTarget",
        value,
        at: Date.now(),
      };
      telemetry.metrics.put([{ ...sample, dimensions: { TargetGroup: group } }]);
    }, 1000);
  }

  it("keeps the bounds, and puts a desired count outside of them back at once", async () => {
    await test.createWeb({ desiredCount: 1 });

    await register({ MinCapacity: 2, MaxCapacity: 6 });
    await eventually(async () => (await desired()) === 2);
    await eventually(async () => (await activities())[0]?.StatusCode === "Successful");
    await callInside(test.range, "UpdateService", { cluster: "test", service: "web", desiredCount: 5 });
    await register({ MaxCapacity: 3, SuspendedState: { DynamicScalingInSuspended: true } });
    await eventually(async () => (await desired()) === 3);

    const described = await client.send(new DescribeScalableTargetsCommand({ ServiceNamespace: "ecs" }));
    expect(described.ScalableTargets).toMatchObject([
      {
        ...id,
        MinCapacity: 2,
        MaxCapacity: 3,
        SuspendedState: { DynamicScalingInSuspended: true, DynamicScalingOutSuspended: false },
      },
    ]);
    expect(await activities()).toMatchObject([
      { Cause: "maximum capacity was set to 3", Description: "Setting desired count to 3." },
      {
        Cause: "minimum capacity was set to 2",
        StatusMessage: "Successfully set desired count to 2. Change successfully fulfilled by ecs.",
      },
    ]);
    await expect(register({ MinCapacity: 9 })).rejects.toMatchObject({ name: "ValidationException" });
    const unknown = new DeregisterScalableTargetCommand({ ...id, ResourceId: "service/test/none" });
    await expect(client.send(unknown)).rejects.toMatchObject({ name: "ObjectNotFoundException" });
  });

  it("scales out when its alarm breaches, up to the maximum, and in again when it is quiet", async () => {
    await test.createWeb({ desiredCount: 1 });
    await register({ MinCapacity: 1, MaxCapacity: 3 });
    const put = await putPolicy({ ScaleInCooldown: 0 });
    requests(25);

    await eventually(async () => (await desired()) === 3, 15_000);
    await eventually(async () => (await activities())[0]?.StatusCode === "Successful");
    requests(3);
    await eventually(async () => (await desired()) === 1, 30_000);

    const [high, low] = put.Alarms ?? [];
    expect(high?.AlarmName).toMatch(/^TargetTracking-service\/test\/web-AlarmHigh-[0-9a-f-]{36}$/);
    const [back, out] = await activities();
    expect(out).toMatchObject({
      Description: "Setting desired count to 3.",
      Cause: `monitor alarm ${high?.AlarmName} in state ALARM triggered policy requests`,
      StatusMessage: "Successfully set desired count to 3. Change successfully fulfilled by ecs.",
    });
    expect(back?.Cause).toBe(`monitor alarm ${low?.AlarmName} in state ALARM triggered policy requests`);
    expect(test.range.wire.ledger.entries().some((entry) => entry.operation === "UpdateService")).toBe(false);
    const policies = await client.send(new DescribeScalingPoliciesCommand({ ServiceNamespace: "ecs" }));
    expect(policies.ScalingPolicies).toMatchObject([{ PolicyName: "requests", Alarms: put.Alarms }]);
    const cloudWatch = new CloudWatchClient(test.clientConfig);
    const names = { AlarmNames: [high?.AlarmName ?? "", low?.AlarmName ?? ""] };
    const { MetricAlarms } = await cloudWatch.send(new DescribeAlarmsCommand(names));
    expect(MetricAlarms?.map((one) => [one.EvaluationPeriods, one.Threshold])).toEqual([
      [3, 10],
      [15, 9],
    ]);
  }, 60_000);

  it("says that it is at its maximum only when asked for what did not scale, and does nothing while suspended", async () => {
    await test.createWeb({ desiredCount: 1 });
    await register({ MinCapacity: 1, MaxCapacity: 1 });
    await putPolicy({ DisableScaleIn: true });
    requests(40);

    await eventually(async () => (await activities(true)).length > 0, 15_000);
    // Two more periods in which the alarm stays as it is: it is said once.
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await register({ MaxCapacity: 4, SuspendedState: { DynamicScalingOutSuspended: true } });
    await new Promise((resolve) => setTimeout(resolve, 2500));
    const whileSuspended = await desired();
    await register({ SuspendedState: { DynamicScalingOutSuspended: false } });
    await eventually(async () => (await desired()) === 4, 15_000);

    expect(whileSuspended).toBe(1);
    const notScaled = (await activities(true)).filter((one) => one.NotScaledReasons !== undefined);
    expect(notScaled).toMatchObject([
      {
        StatusCode: "Failed",
        NotScaledReasons: [{ Code: "AlreadyAtMaxCapacity", MaxCapacity: 1, CurrentCapacity: 1 }],
      },
    ]);
    expect((await activities()).every((one) => one.NotScaledReasons === undefined)).toBe(true);
  }, 60_000);
});
