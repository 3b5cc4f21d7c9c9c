import { expect, it } from "vitest";
import { json } from "../support/aws-stub-answers.ts";
import { useAwsStub } from "../support/use-aws-stub.ts";

const target = { cluster: "shop", service: "checkout" };
const resource = {
  ServiceNamespace: "ecs",
  ResourceId: "service/shop/checkout",
  ScalableDimension: "ecs:service:DesiredCount",
};
const scalable = { ...resource, MinCapacity: 0, MaxCapacity: 10 };
const bed = useAwsStub();

it("reads the limits of the service", async () => {
  bed.stub.on("DescribeScalableTargets", json({ ScalableTargets: [scalable] }));

  const limits = await bed.aws.scaling.limits(target);

  expect(limits).toEqual({ min: 0, max: 10, suspended: false });
  expect(bed.stub.calls("DescribeScalableTargets")).toEqual([
    {
      ServiceNamespace: "ecs",
      ResourceIds: ["service/shop/checkout"],
      ScalableDimension: "ecs:service:DesiredCount",
    },
  ]);
});

it("knows the cluster by name also when the target has its ARN", async () => {
  bed.stub.on("DescribeScalableTargets", json({ ScalableTargets: [scalable] }));

  const limits = await bed.aws.scaling.limits({
    ...target,
    cluster: "arn:aws:ecs:us-east-1:000000000000:cluster/shop",
  });

  expect(limits).toBeDefined();
});

it.each([
  [{ DynamicScalingOutSuspended: true }, true],
  [{ DynamicScalingInSuspended: true }, true],
  [{ ScheduledScalingSuspended: true }, false],
])("%o", async (SuspendedState, suspended) => {
  bed.stub.on("DescribeScalableTargets", json({ ScalableTargets: [{ ...scalable, SuspendedState }] }));

  const limits = await bed.aws.scaling.limits(target);

  expect(limits?.suspended).toBe(suspended);
});

it("has no limits without a scalable target", async () => {
  bed.stub.on("DescribeScalableTargets", json({ ScalableTargets: [] }));

  const limits = await bed.aws.scaling.limits(target);

  expect(limits).toBeUndefined();
});

it("reads what autoscaling did", async () => {
  const activity = {
    ...resource,
    ActivityId: "1",
    StartTime: 1761991200,
    Description: "Setting desired count to 6.",
    Cause: "monitor alarm high-cpu in state ALARM triggered policy cpu",
    StatusCode: "Successful",
  };
  bed.stub.on(
    "DescribeScalingActivities",
    json({ ScalingActivities: [activity, { ActivityId: "no time" }] }),
  );

  const activities = await bed.aws.scaling.activities(target);

  expect(activities).toEqual([
    {
      at: "2025-11-01T10:00:00.000Z",
      description: "Setting desired count to 6.",
      cause: "monitor alarm high-cpu in state ALARM triggered policy cpu",
      status: "Successful",
    },
  ]);
  expect(bed.stub.calls("DescribeScalingActivities")).toEqual([{ ...resource, MaxResults: 50 }]);
});
