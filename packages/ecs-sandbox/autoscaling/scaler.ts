import type { World } from "../world.ts";
import type { Activities, ServiceReading } from "./activities.ts";
import type { ScalableTarget, ScalingPolicy } from "./model.ts";
import { type Call, dimensionsOf } from "./policies.ts";
import { type LastChange, scaleInTo, scaleOutTo, type TrackingInput } from "./target-tracking.ts";

/** What the scaler works on. `setDesired` is UpdateService; it rejects when ECS refuses. */
export interface ScalerDeps {
  readonly world: World;
  readonly targets: () => readonly ScalableTarget[];
  readonly policies: () => readonly ScalingPolicy[];
  readonly activities: Activities;
  readonly call: Call;
  readonly read: ServiceReading;
  readonly setDesired: (resourceId: string, desired: number) => Promise<void>;
  readonly periodSeconds: () => number;
}

/** Follows the alarms of the policies. */
export interface Scaler {
  /** Looks at every target once: scales out, scales in, ends activities. */
  tick(): Promise<void>;
  /** A bound moved: a desired count outside of it is set to it at once. */
  clamp(target: ScalableTarget, change: { readonly min: boolean; readonly max: boolean }): Promise<void>;
}

interface Triggered {
  readonly policy: ScalingPolicy;
  readonly alarm: string;
  readonly input: TrackingInput;
}

/**
 * A scaler for target tracking. The largest scale-out of all policies wins, and scale-in needs all of them to agree;
 * while a deployment goes on there is none.
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html
 */
export function createScaler(deps: ScalerDeps): Scaler {
  const { world, activities } = deps;
  const lastOut = new Map<ScalableTarget, LastChange>();
  const lastIn = new Map<ScalableTarget, LastChange>();
  /** Alarms whose being at a bound has been noted, until they are no longer in ALARM. */
  const noted = new Set<string>();
  /** When a policy acted last: once per period, as an alarm that stays in ALARM triggers it again. */
  const actedAt = new Map<ScalingPolicy, number>();

  async function set(target: ScalableTarget, desired: number, cause: string): Promise<boolean> {
    try {
      await deps.setDesired(target.resourceId, desired);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      activities.failed(target.resourceId, desired, cause, why);
      return false;
    }
    activities.begin(target.resourceId, desired, cause);
    return true;
  }

  async function follow(target: ScalableTarget, inAlarm: ReadonlySet<string>): Promise<void> {
    const own = deps.policies().filter((policy) => policy.target === target);
    const now = world.now();
    const high = await triggered(own, (policy) => policy.highAlarm, inAlarm);
    if (high.length > 0) {
      if (!target.suspended.dynamicOut) await scaleOut(target, high, now);
      return;
    }
    const scalingIn = own.filter((policy) => policy.lowAlarm !== undefined);
    const low = await triggered(scalingIn, (policy) => policy.lowAlarm ?? "", inAlarm);
    const agreed = low.length > 0 && low.length === scalingIn.length;
    if (agreed && !target.suspended.dynamicIn && deps.read(target.resourceId)?.deploying === false) {
      await scaleIn(target, low, now);
    }
  }

  /** The policies whose alarm is in ALARM and that have data, each at most once a period. */
  async function triggered(
    policies: readonly ScalingPolicy[],
    alarmOf: (policy: ScalingPolicy) => string,
    inAlarm: ReadonlySet<string>,
  ): Promise<Triggered[]> {
    const found: Triggered[] = [];
    for (const policy of policies) {
      const alarm = alarmOf(policy);
      if (!inAlarm.has(alarm)) continue;
      const value = await latest(policy);
      const service = deps.read(policy.target.resourceId);
      if (value === undefined || !service) continue;
      const { min, max } = policy.target;
      const { targetValue } = policy;
      found.push({ policy, alarm, input: { ...service, min, max, value, targetValue } });
    }
    return found;
  }

  async function scaleOut(target: ScalableTarget, found: readonly Triggered[], now: number): Promise<void> {
    const due = found.filter(({ policy }) => now - (actedAt.get(policy) ?? 0) >= deps.periodSeconds() * 1000);
    let best: (Triggered & { readonly desired: number }) | undefined;
    for (const one of due) {
      actedAt.set(one.policy, now);
      const desired = scaleOutTo(one.input, lastOut.get(target), one.policy.scaleOutCooldownSeconds, now);
      if (desired !== undefined && desired > (best?.desired ?? 0)) best = { ...one, desired };
    }
    if (best) {
      const last = { from: best.input.running, to: best.desired, at: now };
      if (await set(target, best.desired, causeOf(best))) lastOut.set(target, last);
      return;
    }
    for (const one of due) {
      if (one.input.desired < target.max || noted.has(one.alarm)) continue;
      noted.add(one.alarm);
      activities.notScaled(target.resourceId, causeOf(one), {
        Code: "AlreadyAtMaxCapacity",
        MaxCapacity: target.max,
        CurrentCapacity: one.input.desired,
      });
    }
  }

  async function scaleIn(target: ScalableTarget, found: readonly Triggered[], now: number): Promise<void> {
    const wanted = found.map((one) => ({
      one,
      desired: scaleInTo(one.input, lastIn.get(target), one.policy.scaleInCooldownSeconds, now),
    }));
    const [first] = wanted.toSorted((a, b) => (b.desired ?? Infinity) - (a.desired ?? Infinity));
    if (first?.desired === undefined) return;
    const last = { from: first.one.input.running, to: first.desired, at: now };
    if (await set(target, first.desired, causeOf(first.one))) lastIn.set(target, last);
  }

  async function latest(policy: ScalingPolicy): Promise<number | undefined> {
    const period = deps.periodSeconds();
    const end = Math.floor(world.now() / 1000 / period) * period;
    const { metric } = policy;
    const answer = await deps.call("GetMetricStatistics", {
      Namespace: metric.namespace,
      MetricName: metric.name,
      Dimensions: dimensionsOf(metric),
      StartTime: end - 2 * period,
      EndTime: end,
      Period: period,
      Statistics: [metric.statistic],
    });
    const points = (answer["Datapoints"] ?? []) as readonly Readonly<Record<string, number>>[];
    return points.toSorted((a, b) => (b["Timestamp"] ?? 0) - (a["Timestamp"] ?? 0))[0]?.[metric.statistic];
  }

  async function alarmsInAlarm(): Promise<ReadonlySet<string>> {
    const names = deps.policies().flatMap((policy) => [policy.highAlarm, policy.lowAlarm ?? []].flat());
    if (names.length === 0) return new Set();
    const answer = await deps.call("DescribeAlarms", { AlarmNames: names, StateValue: "ALARM" });
    const alarms = (answer["MetricAlarms"] ?? []) as readonly { readonly AlarmName: string }[];
    return new Set(alarms.map((alarm) => alarm.AlarmName));
  }

  return {
    async tick() {
      const inAlarm = await alarmsInAlarm();
      for (const alarm of noted) if (!inAlarm.has(alarm)) noted.delete(alarm);
      for (const target of deps.targets()) await follow(target, inAlarm);
      activities.settle(deps.read);
    },
    async clamp(target, change) {
      const service = deps.read(target.resourceId);
      if (!service) return;
      if (change.min && service.desired < target.min) {
        await set(target, target.min, `minimum capacity was set to ${target.min}`);
      } else if (change.max && service.desired > target.max) {
        await set(target, target.max, `maximum capacity was set to ${target.max}`);
      }
    },
  };
}

function causeOf({ policy, alarm }: Triggered): string {
  return `monitor alarm ${alarm} in state ALARM triggered policy ${policy.name}`;
}
