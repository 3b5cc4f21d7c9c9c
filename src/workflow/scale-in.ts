/** Scales temporary capacity in once recovery has held, unless the desired count was changed meanwhile. */

import { lockKeyOf } from "../domain/alert-grouping.ts";
import { valueFor } from "../domain/exit.ts";
import type { ActionResult, GiveBack, Incident, RecoveryCheck } from "../domain/incident/incident.ts";
import type { Target } from "../domain/target.ts";
import { readTimeout } from "../evidence/read-timeout.ts";
import { isInside } from "../evidence/watched-metric.ts";
import { deliveryEvents, type Letter, post, tryAll } from "../notification/delivery.ts";
import { keepTrying } from "../notification/keep-trying.ts";
import { type Telling, updateLetters } from "../notification/status-updates.ts";
import { type Permission, whyForbiddenNow } from "../remediation/actions/permission-now.ts";
import { setDesired } from "../remediation/actions/scale.ts";
import { lookAtRecovery } from "../verification/recovery-checks.ts";
import type { WorkflowDependencies } from "./dependencies.ts";
import type { DurableSteps } from "./durable-steps.ts";
import { recoveryBasis } from "./recovery-basis.ts";
import { StageFailure } from "./stage-failure.ts";

/** Returns the temporary capacity at the incident's end; undefined when there is none that could be scaled in. */
export function temporaryCapacity(incident: Incident, deps: WorkflowDependencies): GiveBack | undefined {
  const loans = incident.actions.map(loanOf);
  const last = loans.findLast((loan) => loan !== undefined);
  if (last === undefined) return undefined;
  // What a later action found, an earlier one may have left.
  const first = loans.reduceRight((found, loan) => (loan?.from === found?.to ? loan : found), last) ?? last;
  const [from, to] = [last.from, first.to];
  const since = incident.verification?.endedAt ?? incident.timeline.at(-1)?.at ?? incident.openedAt;
  const minutes = deps.policy.timing.giveBackMinutes;
  const dueAt = new Date(Date.parse(since) + minutes * 60_000).toISOString();
  const forRestart = incident.actions.every((action, index) => !loans[index] || action.action === "restart");
  const detail = forRestart
    ? `the task that a restart added first goes back once the service has been steady for ${minutes} minutes`
    : `${from - to} added tasks go back once recovery has held for ${minutes} minutes`;
  return { from, to, dueAt, outcome: "waiting", detail, ...(forRestart ? { surge: true } : {}) };
}

/** The desired count that an action has left, and the one that it found; undefined where nothing was added. */
function loanOf(action: ActionResult): { readonly from: number; readonly to: number } | undefined {
  const { desired: to } = action.before;
  const { desired: from } = action.after;
  if (typeof from !== "number" || typeof to !== "number" || from <= to) return undefined;
  if (action.action === "scale" && action.outcome !== "done") return undefined;
  const wasUndone = action.undone?.some(({ outcome }) => outcome === "done" || outcome === "unknown");
  // A service that was restored from zero has borrowed nothing.
  return wasUndone || to === 0 ? undefined : { from, to };
}

/** Looks this often while it waits for the hold to be over. */
const LOOKS_PER_HOLD = 6;

interface Waiting {
  readonly startedAt: string;
  readonly calmSince: string | undefined;
  readonly endedAt: string;
  /** Set when nothing is to be done any more. */
  readonly leaveAlone: string | undefined;
}

/** Waits for the hold and gives back what was temporary, if anything was. */
export async function scaleIn(
  telling: Pick<Telling, "lanes" | "last">,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<void> {
  const { incident } = run;
  const { giveBack: temporary, target } = incident;
  if (temporary?.outcome !== "waiting" || target === undefined) return;
  const waited = await untilCalm(incident, temporary, target, run, deps);
  const ended =
    waited.leaveAlone === undefined
      ? await returned(incident, temporary, target, waited.endedAt, run, deps)
      : { ...temporary, outcome: "left-alone" as const, detail: waited.leaveAlone, at: waited.endedAt };
  await run.record("scale-in-ended", [{ kind: "capacity-returned", temporary: ended }]);
  const posted = post(scaleInLetters(run.incident, ended, deps), telling.lanes);
  const first = await run.step(
    "scale-in-told",
    async () => {
      const { outcome, detail } = ended;
      if (outcome !== "given-back") {
        deps.logger.warn("capacity-not-given-back", { incident: run.incident.id, outcome, detail });
      }
      return tryAll(posted, undefined, telling.last, deps);
    },
    (deliveries) => deliveryEvents("scale-in-told", deliveries),
  );
  keepTrying("scale-in-told-deliver", "scale-in-told", posted, first.value, run, deps);
}

/** One change of the count. A fault before it leaves the tasks where they are. */
async function returned(
  incident: Incident,
  temporary: GiveBack,
  target: Target,
  at: string,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<GiveBack> {
  const { from, to } = temporary;
  const permission = permissionOf(incident, temporary, target);
  const change = { incidentId: incident.id, target, key: "scale-in", from, to, permission };
  try {
    const made = { ...change, attempt: "first", purpose: "scale-in" } as const;
    const first = await setDesired(made, run, deps);
    // The count is set to the same value, so that a call which was lost may be made: the tasks are nobody's need.
    const step =
      first.lost === true ? await setDesired({ ...made, key: "scale-in-again" }, run, deps) : first;
    const { outcome, detail, endedAt } = step;
    const became = outcome === "done" ? "given-back" : outcome === "unknown" ? "unknown" : "left-alone";
    return { ...temporary, outcome: became, detail, at: endedAt };
  } catch (fault) {
    if (!(fault instanceof StageFailure)) throw fault;
    return { ...temporary, outcome: "left-alone", detail: `${fault.message}. ${fault.failure.remedy}`, at };
  }
}

/** People get a message only where they have to do something. */
function scaleInLetters(record: Incident, ended: GiveBack, deps: WorkflowDependencies): Letter[] {
  const at = ended.at ?? ended.dueAt;
  const needsPerson = ended.outcome !== "given-back";
  const moment = { name: "gave-back", at, kind: "incident-updated", incident: record, needsPerson } as const;
  const updates = updateLetters(() => moment, deps);
  if (!needsPerson) return updates;
  const told = valueFor("person", record);
  const messages = deps.notifiers.map((notifier) => ({
    channel: notifier.name,
    what: "what became of the added capacity",
    stage: "report",
    send: () => notifier.notify(told),
  }));
  return [...updates, ...messages];
}

function untilCalm(
  incident: Incident,
  temporary: GiveBack,
  target: Target,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<Waiting> {
  const { giveBackMinutes, giveBackGiveUpHours, verifyIntervalSeconds } = deps.policy.timing;
  const holdMs = giveBackMinutes * 60_000;
  const seconds = Math.max(verifyIntervalSeconds, Math.round(holdMs / 1000 / LOOKS_PER_HOLD));
  return run.poll<Waiting>("scale-in-wait", seconds, async (before) => {
    // A hold is a time that passes, whatever becomes of the machine's clock.
    const now = deps.steadyNow?.() ?? deps.now();
    const startedAt = before?.startedAt ?? now.toISOString();
    const seen = await whyNotYet(incident, temporary, target, deps).catch((error: unknown) => ({
      kind: "wait" as const,
      why: error instanceof Error ? error.message : "the service could not be read",
    }));
    // What was proven at the end counts for the first look; after trouble the hold begins anew.
    const isProven = before === undefined && incident.verification?.outcome === "recovered";
    const proven = isProven ? incident.verification?.endedAt : undefined;
    const calmSince = seen?.kind === "wait" ? undefined : (before?.calmSince ?? proven ?? now.toISOString());
    const givenUp = now.getTime() - Date.parse(startedAt) >= giveBackGiveUpHours * 3_600_000;
    const leaveAlone =
      seen?.kind === "leave"
        ? seen.why
        : givenUp
          ? `Recovery did not hold within ${giveBackGiveUpHours} hours${seen ? `: ${seen.why}` : ""}. The added tasks stay until a person takes them back.`
          : undefined;
    const held = calmSince !== undefined && now.getTime() - Date.parse(calmSince) >= holdMs;
    const state = { startedAt, calmSince, endedAt: now.toISOString(), leaveAlone };
    return { state, done: leaveAlone !== undefined || held };
  });
}

type NotYet = { readonly kind: "wait" | "leave"; readonly why: string } | undefined;

async function whyNotYet(
  incident: Incident,
  temporary: GiveBack,
  target: Target,
  deps: WorkflowDependencies,
): Promise<NotYet> {
  const service = await deps.readers.ecs.service(target, readTimeout(deps));
  if (service?.desired !== temporary.from) {
    const now = service === undefined ? "the service is gone" : `the desired count is now ${service.desired}`;
    return { kind: "leave", why: `Somebody else has changed it: ${now}, so it is left alone.` };
  }
  const forbidden = await whyForbidden(permissionOf(incident, temporary, target), deps);
  if (forbidden !== undefined) return forbidden;
  const open = await deps.store.open();
  const other = open.find((one) => one.place === lockKeyOf(incident.alert) && one.incidentId !== incident.id);
  if (other !== undefined) return { kind: "wait", why: `incident ${other.incidentId} is being worked on` };
  // Where the task never came, none goes: ECS only stops looking for a place.
  if (temporary.surge === true && service.running + service.pending <= temporary.to) return undefined;
  const since = incident.verification?.startedAt ?? incident.openedAt;
  const { id: incidentId, alert } = incident;
  const basis = recoveryBasis(alert, incident.evidence, incident.diagnosis);
  const { checks, metric, watched } = await lookAtRecovery({ alert, target, since, incidentId, basis }, deps);
  const needed = temporary.surge === true ? checks.filter(isAboutTasks) : checks;
  const unmet = needed.find((check) => check.met !== true);
  if (unmet !== undefined) return { kind: "wait", why: `${unmet.condition}: ${unmet.detail}` };
  if (temporary.surge === true) return undefined;
  // A sum, such as requests, stays the same however many tasks share it.
  if (watched === undefined || metric === undefined || watched.metric.statistic === "Sum") return undefined;
  // Fewer tasks carry the same load: what one carries grows by this share, with a tenth in reserve.
  const projected = (metric * temporary.from * 1.1) / Math.max(1, temporary.to);
  return isInside(projected, watched) !== false
    ? undefined
    : { kind: "wait", why: `with ${temporary.to} tasks the load would bring the alarm back` };
}

/** A task that was added for a restart carries no load of its own: it may go where the tasks are well. */
function isAboutTasks({ condition }: RecoveryCheck): boolean {
  return condition === "service-steady";
}

/** Rules whose refusal passes by itself: the giving back waits for them. */
const NOT_NOW: ReadonlySet<string> = new Set(["brake", "policy-of-now", "freeze-window"]);

/** The permission that lending needed, asked again: a switch that was thrown since holds the giving back, too. */
async function whyForbidden(permission: Permission, deps: WorkflowDependencies): Promise<NotYet> {
  const refusal = await whyForbiddenNow(permission, deps);
  if (refusal === undefined) return undefined;
  return { kind: NOT_NOW.has(refusal.rule) ? "wait" : "leave", why: refusal.reason };
}

function permissionOf(
  { actions, approval, decision, further, diagnosis }: Incident,
  { from, to, surge }: GiveBack,
  target: Target,
): Permission {
  const asked = actions.at(-1)?.attempt === "second" ? further?.approval : approval;
  // A task that a restart added goes by the permission of that restart.
  const [restart] = [further?.decision, decision].flatMap((one) =>
    one !== undefined && one.kind !== "decline" && one.plan?.action === "restart" ? [one.plan] : [],
  );
  return {
    target,
    cause: diagnosis?.cause ?? "unknown",
    plan: surge === true && restart !== undefined ? restart : { action: "scale", from, to },
    approved: asked?.answer?.verdict === "approved",
  };
}
