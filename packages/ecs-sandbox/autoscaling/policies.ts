import { randomUUID } from "node:crypto";
import {
  type Input,
  readFlag,
  readNumber,
  readObject,
  readText,
  readTexts,
  requireText,
} from "../wire/input.ts";
import { type Operation, WireError } from "../wire/service.ts";
import { arnOf, type World } from "../world.ts";
import type { ScalableTarget, ScalingPolicy, TrackedMetric } from "./model.ts";
import type { Targets } from "./targets.ts";

/** Calls an operation of another service of the sandbox. */
export type Call = (operation: string, input: Record<string, unknown>) => Promise<Record<string, unknown>>;

/** The scaling policies of the sandbox. */
export interface Policies {
  readonly operations: Readonly<Record<string, Operation>>;
  list(): readonly ScalingPolicy[];
  /** Removes the policies of a target with their alarms. */
  removeOf(target: ScalableTarget): Promise<void>;
}

/** What the policies need. `periodSeconds` is the period of the alarms, 60 on AWS. */
export interface PolicyDeps {
  readonly world: World;
  readonly targets: () => Targets;
  readonly call: Call;
  readonly periodSeconds: () => number;
}

/** A breach of so many periods scales out, and of so many scales in, both as AWS sets its alarms. */
const outPeriods = 3;
const inPeriods = 15;
/** Scale-in begins at a tenth below the target value. */
const inShare = 0.9;

/** No policies. Target tracking only: step scaling is answered with the error for a wrong request. */
export function createPolicies(deps: PolicyDeps): Policies {
  const { world, call } = deps;
  const policies = new Map<string, ScalingPolicy>();
  const keyOf = (target: ScalableTarget, name: string) => `${target.resourceId}|${target.dimension}|${name}`;

  async function putAlarm(policy: ScalingPolicy, name: string, isHigh: boolean): Promise<void> {
    await call("PutMetricAlarm", {
      AlarmName: name,
      AlarmDescription: `DO NOT EDIT OR DELETE. For TargetTrackingScaling policy ${policy.arn}.`,
      Namespace: policy.metric.namespace,
      MetricName: policy.metric.name,
      Statistic: policy.metric.statistic,
      Dimensions: dimensionsOf(policy.metric),
      Period: deps.periodSeconds(),
      EvaluationPeriods: isHigh ? outPeriods : inPeriods,
      Threshold: isHigh ? policy.targetValue : policy.targetValue * inShare,
      ComparisonOperator: isHigh ? "GreaterThanThreshold" : "LessThanThreshold",
      TreatMissingData: "missing",
      AlarmActions: [policy.arn],
    });
  }

  async function remove(policy: ScalingPolicy): Promise<void> {
    policies.delete(keyOf(policy.target, policy.name));
    await call("DeleteAlarms", { AlarmNames: alarmsOf(policy) });
  }

  return {
    list: () => [...policies.values()],
    async removeOf(target) {
      for (const policy of policies.values()) if (policy.target === target) await remove(policy);
    },
    operations: {
      async PutScalingPolicy(input) {
        const target = deps.targets().find(input);
        const name = requireText(input, "PolicyName");
        const known = policies.get(keyOf(target, name));
        const policy = readPolicy(input, name, target, world, known);
        if (known) await remove(known);
        policies.set(keyOf(target, name), policy);
        await putAlarm(policy, policy.highAlarm, true);
        if (policy.lowAlarm !== undefined) await putAlarm(policy, policy.lowAlarm, false);
        return { PolicyARN: policy.arn, Alarms: alarmViews(policy, world) };
      },

      async DeleteScalingPolicy(input) {
        const target = deps.targets().find(input);
        const policy = policies.get(keyOf(target, requireText(input, "PolicyName")));
        if (!policy) {
          throw new WireError(
            "ObjectNotFoundException",
            `No scaling policy found for ${input["PolicyName"]}`,
          );
        }
        await remove(policy);
        return {};
      },

      DescribeScalingPolicies(input) {
        const namespace = requireText(input, "ServiceNamespace");
        const resourceId = readText(input, "ResourceId");
        const names = readTexts(input, "PolicyNames");
        return {
          ScalingPolicies: [...policies.values()]
            .filter((policy) => policy.target.namespace === namespace)
            .filter((policy) => resourceId === undefined || policy.target.resourceId === resourceId)
            .filter((policy) => names.length === 0 || names.includes(policy.name))
            .map((policy) => policyView(policy, world)),
        };
      },
    },
  };
}

function readPolicy(
  input: Input,
  name: string,
  target: ScalableTarget,
  world: World,
  known: ScalingPolicy | undefined,
): ScalingPolicy {
  if ((readText(input, "PolicyType") ?? "StepScaling") !== "TargetTrackingScaling") {
    throw new WireError("ValidationException", "Only TargetTrackingScaling policies can be used here.");
  }
  const configuration = readObject(input, "TargetTrackingScalingPolicyConfiguration");
  const targetValue = readNumber(configuration, "TargetValue");
  if (targetValue === undefined || targetValue <= 0) {
    throw new WireError("ValidationException", "TargetValue must be greater than 0.");
  }
  const disableScaleIn = readFlag(configuration, "DisableScaleIn") ?? false;
  const alarm = (end: string) => `TargetTracking-${target.resourceId}-${end}-${randomUUID()}`;
  return {
    arn:
      known?.arn ??
      arnOf(
        world,
        "autoscaling",
        `scalingPolicy:${randomUUID()}:resource/ecs/${target.resourceId}:policyName/${name}`,
      ),
    name,
    target,
    createdAt: known?.createdAt ?? new Date(world.now()),
    metric: readMetric(readObject(configuration, "PredefinedMetricSpecification"), target),
    targetValue,
    // https://docs.aws.amazon.com/autoscaling/application/APIReference/API_TargetTrackingScalingPolicyConfiguration.html
    scaleOutCooldownSeconds: readNumber(configuration, "ScaleOutCooldown") ?? 300,
    scaleInCooldownSeconds: readNumber(configuration, "ScaleInCooldown") ?? 300,
    disableScaleIn,
    highAlarm: alarm("AlarmHigh"),
    ...(disableScaleIn ? {} : { lowAlarm: alarm("AlarmLow") }),
    request: configuration,
  };
}

/** `ResourceLabel` of a request count is `app/<name>/<id>/targetgroup/<name>/<id>`. */
function readMetric(specification: Input, target: ScalableTarget): TrackedMetric {
  const type = requireText(specification, "PredefinedMetricType");
  const [, cluster = "", service = ""] = target.resourceId.split("/");
  const ecs = {
    namespace: "AWS/ECS",
    statistic: "Average" as const,
    dimensions: { ClusterName: cluster, ServiceName: service },
  };
  if (type === "ECSServiceAverageCPUUtilization") return { ...ecs, type, name: "CPUUtilization" };
  if (type === "ECSServiceAverageMemoryUtilization") return { ...ecs, type, name: "MemoryUtilization" };
  if (type !== "ALBRequestCountPerTarget") {
    throw new WireError("ValidationException", `PredefinedMetricType ${type} does not fit an ECS service.`);
  }
  const label = requireText(specification, "ResourceLabel");
  const group = /^app\/[^/]+\/[^/]+\/(targetgroup\/[^/]+\/[^/]+)$/.exec(label)?.[1];
  if (group === undefined) throw new WireError("ValidationException", `Invalid ResourceLabel: ${label}`);
  return {
    type,
    namespace: "AWS/ApplicationELB",
    name: "RequestCountPerTarget",
    statistic: "Sum",
    dimensions: { TargetGroup: group },
  };
}

/** The dimensions of a metric as CloudWatch requests list them. */
export function dimensionsOf(
  metric: TrackedMetric,
): readonly { readonly Name: string; readonly Value: string }[] {
  return Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value }));
}

function alarmsOf(policy: ScalingPolicy): string[] {
  return [policy.highAlarm, ...(policy.lowAlarm === undefined ? [] : [policy.lowAlarm])];
}

function alarmViews(policy: ScalingPolicy, world: World): Record<string, string>[] {
  return alarmsOf(policy).map((name) => ({
    AlarmName: name,
    AlarmARN: arnOf(world, "cloudwatch", `alarm:${name}`),
  }));
}

function policyView(policy: ScalingPolicy, world: World): Record<string, unknown> {
  return {
    PolicyARN: policy.arn,
    PolicyName: policy.name,
    ServiceNamespace: policy.target.namespace,
    ResourceId: policy.target.resourceId,
    ScalableDimension: policy.target.dimension,
    PolicyType: "TargetTrackingScaling",
    TargetTrackingScalingPolicyConfiguration: policy.request,
    Alarms: alarmViews(policy, world),
    CreationTime: policy.createdAt,
  };
}
