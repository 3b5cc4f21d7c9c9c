/** One look at the world after an action: which conditions of recovery are met. Never throws. */
import type { Alert } from "../domain/alert.ts";
import type { RecoveryCheck } from "../domain/incident.ts";
import type { Point } from "../domain/reading.ts";
import type { Target } from "../domain/target.ts";
import type { PipelineDependencies } from "./dependencies.ts";
import { withSilence } from "./observe/error-silence.ts";
import { isInProgress } from "./observe/service-facts.ts";
import { classifyStop, ORDINARY_STOPS } from "./observe/stop-class.ts";
import { amount, clock as timeOf } from "./observe/times.ts";
import { isInside, type WatchedMetric, watchedMetric } from "./observe/watched-metric.ts";
import { within } from "./read-time.ts";

export interface RecoveryLook {
  readonly checks: RecoveryCheck[];
  readonly running?: number;
  readonly badStops: number;
  /** The newest value of the watched metric since the action. */
  readonly metric?: number;
  /** The watched metric around the action: epoch milliseconds and value. */
  readonly points?: [number, number][];
}

export interface RecoveryQuestion {
  readonly alert: Alert;
  readonly target: Target;
  /** Only what happened after this counts. ISO 8601. */
  readonly since: string;
  /** Its joined alarms have to be OK, too. */
  readonly incidentId?: string;
}

type Check = Omit<RecoveryCheck, "condition">;

const unread = (error: unknown): Check => ({
  met: null,
  detail: `could not be read: ${error instanceof Error ? error.message : "unknown error"}`,
});

/** Looks once. `met: null` means that it cannot be said, which is never recovery. */
export async function lookAtRecovery(
  question: RecoveryQuestion,
  deps: PipelineDependencies,
): Promise<RecoveryLook> {
  const { alert, target } = question;
  const watched = watchedMetric(alert, target, deps.policy.timing.metricPeriodSeconds);
  const [service, stops, metric, alarm, joined] = await Promise.all([
    serviceSteady(question, deps).catch((error) => ({ check: unread(error), running: undefined })),
    noBadStops(question, deps).catch((error) => ({ check: unread(error), count: 0 })),
    isAboutTasks(alert)
      ? undefined
      : metricInside(question, watched, deps).catch((error): MetricLook => ({ check: unread(error) })),
    alarmOk(alert, deps).catch(unread),
    joinedOk(question, deps).catch(unread),
  ]);
  return {
    checks: [
      { condition: "service-steady", ...service.check },
      { condition: "no-bad-stops", ...stops.check },
      ...(metric === undefined ? [] : [{ condition: "metric-inside-threshold" as const, ...metric.check }]),
      ...(alarm === undefined ? [] : [{ condition: "alarm-ok" as const, ...alarm }]),
      ...(joined === undefined ? [] : [{ condition: "joined-alarms-ok" as const, ...joined }]),
    ],
    badStops: stops.count,
    ...(service.running === undefined ? {} : { running: service.running }),
    ...(metric?.value === undefined ? {} : { metric: metric.value }),
    ...(metric?.points === undefined ? {} : { points: metric.points }),
  };
}

/** What ECS itself reports is the state of the service and its tasks, which the other conditions ask; no metric is behind it. */
function isAboutTasks({ source }: Alert): boolean {
  return source === "ecs-event";
}

async function serviceSteady({ target }: RecoveryQuestion, deps: PipelineDependencies) {
  const options = within(deps);
  const service = await deps.readers.ecs.service(target, options);
  if (service === undefined)
    return { check: { met: false, detail: "the service does not exist" }, running: 0 };
  const rolling = service.deployments.some((one) => isInProgress(one, service.deployments.length));
  const health = await Promise.all(
    service.targetGroupArns.map((arn) => deps.readers.loadBalancers.targetHealth(arn, options)),
  );
  const sick = health.flat().filter((one) => one.state !== "healthy" && one.state !== "draining").length;
  const met = service.running === service.desired && service.pending === 0 && !rolling && sick === 0;
  const detail = `${service.running} of ${service.desired} tasks running, ${service.pending} pending${rolling ? ", a deployment is running" : ""}${sick > 0 ? `, ${sick} targets not healthy` : ""}`;
  return { check: { met, detail }, running: service.running };
}

async function noBadStops({ target, since }: RecoveryQuestion, deps: PipelineDependencies) {
  const { stopped } = await deps.readers.ecs.tasks(target, within(deps));
  const bad = stopped.filter(
    (task) => (task.stoppedAt ?? "") > since && !ORDINARY_STOPS.has(classifyStop(task)),
  );
  const detail =
    bad[0] === undefined
      ? "no task stopped for a bad reason since"
      : `${bad.length} stopped: ${bad[0].stoppedReason ?? "no reason"}`;
  return { check: { met: bad.length === 0, detail }, count: bad.length };
}

interface MetricLook {
  readonly check: Check;
  readonly value?: number | undefined;
  readonly points?: [number, number][];
}

/** Periods before the action that the charts show too. */
const CHART_PERIODS = 12;

async function metricInside(
  { since }: RecoveryQuestion,
  watched: WatchedMetric | undefined,
  deps: PipelineDependencies,
): Promise<MetricLook> {
  if (watched === undefined) {
    return { check: { met: null, detail: "the alert names no metric that can be read" } };
  }
  const period = watched.metric.periodSeconds * 1000;
  // Only periods that began after the action and are over: a mixed or running one proves nothing.
  const first = Math.ceil(Date.parse(since) / period) * period;
  const to = Math.floor(deps.now().getTime() / period) * period;
  if (to <= first) return { check: { met: null, detail: `no whole period since ${timeOf(since)} yet` } };
  const requests = requestsBehind(watched.metric);
  const queries = [
    { id: "watched", metric: watched.metric },
    ...(requests === undefined ? [] : [{ id: "requests", metric: requests }]),
  ];
  const window = { from: first - CHART_PERIODS * period, to };
  const series = await deps.readers.metrics.series(queries, window, within(deps));
  const points = withSilence(series.get("watched") ?? [], series.get("requests") ?? [], to - period);
  const newest = points.filter((point) => point.t >= first).slice(-watched.evaluationPeriods);
  return {
    check: judgeNewest(newest, watched, to),
    value: newest.at(-1)?.v,
    points: points.map(({ t, v }) => [t, v]),
  };
}

/** Counts that a load balancer reports only when they are not zero, of requests that it reports whenever there are any. */
const ERROR_COUNT = /^HTTPCode_(?:Target|ELB)_/;

/**
 * The requests that an error count is a part of, where silence means zero.
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
 */
function requestsBehind(metric: WatchedMetric["metric"]): WatchedMetric["metric"] | undefined {
  const counts = metric.namespace === "AWS/ApplicationELB" && ERROR_COUNT.test(metric.name);
  return counts && metric.statistic === "Sum" ? { ...metric, name: "RequestCount" } : undefined;
}

/** A series that stopped reporting so many periods ago says nothing about now. */
const STALE_PERIODS = 4;

function judgeNewest(newest: readonly Point[], watched: WatchedMetric, to: number): Check {
  const threshold = `threshold ${amount(watched.threshold)}`;
  const outside = newest.find((point) => !isInside(point.v, watched));
  if (outside !== undefined) {
    return { met: false, detail: `${amount(outside.v)} at ${timeOf(outside.t)}, ${threshold}` };
  }
  const last = newest.at(-1);
  if (last !== undefined && to - last.t > STALE_PERIODS * watched.metric.periodSeconds * 1000) {
    return { met: null, detail: `no data since ${timeOf(last.t)}` };
  }
  const needed = watched.evaluationPeriods;
  return newest.length < needed
    ? { met: null, detail: `${newest.length} of ${needed} data points since the action` }
    : { met: true, detail: `${newest.map((point) => amount(point.v)).join(", ")}, ${threshold}` };
}

async function alarmOk(alert: Alert, deps: PipelineDependencies): Promise<Check | undefined> {
  if (alert.alarm === undefined) return undefined;
  const alarm = await deps.readers.alarms.alarm(alert.alarm.name, within(deps));
  if (alarm === undefined) return { met: null, detail: "the alarm does not exist any more" };
  return { met: alarm.state === "OK", detail: `alarm is ${alarm.state}` };
}

/** More alarms than a service has; what joins beyond them is told, not asked for. */
const MOST_JOINED = 20;

async function joinedOk(
  { alert, incidentId }: RecoveryQuestion,
  deps: PipelineDependencies,
): Promise<Check | undefined> {
  if (incidentId === undefined) return undefined;
  const joined = await deps.store.joined(incidentId);
  const names = new Set(joined.flatMap((one) => (one.state === "ALARM" ? (one.alarm ?? []) : [])));
  if (alert.alarm !== undefined) names.delete(alert.alarm.name);
  if (names.size === 0) return undefined;
  const asked = [...names].slice(0, MOST_JOINED);
  const states = await Promise.all(
    asked.map(async (name) => ({
      name,
      state: (await deps.readers.alarms.alarm(name, within(deps)))?.state,
    })),
  );
  const firing = states.filter(({ state }) => state === "ALARM").map(({ name }) => name);
  if (firing.length > 0) return { met: false, detail: `${firing.join(", ")} still in ALARM` };
  const unclear = states.filter(({ state }) => state !== "OK").map(({ name }) => name);
  return unclear.length > 0
    ? { met: null, detail: `${unclear.join(", ")} can not be read or has no data` }
    : { met: true, detail: `${counted(asked.length)} that joined OK` };
}

function counted(alarms: number): string {
  return alarms === 1 ? "the alarm" : `all ${alarms} alarms`;
}
