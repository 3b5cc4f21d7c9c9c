/** One look at the service after an action: which conditions of recovery are met. Never throws. */
import type { Alert } from "../domain/alert.ts";
import { identityOf } from "../domain/alert-grouping.ts";
import type { RecoveryCheck } from "../domain/incident/incident.ts";
import type { AlarmReading, ServiceReading } from "../domain/reading.ts";
import type { Target } from "../domain/target.ts";
import { type AlertedAlarm, readAlertedAlarm } from "../evidence/alerted-alarm.ts";
import { isInProgress } from "../evidence/facts/service-facts.ts";
import { classifyStop, ORDINARY_STOPS } from "../evidence/facts/stop-class.ts";
import { readTimeout } from "../evidence/read-timeout.ts";
import { type WatchedMetric, watchedBy } from "../evidence/watched-metric.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";
import { compositeAlarmInside } from "./composite-alarm.ts";
import { type MetricLook, metricInside } from "./metric-inside.ts";
import { backToNormal, isWritable, type RecoveryBasis, seriesBackToNormal } from "./normal-series.ts";

export interface RecoveryLook {
  readonly checks: RecoveryCheck[];
  readonly running?: number;
  readonly badStops: number;
  /** The newest value of the watched metric since the action. */
  readonly metric?: number;
  /** What that value is compared with. */
  readonly watched?: WatchedMetric;
  /** The watched metric around the action: epoch milliseconds and value. */
  readonly points?: [number, number][];
}

export interface RecoveryQuestion {
  readonly alert: Alert;
  readonly target: Target;
  /** Only what happened after this counts. ISO 8601. */
  readonly since: string;
  readonly basis: RecoveryBasis;
  /** The incident whose attached alarms have to be OK, too. */
  readonly incidentId?: string;
  /** Names of further alarms that have to be OK, attached or not. */
  readonly alsoOk?: readonly string[];
}

type Check = Omit<RecoveryCheck, "condition">;

const unread = (error: unknown): Check => ({
  met: null,
  detail: `could not be read: ${error instanceof Error ? error.message : "unknown error"}`,
});

/** Looks once. `met: null` means unknown, which is never recovery. */
export async function lookAtRecovery(
  question: RecoveryQuestion,
  deps: WorkflowDependencies,
): Promise<RecoveryLook> {
  const { alert, basis } = question;
  const known = basis.alarmKnown ? alert.alarm : undefined;
  const own = known && readAlertedAlarm(known, deps.readers.alarms, readTimeout(deps));
  const watched = watchedBy(await own?.catch(() => undefined));
  const failed = (error: unknown): MetricLook => ({ check: unread(error) });
  const [service, stops, alarmMetric, normal, alarm, joined] = await Promise.all([
    serviceSteady(question, deps).catch((error) => ({ check: unread(error), running: undefined })),
    noBadStops(question, deps).catch((error) => ({ check: unread(error), count: 0 })),
    own === undefined ? undefined : metricLook(question, watched, own, deps).catch(failed),
    isJudgedBySeries(question, watched, deps)
      ? seriesBackToNormal(basis, question.since, deps).catch(failed)
      : undefined,
    alarmOk(own).catch(unread),
    joinedOk(question, deps).catch(unread),
  ]);
  const metric = alarmMetric ?? normal;
  const [first] = basis.series;
  const compared = own === undefined ? first && backToNormal(first) : watched;
  return {
    checks: [
      { condition: "service-steady", ...service.check },
      { condition: "no-bad-stops", ...stops.check },
      ...(alarmMetric === undefined
        ? []
        : [{ condition: "metric-inside-threshold" as const, ...alarmMetric.check }]),
      ...(normal === undefined ? [] : [{ condition: "series-back-to-normal" as const, ...normal.check }]),
      ...(alarm === undefined ? [] : [{ condition: "alarm-ok" as const, ...alarm }]),
      ...(joined === undefined ? [] : [{ condition: "joined-alarms-ok" as const, ...joined }]),
    ],
    badStops: stops.count,
    ...(service.running === undefined ? {} : { running: service.running }),
    ...(metric?.value === undefined ? {} : { metric: metric.value }),
    ...(compared === undefined ? {} : { watched: compared }),
    ...(metric?.points === undefined ? {} : { points: metric.points }),
  };
}

/**
 * Whether the series that supported the diagnosis have to be back: where AWS knows no alarm, and where its metric can be
 * written by applications. ECS events are about the service and its tasks, which the other conditions check.
 */
function isJudgedBySeries(
  { alert, basis }: RecoveryQuestion,
  watched: WatchedMetric | undefined,
  { policy }: WorkflowDependencies,
): boolean {
  if (!basis.alarmKnown) return alert.source !== "ecs-event";
  return watched !== undefined && basis.series.length > 0 && isWritable(watched, policy.trustedNamespaces);
}

async function serviceSteady({ target }: RecoveryQuestion, deps: WorkflowDependencies) {
  const options = readTimeout(deps);
  const service = await deps.readers.ecs.service(target, options);
  if (service === undefined)
    return { check: { met: false, detail: "the service does not exist" }, running: 0 };
  const rolling = service.deployments.some((one) => isInProgress(one, service.deployments.length));
  const health = await Promise.all(
    service.targetGroupArns.map((arn) => deps.readers.loadBalancers.targetHealth(arn, options)),
  );
  const sick = health.flat().filter((one) => one.state !== "healthy" && one.state !== "draining").length;
  const shifting = await whyTrafficMoves(service, target, deps);
  const settled = !rolling && shifting === undefined;
  const met = service.running === service.desired && service.pending === 0 && settled && sick === 0;
  const moving = shifting === undefined ? "" : `, ${shifting}`;
  const detail = `${service.running} of ${service.desired} tasks running, ${service.pending} pending${rolling ? ", a deployment is running" : ""}${moving}${sick > 0 ? `, ${sick} targets not healthy` : ""}`;
  return { check: { met, detail }, running: service.running };
}

/** Statuses of a deployment in the history after which traffic stays where it is. */
const SETTLED: ReadonlySet<string> = new Set(["SUCCESSFUL", "STOPPED", "ROLLBACK_SUCCESSFUL"]);

/** Why traffic may still move between revisions; undefined where it does not, and where tasks are only replaced. */
async function whyTrafficMoves(
  { strategy = "ROLLING" }: ServiceReading,
  target: Target,
  { readers, ...deps }: WorkflowDependencies,
): Promise<string | undefined> {
  if (strategy === "ROLLING" || readers.deploymentHistory === undefined) return undefined;
  const [newest] = await readers.deploymentHistory.deployments(target, readTimeout(deps));
  if (newest === undefined || SETTLED.has(newest.status)) return undefined;
  const stage = newest.stage === undefined ? "" : `, stage ${newest.stage}`;
  return `the traffic is not back: deployment ${newest.id} is ${newest.status}${stage}`;
}

async function noBadStops({ target, since }: RecoveryQuestion, deps: WorkflowDependencies) {
  const { stopped } = await deps.readers.ecs.tasks(target, readTimeout(deps));
  const bad = stopped.filter(
    (task) => (task.stoppedAt ?? "") > since && !ORDINARY_STOPS.has(classifyStop(task)),
  );
  const detail =
    bad[0] === undefined
      ? "no task stopped for a bad reason since"
      : `${bad.length} stopped: ${bad[0].stoppedReason ?? "no reason"}`;
  return { check: { met: bad.length === 0, detail }, count: bad.length };
}

/** The alert's own alarm as it is now, read once a look; undefined where the alert names none. */
type OwnAlarm = Promise<AlarmReading | undefined> | undefined;

/** A composite alarm has no metric: its parts are checked. */
async function metricLook(
  { since }: RecoveryQuestion,
  watched: WatchedMetric | undefined,
  own: OwnAlarm,
  deps: WorkflowDependencies,
): Promise<MetricLook> {
  const rule = watched === undefined ? (await own)?.rule : undefined;
  if (rule !== undefined) return compositeAlarmInside(rule, since, deps);
  return metricInside(since, watched, deps);
}

async function alarmOk(own: OwnAlarm): Promise<Check | undefined> {
  if (own === undefined) return undefined;
  const alarm = await own;
  if (alarm === undefined) return { met: null, detail: "the alarm does not exist any more" };
  return { met: alarm.state === "OK", detail: `alarm is ${alarm.state}` };
}

/** The most attached alarms that are checked; further ones are reported only. */
const MOST_JOINED = 20;

async function joinedOk(
  { alert, incidentId, alsoOk = [] }: RecoveryQuestion,
  deps: WorkflowDependencies,
): Promise<Check | undefined> {
  if (incidentId === undefined) return undefined;
  const joined = await deps.store.joined(incidentId);
  const fired = joined.flatMap(({ state, alarm: name, contributor }): AlertedAlarm[] =>
    state !== "ALARM" || name === undefined ? [] : [{ name, contributor }],
  );
  const alarms = new Map(
    [...alsoOk.map((name) => ({ name })), ...fired].map((one) => [identityOf(one), one]),
  );
  if (alert.alarm !== undefined) alarms.delete(identityOf(alert.alarm));
  if (alarms.size === 0) return undefined;
  const asked = [...alarms.values()].slice(0, MOST_JOINED);
  const states = await Promise.all(
    asked.map(async (one) => ({
      name: one.name,
      state: (await readAlertedAlarm(one, deps.readers.alarms, readTimeout(deps)))?.state,
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
