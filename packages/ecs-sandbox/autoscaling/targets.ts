import { type Input, readFlag, readNumber, readObject, readTexts, requireText } from "../wire/input.ts";
import { type Operation, WireError } from "../wire/service.ts";
import { arnOf, hexId, type World } from "../world.ts";
import type { ScalableTarget, Suspended } from "./model.ts";

/** The scalable targets of the sandbox. */
export interface Targets {
  readonly operations: Readonly<Record<string, Operation>>;
  list(): readonly ScalableTarget[];
  /** Throws `ObjectNotFoundException` when it is not registered. */
  find(input: Input): ScalableTarget;
}

/**
 * Creates an empty set of targets. `registered` is called with every new target or bound, `removed` with every
 * removed target.
 */
export function createTargets(
  world: World,
  registered: (target: ScalableTarget, change: { readonly min: boolean; readonly max: boolean }) => void,
  removed: (target: ScalableTarget) => unknown,
): Targets {
  const targets = new Map<string, ScalableTarget>();
  const keyOf = (input: Input) =>
    `${requireText(input, "ServiceNamespace")}|${requireText(input, "ResourceId")}|${requireText(input, "ScalableDimension")}`;

  function find(input: Input): ScalableTarget {
    const target = targets.get(keyOf(input));
    if (!target) {
      throw new WireError(
        "ObjectNotFoundException",
        `No scalable target registered for service namespace: ${input["ServiceNamespace"]}, resource ID: ${input["ResourceId"]}, scalable dimension: ${input["ScalableDimension"]}`,
      );
    }
    return target;
  }

  return {
    find,
    list: () => [...targets.values()],
    operations: {
      RegisterScalableTarget(input) {
        const known = targets.get(keyOf(input));
        const min = readNumber(input, "MinCapacity") ?? known?.min;
        const max = readNumber(input, "MaxCapacity") ?? known?.max;
        if (min === undefined || max === undefined) {
          throw new WireError("ValidationException", "MinCapacity and MaxCapacity are required");
        }
        if (min > max) {
          throw new WireError("ValidationException", "Maximum capacity cannot be less than minimum capacity");
        }
        const target: ScalableTarget = known ?? {
          arn: arnOf(world, "application-autoscaling", `scalable-target/${hexId(30)}`),
          namespace: requireText(input, "ServiceNamespace"),
          resourceId: requireText(input, "ResourceId"),
          dimension: requireText(input, "ScalableDimension"),
          createdAt: new Date(world.now()),
          min,
          max,
          suspended: { dynamicIn: false, dynamicOut: false, scheduled: false },
        };
        const change = { min: !known || target.min !== min, max: !known || target.max !== max };
        target.min = min;
        target.max = max;
        target.suspended = readSuspended(readObject(input, "SuspendedState"), target.suspended);
        targets.set(keyOf(input), target);
        registered(target, change);
        return { ScalableTargetARN: target.arn };
      },

      async DeregisterScalableTarget(input) {
        const target = find(input);
        targets.delete(keyOf(input));
        await removed(target);
        return {};
      },

      DescribeScalableTargets(input) {
        const namespace = requireText(input, "ServiceNamespace");
        const ids = readTexts(input, "ResourceIds");
        return {
          ScalableTargets: [...targets.values()]
            .filter((target) => target.namespace === namespace)
            .filter((target) => ids.length === 0 || ids.includes(target.resourceId))
            .map(targetView),
        };
      },
    },
  };
}

function readSuspended(input: Input, before: Suspended): Suspended {
  return {
    dynamicIn: readFlag(input, "DynamicScalingInSuspended") ?? before.dynamicIn,
    dynamicOut: readFlag(input, "DynamicScalingOutSuspended") ?? before.dynamicOut,
    scheduled: readFlag(input, "ScheduledScalingSuspended") ?? before.scheduled,
  };
}

function targetView(target: ScalableTarget): Record<string, unknown> {
  return {
    ServiceNamespace: target.namespace,
    ResourceId: target.resourceId,
    ScalableDimension: target.dimension,
    MinCapacity: target.min,
    MaxCapacity: target.max,
    RoleARN: `arn:aws:iam::${target.arn.split(":")[4]}:role/aws-service-role/ecs.application-autoscaling.amazonaws.com/AWSServiceRoleForApplicationAutoScaling_ECSService`,
    CreationTime: target.createdAt,
    SuspendedState: {
      DynamicScalingInSuspended: target.suspended.dynamicIn,
      DynamicScalingOutSuspended: target.suspended.dynamicOut,
      ScheduledScalingSuspended: target.suspended.scheduled,
    },
    ScalableTargetARN: target.arn,
  };
}
