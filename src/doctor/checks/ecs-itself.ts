import type { ScalingLimitsReading, ServiceReading } from "../../domain/reading.ts";
import { type Check, type Finding, ok, type RunOptions, skipped, warning } from "../check.ts";
import type { Examination } from "../examination.ts";
import type { AlarmWiring } from "../ports.ts";
import { watchedServices } from "../watched-services.ts";

/** What ECS does by itself is free, and faster than anything that looks from outside. */
export const ecsItself: Check = {
  id: "ecs-itself",
  area: "services",
  does: "What ECS does by itself comes first: on each service the circuit breaker with rollback, deployment alarms, room to replace a task, target tracking, and a grace period for health checks are on.",
  remedy:
    "Run the command of the finding, or set the same in your templates; docs/what-ecs-does-itself.md says what each does and what is left for OpsAgent.",
  async run(examination, options) {
    const { ports } = examination.configured();
    const { name: cluster } = await examination.cluster();
    const alarms = await alarmNames(examination, options);
    const findings = (await examination.services()).map(async ({ name, reading }): Promise<Finding[]> => {
      if (reading.controller !== "ECS") {
        const seen = `${reading.controller} deploys it: breaker, alarms and percentages of ECS do not hold`;
        return [skipped(seen, undefined, name)];
      }
      const limits = await ports.scaling
        .limits({ cluster, service: name }, options)
        .catch(() => "unknown" as const);
      const advice = adviceFor({ cluster, service: name, reading, limits, alarms: alarms.get(name) ?? [] });
      if (advice.length === 0) return [ok("ECS does all of it by itself", name)];
      return advice.map(({ what, seen, command }) => warning(seen, command, `${what} ${name}`));
    });
    return (await Promise.all(findings)).flat();
  },
};

/** Alarms of each service that could fail a deployment; autoscaling's own say nothing of a revision. */
async function alarmNames(
  examination: Examination,
  options: RunOptions,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const watched = await watchedServices(examination, options).catch(() => undefined);
  return new Map(
    watched?.services.map(({ name, alarms }) => [
      name,
      alarms
        .filter(({ alarm }) => alarm.rule === undefined && !alarm.name.startsWith("TargetTracking-"))
        .toSorted((one, other) => Number(isOnAnswers(other.alarm)) - Number(isOnAnswers(one.alarm)))
        .map(({ alarm }) => alarm.name),
    ]),
  );
}

/** A bad revision shows in its answers first. */
function isOnAnswers({ metrics }: AlarmWiring): boolean {
  return metrics.some(({ metric }) => /5XX|Latency|ResponseTime|UnHealthy/i.test(metric));
}

interface Examined {
  readonly cluster: string;
  readonly service: string;
  readonly reading: ServiceReading;
  readonly limits: ScalingLimitsReading | undefined | "unknown";
  readonly alarms: readonly string[];
}

interface Advice {
  readonly what: string;
  readonly seen: string;
  readonly command: string;
}

function adviceFor(one: Examined): Advice[] {
  return [...breaker(one), ...deploymentAlarms(one), ...room(one), ...grace(one), ...scaling(one)];
}

/** ECS has the breaker for rolling deployments only; the others shift traffic back by alarms and hooks. */
function breaker(one: Examined): Advice[] {
  const { circuitBreaker, strategy = "ROLLING" } = one.reading;
  if (strategy !== "ROLLING" || (circuitBreaker?.enabled && circuitBreaker.rollback)) return [];
  return [
    {
      what: "circuit-breaker",
      seen:
        circuitBreaker?.enabled === true
          ? "the circuit breaker gives a deployment up and does not roll it back"
          : "no circuit breaker: a deployment whose tasks never start goes on for ever",
      command: configured(one, { deploymentCircuitBreaker: { enable: true, rollback: true } }),
    },
  ];
}

/** The most alarms that a command names; ECS takes more. */
const MOST_ALARMS = 5;

function deploymentAlarms(one: Examined): Advice[] {
  const { deploymentAlarms: alarms } = one.reading;
  const set = alarms?.names ?? [];
  if (alarms?.rollback === true && set.length > 0) return [];
  const proposed = set.length > 0 ? set : one.alarms.slice(0, MOST_ALARMS);
  const alarmNames = proposed.length > 0 ? proposed : ["NAME-OF-AN-ALARM-ON-5XX"];
  return [
    {
      what: "deployment-alarms",
      seen:
        set.length === 0
          ? "no deployment alarms: a revision that starts and then answers badly stays"
          : "deployment alarms give a deployment up and do not roll it back",
      command: configured(one, { alarms: { alarmNames, enable: true, rollback: true } }),
    },
  ];
}

/** A service that may neither lose nor gain a task can replace none. */
function room(one: Examined): Advice[] {
  const { minimumHealthyPercent: floor, maximumPercent: ceiling, desired, schedulingStrategy } = one.reading;
  if (floor === undefined || ceiling === undefined || desired === 0) return [];
  const mayLose = Math.ceil((desired * floor) / 100) < desired;
  const mayGain = schedulingStrategy !== "DAEMON" && Math.floor((desired * ceiling) / 100) > desired;
  if (mayLose || mayGain) return [];
  return [
    {
      what: "room-to-replace",
      seen: `of ${desired} tasks none may go (minimumHealthyPercent ${floor}) and none may be added (maximumPercent ${ceiling}): nothing is ever replaced`,
      command: configured(
        one,
        schedulingStrategy === "DAEMON"
          ? { minimumHealthyPercent: 0 }
          : { minimumHealthyPercent: 100, maximumPercent: 200 },
      ),
    },
  ];
}

/** Load-balancer checks count from a task's start where there is no grace period. */
function grace(one: Examined): Advice[] {
  const { targetGroupArns, healthCheckGraceSeconds = 0 } = one.reading;
  if (targetGroupArns.length === 0 || healthCheckGraceSeconds > 0) return [];
  return [
    {
      what: "grace-period",
      seen: "no grace period: a task that starts slowly is ended by the load balancer's checks before it is up",
      command: `${update(one)} --health-check-grace-period-seconds 60`,
    },
  ];
}

function scaling(one: Examined): Advice[] {
  const { limits, cluster, service } = one;
  const { schedulingStrategy, desired } = one.reading;
  if (schedulingStrategy === "DAEMON" || limits === "unknown") return [];
  const resource = `--service-namespace ecs --scalable-dimension ecs:service:DesiredCount --resource-id service/${cluster}/${service}`;
  const register = `aws application-autoscaling register-scalable-target ${resource}`;
  if (limits === undefined) {
    const least = Math.max(1, desired);
    const tracking = `'{"TargetValue": 60, "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}}'`;
    return [
      {
        what: "target-tracking",
        seen: "no autoscaling: tasks follow the load only while somebody adds some",
        command: `${register} --min-capacity ${least} --max-capacity ${least * 3} && aws application-autoscaling put-scaling-policy ${resource} --policy-name cpu --policy-type TargetTrackingScaling --target-tracking-scaling-policy-configuration ${tracking}`,
      },
    ];
  }
  if (!limits.suspended) return [];
  return [
    {
      what: "target-tracking",
      seen: "autoscaling is suspended",
      command: `${register} --suspended-state '{"DynamicScalingInSuspended": false, "DynamicScalingOutSuspended": false}'`,
    },
  ];
}

function update({ cluster, service }: Examined): string {
  return `aws ecs update-service --cluster ${cluster} --service ${service}`;
}

/** The whole deployment configuration with one change: what a command leaves out is not relied on to stay. */
function configured(one: Examined, change: Readonly<Record<string, unknown>>): string {
  const { minimumHealthyPercent, maximumPercent, circuitBreaker, deploymentAlarms: alarms } = one.reading;
  const configuration = {
    ...(minimumHealthyPercent === undefined ? {} : { minimumHealthyPercent }),
    ...(maximumPercent === undefined ? {} : { maximumPercent }),
    ...(circuitBreaker === undefined
      ? {}
      : { deploymentCircuitBreaker: { enable: circuitBreaker.enabled, rollback: circuitBreaker.rollback } }),
    ...(alarms === undefined
      ? {}
      : { alarms: { alarmNames: alarms.names, enable: true, rollback: alarms.rollback } }),
    ...change,
  };
  const spaced = JSON.stringify(configuration, null, 1).replace(/\n\s*/g, " ");
  return `${update(one)} --deployment-configuration '${spaced}'`;
}
