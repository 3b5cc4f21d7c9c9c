import { readNumber, readText, readTexts, requireText } from "../wire/input.ts";
import { type AwsService, WireError } from "../wire/service.ts";
import { arnOf, hexId, type World } from "../world.ts";

/** A change of capacity as `DescribeScalingActivities` lists it. */
interface ScalingActivity {
  readonly resourceId: string;
  readonly description: string;
  readonly cause: string;
  readonly statusCode: "Successful" | "Failed" | "InProgress" | "Pending";
  readonly startTime: Date;
  readonly endTime?: Date;
}

/** Application Auto Scaling as storage: nothing reacts to the targets and policies kept here. */
export interface AutoScaling {
  readonly service: AwsService;
  addActivity(activity: ScalingActivity): void;
}

interface ScalableTarget {
  readonly ServiceNamespace: string;
  readonly ResourceId: string;
  readonly ScalableDimension: string;
  readonly MinCapacity: number;
  readonly MaxCapacity: number;
  readonly ScalableTargetARN: string;
  readonly CreationTime: Date;
}

/** An empty Application Auto Scaling. */
export function createAutoScaling(world: World): AutoScaling {
  const targets = new Map<string, ScalableTarget>();
  const activities: ScalingActivity[] = [];
  return {
    addActivity(activity) {
      activities.unshift(activity);
    },
    service: {
      name: "application-autoscaling",
      protocol: { kind: "json", version: "1.1", targetPrefix: "AnyScaleFrontendService" },
      operations: {
        RegisterScalableTarget(input) {
          const ResourceId = requireText(input, "ResourceId");
          const ScalableDimension = requireText(input, "ScalableDimension");
          const known = targets.get(`${ResourceId}|${ScalableDimension}`);
          const MinCapacity = readNumber(input, "MinCapacity") ?? known?.MinCapacity;
          const MaxCapacity = readNumber(input, "MaxCapacity") ?? known?.MaxCapacity;
          if (MinCapacity === undefined || MaxCapacity === undefined) {
            throw new WireError("ValidationException", "MinCapacity and MaxCapacity are required");
          }
          if (MinCapacity > MaxCapacity) {
            throw new WireError(
              "ValidationException",
              "Maximum capacity cannot be less than minimum capacity",
            );
          }
          const target: ScalableTarget = {
            ServiceNamespace: requireText(input, "ServiceNamespace"),
            ResourceId,
            ScalableDimension,
            MinCapacity,
            MaxCapacity,
            ScalableTargetARN:
              known?.ScalableTargetARN ??
              arnOf(world, "application-autoscaling", `scalable-target/${hexId(30)}`),
            CreationTime: known?.CreationTime ?? new Date(world.now()),
          };
          targets.set(`${ResourceId}|${ScalableDimension}`, target);
          return { ScalableTargetARN: target.ScalableTargetARN };
        },
        DescribeScalableTargets(input) {
          const namespace = requireText(input, "ServiceNamespace");
          const ids = readTexts(input, "ResourceIds");
          return {
            ScalableTargets: [...targets.values()]
              .filter((target) => target.ServiceNamespace === namespace)
              .filter((target) => ids.length === 0 || ids.includes(target.ResourceId)),
          };
        },
        DescribeScalingPolicies(input) {
          requireText(input, "ServiceNamespace");
          return { ScalingPolicies: [] };
        },
        DescribeScalingActivities(input) {
          const namespace = requireText(input, "ServiceNamespace");
          const resourceId = readText(input, "ResourceId");
          return {
            ScalingActivities: activities
              .filter((activity) => resourceId === undefined || activity.resourceId === resourceId)
              .map((activity) => activityView(namespace, activity)),
          };
        },
      },
    },
  };
}

function activityView(namespace: string, activity: ScalingActivity): Record<string, unknown> {
  return {
    ActivityId: hexId(32),
    ServiceNamespace: namespace,
    ResourceId: activity.resourceId,
    ScalableDimension: "ecs:service:DesiredCount",
    Description: activity.description,
    Cause: activity.cause,
    StatusCode: activity.statusCode,
    StartTime: activity.startTime,
    EndTime: activity.endTime,
  };
}
