import type { ScalingActivityReading } from "../../domain/reading.ts";
import type { Target } from "../../domain/target.ts";
import type { ScalingReader } from "../../evidence/ports.ts";
import { call } from "./call.ts";
import type { AwsClients } from "./clients.ts";
import { isoTime } from "./defined.ts";

/** AWS returns the newest activities first; older ones say nothing about a current incident. */
const newestActivities = 50;

const desiredCount = { ServiceNamespace: "ecs", ScalableDimension: "ecs:service:DesiredCount" } as const;

/** Reads Application Auto Scaling of a service's desired count. */
export function createScalingReader(clients: AwsClients): ScalingReader {
  return {
    async limits(target, options) {
      const { sdk, client } = await clients.scaling();
      const input = { ...desiredCount, ResourceIds: [resourceId(target)] };
      const answer = await call("application-autoscaling:DescribeScalableTargets", options, (send) =>
        client.send(new sdk.DescribeScalableTargetsCommand(input), send),
      );
      const found = answer.ScalableTargets?.find(({ ResourceId }) => ResourceId === resourceId(target));
      if (found?.MinCapacity === undefined || found.MaxCapacity === undefined) return undefined;
      const { DynamicScalingInSuspended, DynamicScalingOutSuspended } = found.SuspendedState ?? {};
      return {
        min: found.MinCapacity,
        max: found.MaxCapacity,
        suspended: Boolean(DynamicScalingInSuspended || DynamicScalingOutSuspended),
      };
    },

    async activities(target, options) {
      const { sdk, client } = await clients.scaling();
      const input = { ...desiredCount, ResourceId: resourceId(target), MaxResults: newestActivities };
      const answer = await call("application-autoscaling:DescribeScalingActivities", options, (send) =>
        client.send(new sdk.DescribeScalingActivitiesCommand(input), send),
      );
      return (answer.ScalingActivities ?? []).flatMap((activity): ScalingActivityReading[] => {
        const at = isoTime(activity.StartTime);
        const { Description: description = "", Cause: cause = "", StatusCode: status = "Unknown" } = activity;
        return at ? [{ at, description, cause, status }] : [];
      });
    },
  };
}

/** Application Auto Scaling knows clusters by name only, also when the target has the ARN. */
function resourceId({ cluster, service }: Target): string {
  return `service/${cluster.slice(cluster.lastIndexOf("/") + 1)}/${service}`;
}
