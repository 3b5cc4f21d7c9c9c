/** Application Auto Scaling. A service without a scalable target has neither limits nor activities. */
import { json } from "../../../test/support/aws-stub-answers.ts";
import { createRandom } from "../random.ts";
import type { Handlers } from "./handlers.ts";
import type { Scene } from "./scene.ts";

const TRACKED = {
  cpu: "ECSServiceAverageCPUUtilization",
  memory: "ECSServiceAverageMemoryUtilization",
  requestsPerTarget: "ALBRequestCountPerTarget",
} as const;

/** The target tracking policy whose alarm the case is about. */
export function scalingPolicy(scene: Scene) {
  const { service, alarm } = scene.world;
  const resource = `service/${scene.cluster}/${service}`;
  const name = `${service}-target-tracking`;
  const type = TRACKED[alarm.metric as keyof typeof TRACKED];
  const id = createRandom(`${service} policy`).hex(8);
  return {
    PolicyARN: scene.arn(
      "autoscaling",
      `scalingPolicy:${id}-3c1f-4a52-9b7e-0d5f2a6c8e11:resource/ecs/${resource}:policyName/${name}`,
    ),
    PolicyName: name,
    ServiceNamespace: "ecs",
    ResourceId: resource,
    ScalableDimension: "ecs:service:DesiredCount",
    PolicyType: "TargetTrackingScaling",
    TargetTrackingScalingPolicyConfiguration: {
      // The alarm that scales in stands at nine tenths of it.
      TargetValue: Math.round((alarm.threshold / 0.9) * 10) / 10,
      PredefinedMetricSpecification: { PredefinedMetricType: type },
    },
    CreationTime: scene.seconds(-250_000),
  };
}

/** DescribeScalableTargets, DescribeScalingActivities and DescribeScalingPolicies of the case. */
export function scalingHandlers(scene: Scene): Handlers {
  const { scaling, service } = scene.world;
  const common = {
    ServiceNamespace: "ecs",
    ResourceId: `service/${scene.cluster}/${service}`,
    ScalableDimension: "ecs:service:DesiredCount",
  };
  if (scaling === undefined) {
    return {
      DescribeScalableTargets: () => json({ ScalableTargets: [] }),
      DescribeScalingActivities: () => json({ ScalingActivities: [] }),
      DescribeScalingPolicies: () => json({ ScalingPolicies: [] }),
    };
  }
  const suspended = scaling.suspended ?? false;
  return {
    DescribeScalableTargets: () =>
      json({
        ScalableTargets: [
          {
            ...common,
            MinCapacity: scaling.min,
            MaxCapacity: scaling.max,
            RoleARN: scene.arn("iam", "role/aws-service-role/ecs.application-autoscaling.amazonaws.com"),
            CreationTime: scene.seconds(-250_000),
            SuspendedState: {
              DynamicScalingInSuspended: suspended,
              DynamicScalingOutSuspended: suspended,
              ScheduledScalingSuspended: suspended,
            },
          },
        ],
      }),
    DescribeScalingActivities: () =>
      json({
        ScalingActivities: (scaling.activities ?? [])
          .toSorted((one, other) => other.at - one.at)
          .map((activity) => ({
            ...common,
            ActivityId: createRandom(`${scene.name}${activity.at}`).hex(32),
            Description: `Setting desired count to ${activity.to}.`,
            Cause: `monitor alarm TargetTracking-service/${scene.cluster}/${service}-Alarm${activity.to > activity.from ? "High" : "Low"}-${createRandom(service).hex(8)} in state ALARM triggered policy ${activity.policy ?? "cpu-target-tracking"}`,
            StartTime: scene.seconds(activity.at),
            EndTime: scene.seconds(Math.min(activity.at + 0.6, -0.1)),
            StatusCode: activity.status ?? "Successful",
            StatusMessage: `Successfully set desired count to ${activity.to}. Change successfully fulfilled by ecs.`,
          })),
      }),
    DescribeScalingPolicies: () =>
      json({ ScalingPolicies: scene.world.alarm.ofScaling === undefined ? [] : [scalingPolicy(scene)] }),
  };
}
