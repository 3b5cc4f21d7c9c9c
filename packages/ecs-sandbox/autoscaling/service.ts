import { readFlag, readText, requireText } from "../wire/input.ts";
import type { AwsService } from "../wire/service.ts";
import type { World } from "../world.ts";
import { createActivities, type ServiceReading } from "./activities.ts";
import type { ScalingActivity } from "./model.ts";
import { type Call, createPolicies } from "./policies.ts";
import { createScaler } from "./scaler.ts";
import { createTargets } from "./targets.ts";

/** Application Auto Scaling for ECS services: target tracking over the sandbox's own alarms. */
export interface AutoScaling {
  readonly service: AwsService;
  /** The period of the alarms of policies that are put from now on; 60 s at first, as on AWS. */
  setPeriod(seconds: number): void;
  start(): void;
  stop(): void;
}

/** What it works on: the other services of the sandbox, and its ECS. */
export interface AutoScalingDeps {
  readonly world: World;
  readonly call: Call;
  readonly read: ServiceReading;
}

const tickMs = 1000;

/** An empty Application Auto Scaling; nothing is scaled before `start()`. */
export function createAutoScaling(deps: AutoScalingDeps): AutoScaling {
  const { world, call, read } = deps;
  let periodSeconds = 60;
  let timer: NodeJS.Timeout | undefined;
  let busy = false;
  const activities = createActivities(world);
  const policies = createPolicies({
    world,
    call,
    targets: () => targets,
    periodSeconds: () => periodSeconds,
  });
  const scaler = createScaler({
    world,
    activities,
    call,
    read,
    targets: () => targets.list(),
    policies: policies.list,
    periodSeconds: () => periodSeconds,
    async setDesired(resourceId, desiredCount) {
      const [, cluster, service] = resourceId.split("/");
      await call("UpdateService", { cluster, service, desiredCount });
    },
  });
  const targets = createTargets(
    world,
    (target, change) => void scaler.clamp(target, change),
    policies.removeOf,
  );

  return {
    setPeriod(seconds) {
      periodSeconds = seconds;
    },
    start() {
      timer = setInterval(() => {
        if (busy) return;
        busy = true;
        scaler.tick().finally(() => {
          busy = false;
        });
      }, tickMs);
    },
    stop: () => clearInterval(timer),
    service: {
      name: "application-autoscaling",
      protocol: { kind: "json", version: "1.1", targetPrefix: "AnyScaleFrontendService" },
      operations: {
        ...targets.operations,
        ...policies.operations,
        DescribeScalingActivities(input) {
          const namespace = requireText(input, "ServiceNamespace");
          const resourceId = readText(input, "ResourceId");
          const all = readFlag(input, "IncludeNotScaledActivities") ?? false;
          return {
            ScalingActivities: activities
              .list()
              .filter((activity) => resourceId === undefined || activity.resourceId === resourceId)
              .filter((activity) => all || activity.notScaledReasons === undefined)
              .map((activity) => activityView(namespace, activity)),
          };
        },
      },
    },
  };
}

function activityView(namespace: string, activity: ScalingActivity): Record<string, unknown> {
  return {
    ActivityId: activity.id,
    ServiceNamespace: namespace,
    ResourceId: activity.resourceId,
    ScalableDimension: "ecs:service:DesiredCount",
    Description: activity.description,
    Cause: activity.cause,
    StatusCode: activity.statusCode,
    StatusMessage: activity.statusMessage,
    StartTime: activity.startTime,
    EndTime: activity.endTime,
    NotScaledReasons: activity.notScaledReasons,
  };
}
