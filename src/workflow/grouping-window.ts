/**
 * The grouping window. A fault fires several alarms within minutes, and each would be an incident and a message of its
 * own. An escalated incident keeps its lock for that time: a new alarm is attached to it and investigated, and people are
 * notified again only where cause, severity, decision or action differ.
 */
import { extendLockForGroupingWindow } from "../alert-grouping/incident-lock.ts";
import type { Alert } from "../domain/alert.ts";
import { type AttachedAlert, attachedName } from "../domain/alert-grouping.ts";
import type { Cause } from "../domain/cause.ts";
import type { Incident } from "../domain/incident/incident.ts";
import { endedNow } from "../domain/incident/incident-outcome.ts";
import { readAlertedAlarm } from "../evidence/alerted-alarm.ts";
import { readTimeout } from "../evidence/read-timeout.ts";
import { deliveryEvents, post, tryAll } from "../notification/delivery.ts";
import { keepTrying } from "../notification/keep-trying.ts";
import { type Telling, updateLetters } from "../notification/status-updates.ts";
import { closeIncident, notifyClosed } from "./closing.ts";
import type { WorkflowDependencies } from "./dependencies.ts";
import type { DurableSteps } from "./durable-steps.ts";
import { fail } from "./failures.ts";
import type { IncidentInput } from "./incident-input.ts";
import { collectStableEvidence, diagnoseByRules } from "./investigation.ts";
import { investigationLeaseSeconds } from "./lease-durations.ts";
import { remediate } from "./remediation-attempt.ts";
import { StageFailure } from "./stage-failure.ts";

/** Keeps the place of an incident that people are about to be told of. False: it ends here, as every other one. */
export async function openGroupingWindow(
  input: IncidentInput,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<boolean> {
  if (!settles(input, run.incident, deps)) return false;
  const seconds = deps.policy.timing.settleSeconds + investigationLeaseSeconds(deps.policy);
  return (await extendLockForGroupingWindow(run.incident.id, seconds, run, deps)) !== undefined;
}

/** Left to people, or only watched. Noise has a memory of its own; what failed may go better the next time. */
function settles(input: IncidentInput, incident: Incident, { policy }: WorkflowDependencies): boolean {
  const { status, decision, diagnosis, target } = incident;
  if (!input.settles || policy.timing.settleSeconds === 0 || status === "failed") return false;
  if (target === undefined || decision === undefined || diagnosis?.cause === "no-fault") return false;
  return endedNow(incident).status === "escalated" || wouldHave(incident) !== undefined;
}

/** Waits for the rest of the fault's alarms, then ends the incident. */
export async function awaitGroupingWindow(
  input: IncidentInput,
  telling: Telling,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<void> {
  const before = run.incident;
  const watched = mayLookAgain(before) ? await watch(before, run, deps) : undefined;
  if (watched?.late.length) await lookIntoLate(input.alert, watched.late, telling, run, deps);
  const acted = run.incident.actions.length > before.actions.length;
  const left = deps.policy.timing.settleSeconds - (watched?.seconds ?? 0);
  if (left > 0 && !acted) await run.wait("grouping-window-rest", left);
  await closeIncident(input, run, deps);
  if (cameToSomethingElse(before, run.incident)) await notifyClosed("report-again", telling, run, deps);
  else await endWindow(before, telling, run, deps);
}

interface Watched {
  readonly startedAt: string;
  readonly at: string;
  /** Since people were told. */
  readonly seconds: number;
  /** What fired since then, in the order in which it came. */
  readonly late: readonly AttachedAlert[];
}

/** Until an alarm joins that is worth a look, or the time is over. */
function watch(told: Incident, run: DurableSteps, deps: WorkflowDependencies): Promise<Watched> {
  const { settleSeconds, verifyIntervalSeconds } = deps.policy.timing;
  const everySeconds = Math.min(verifyIntervalSeconds, Math.ceil(settleSeconds));
  return run.poll<Watched>(
    "settle",
    everySeconds,
    async (before) => {
      const now = deps.steadyNow?.() ?? deps.now();
      const at = now.toISOString();
      const startedAt = before?.startedAt ?? at;
      const seconds = Math.max(0, (now.getTime() - Date.parse(startedAt)) / 1000);
      const late = newcomers(told, await deps.store.joined(told.id).catch(() => []));
      return { state: { startedAt, at, seconds, late }, done: late.length > 0 || seconds >= settleSeconds };
    },
    ({ startedAt, at }) => {
      if (startedAt !== at) return [];
      const until = new Date(Date.parse(startedAt) + settleSeconds * 1000).toISOString();
      return [{ kind: "grouping-window-opened", key: "grouping-window", until }];
    },
  );
}

/** After a person's no, or an action that did not help, another look has nothing to add. */
function mayLookAgain({ actions, approval }: Incident): boolean {
  return actions.length === 0 && approval === undefined;
}

/** One for each alarm that nobody was told of. */
function newcomers(told: Incident, joined: readonly AttachedAlert[]): AttachedAlert[] {
  const known = new Set([attachedName({ title: told.alert.title, alarm: told.alert.alarm?.name })]);
  for (const one of told.joined ?? []) known.add(attachedName(one));
  const fired = joined.filter((one) => one.state === "ALARM" && !known.has(attachedName(one)));
  return [...new Map(fired.map((one) => [attachedName(one), one])).values()].slice(0, MOST_ASKED);
}

/** More alarms than a fault has. */
const MOST_ASKED = 5;

/** Looks into the first late alert that still fires. What fails on the way leaves what people were told as it is. */
async function lookIntoLate(
  own: Alert,
  late: readonly AttachedAlert[],
  telling: Telling,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<void> {
  const alert = await firingNow(own, late, run, deps);
  if (alert === undefined) return;
  try {
    await lookInto(alert, own, telling, run, deps);
  } catch (fault) {
    await fail("late-failed", fault, run);
  }
}

/**
 * The first of them that still fires, as an alert. What CloudWatch does not know, such as an event of ECS or another
 * sender's alarm, counts as firing and is looked into from the first alert's point of view.
 */
async function firingNow(
  own: Alert,
  late: readonly AttachedAlert[],
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<Alert | undefined> {
  const toldAs = run.incident.status;
  const found = await run.step(
    "attached-alarm",
    async () => {
      for (const one of late) {
        const { alarm: name, contributor } = one;
        const reading =
          name &&
          (await readAlertedAlarm({ name, contributor }, deps.readers.alarms, readTimeout(deps)).catch(
            () => undefined,
          ));
        if (!reading) return { title: attachedName(one) };
        if (reading.state === "ALARM") return { title: attachedName(one), reading };
      }
      return null;
    },
    (firing) => (firing === null ? [] : [{ kind: "late-alert-fired", title: firing.title, toldAs }]),
  );
  if (found.value === null) return undefined;
  const { title, reading } = found.value;
  if (reading === undefined) return { ...own, title };
  const { name, arn, reason, contributor } = reading;
  const { reported: _, ...alert } = own;
  return {
    ...alert,
    title,
    alarm: {
      name,
      ...(arn === undefined ? {} : { arn }),
      ...(reason === undefined ? {} : { reason }),
      ...(contributor === undefined ? {} : { contributor: { ...contributor } }),
    },
  };
}

/** Verdicts that do not change what people were told. */
const SAYS_NOTHING: ReadonlySet<Cause> = new Set(["unknown", "no-fault"]);

/** One more look, judged by the rules, and what they allow is done. Where a model diagnosed, a person says yes first. */
async function lookInto(
  late: Alert,
  own: Alert,
  { lanes }: Telling,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<void> {
  const { target } = late;
  if (target === undefined) return;
  const about = { alert: late, target, deadline: undefined, lanes };
  const evidence = await collectStableEvidence("collect-evidence-late", "late", about, run, deps).catch(
    (fault: unknown) => {
      // What people were told stands; the alarm is named beside it.
      if (!(fault instanceof StageFailure)) throw fault;
      return undefined;
    },
  );
  if (evidence === undefined) return;
  const investigated = await diagnoseByRules("late", evidence, run);
  const { diagnosis } = investigated;
  if (SAYS_NOTHING.has(diagnosis.cause)) return;
  const before = run.incident;
  const basis = { evidence, diagnosis };
  await remediate(
    {
      ...about,
      investigated,
      attempt: "late",
      alsoOk: own.alarm === undefined ? [] : [own.alarm.name],
      // A decision that comes to what people were told already leaves the record as it is.
      basisOf: (decision) => {
        const replaced = { ...before, ...basis, severity: diagnosis.severity, decision };
        return cameToSomethingElse(before, replaced) ? basis : undefined;
      },
    },
    run,
    deps,
  );
}

function cameToSomethingElse(told: Incident, now: Incident): boolean {
  return (
    endedNow(now).status !== endedNow(told).status ||
    now.diagnosis?.cause !== told.diagnosis?.cause ||
    now.severity !== told.severity ||
    now.decision?.kind !== told.decision?.kind ||
    wouldHave(now)?.plan.action !== wouldHave(told)?.plan.action ||
    now.actions.length > told.actions.length ||
    now.approval?.id !== told.approval?.id
  );
}

function wouldHave({ decision }: Incident) {
  return decision?.kind === "decline" ? decision.wouldHave : undefined;
}

/** Tells those who follow the incident which alarms have joined since people were told, if any. */
async function endWindow(
  told: Incident,
  { lanes, last }: Telling,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<void> {
  const { incident } = run;
  const news = (incident.joined ?? []).length > (told.joined ?? []).length;
  const at = incident.timeline.at(-1)?.at ?? incident.openedAt;
  const moment = { name: "settled", kind: "incident-updated", at, incident, needsPerson: false } as const;
  const posted = post(news ? updateLetters(() => moment, deps) : [], lanes);
  const first = await run.step(
    "settled",
    () => tryAll(posted, undefined, last, deps),
    (deliveries) => [{ kind: "grouping-window-closed" }, ...deliveryEvents("settled", deliveries)],
  );
  keepTrying("settled-deliver", "settled", posted, first.value, run, deps);
}
