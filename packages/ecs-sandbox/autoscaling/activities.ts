import { randomUUID } from "node:crypto";
import type { World } from "../world.ts";
import type { NotScaledReason, ScalingActivity } from "./model.ts";

/** What the activities need to know of a service, `undefined` when it is gone. */
export type ServiceReading = (
  resourceId: string,
) => { readonly desired: number; readonly running: number; readonly deploying: boolean } | undefined;

/** The scaling activities, newest first. */
export interface Activities {
  /** Records a desired count that was just set; it ends when that many tasks run, or when another count is set. */
  begin(resourceId: string, desired: number, cause: string): void;
  /** Records a change that was wanted and not made. */
  notScaled(resourceId: string, cause: string, reason: NotScaledReason): void;
  /** A change that ECS refused. */
  failed(resourceId: string, desired: number, cause: string, why: string): void;
  list(): readonly ScalingActivity[];
  /** Ends what has been fulfilled or overridden meanwhile. */
  settle(read: ServiceReading): void;
}

/** No activities yet. Worded as in the user guide: https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-scaling-activities.html */
export function createActivities(world: World): Activities {
  const activities: ScalingActivity[] = [];
  const wanted = new Map<ScalingActivity, number>();
  const now = () => new Date(world.now());

  function add(activity: Omit<ScalingActivity, "id" | "startTime">): ScalingActivity {
    const added = { id: randomUUID(), startTime: now(), ...activity };
    activities.unshift(added);
    return added;
  }

  return {
    begin(resourceId, desired, cause) {
      const statusMessage = `Successfully set desired count to ${desired}. Waiting for change to be fulfilled by ecs.`;
      const description = `Setting desired count to ${desired}.`;
      wanted.set(add({ resourceId, description, cause, statusCode: "InProgress", statusMessage }), desired);
    },
    notScaled(resourceId, cause, reason) {
      const description = "Attempting to scale due to alarm triggered";
      add({
        resourceId,
        description,
        cause,
        statusCode: "Failed",
        endTime: now(),
        notScaledReasons: [reason],
      });
    },
    failed(resourceId, desired, cause, why) {
      add({
        resourceId,
        description: `Setting desired count to ${desired}.`,
        cause,
        statusCode: "Failed",
        statusMessage: `Failed to set desired count to ${desired}. Reason: ${why}`,
        endTime: now(),
      });
    },
    list: () => activities,
    settle(read) {
      for (const [activity, desired] of wanted) {
        const service = read(activity.resourceId);
        const set = `Successfully set desired count to ${desired}.`;
        if (service?.desired === desired && service.running === desired) {
          activity.statusCode = "Successful";
          activity.statusMessage = `${set} Change successfully fulfilled by ecs.`;
        } else if (service?.desired !== desired) {
          activity.statusCode = "Overridden";
          activity.statusMessage = `${set} Found it was later changed to ${service?.desired ?? 0}.`;
        } else {
          continue;
        }
        activity.endTime = now();
        wanted.delete(activity);
      }
    },
  };
}
