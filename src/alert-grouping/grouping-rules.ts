/**
 * Decides which incident an alert belongs to. Pure, shared by every store: a store reads {@link GroupingState}, calls
 * {@link decideGrouping} and writes the changes, all in one transaction or conditional write.
 * A time that cannot be shown to have passed has not passed: after a clock that jumped back, locks stay held and
 * grace periods open.
 */

import { z } from "zod";
import {
  type AttachedAlert,
  type GroupingRequest,
  type GroupingResult,
  identityOf,
  type OpenIncident,
} from "../domain/alert-grouping.ts";
import { alertToStore } from "../domain/alert-words.ts";
import { textFor } from "../domain/exit.ts";
import type { Reserved } from "../domain/reservation.ts";

/** What became of an alert when it first came, stored under `alert.key` for as long as the alert may be repeated. */
export const SeenAlert = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("opened"), incidentId: z.string(), engine: z.string() }),
  z.object({ kind: z.literal("joined"), incidentId: z.string() }),
  z.object({
    kind: z.literal("refired"),
    /** The incident that this alert opened. It waits until `until`. */
    incidentId: z.string(),
    engine: z.string(),
    /** The closed incident whose alarm fired again. */
    refireOf: z.string(),
    until: z.iso.datetime(),
  }),
]);
export type SeenAlert = z.infer<typeof SeenAlert>;

/** The incident lock: the newest incident of a service, kept after its end for the grace period. */
export const LockState = z.object({
  incidentId: z.string(),
  phase: z.enum(["open", "finished"]),
  engine: z.string(),
  aliveUntil: z.iso.datetime(),
  /** The end of the grace period; only when `phase` is `finished`. */
  decayUntil: z.iso.datetime().optional(),
  /** The alarms attached to the incident, see {@link identityOf}. */
  alarms: z.array(z.string()),
});
export type LockState = z.infer<typeof LockState>;

/** What the store has to write; empty for a repeated alert. Texts are redacted. */
export interface GroupingChanges {
  /** Replaces what is stored under the alert's key. */
  readonly seen?: SeenAlert;
  /** Replaces what is stored under the request's lock key. */
  readonly place?: LockState;
  /** An incident to list as open; if it is listed already, only its engine and `aliveUntil` change. */
  readonly opens?: OpenIncident;
  /** An alert to attach to an incident. */
  readonly joins?: { readonly incidentId: string; readonly alert: AttachedAlert };
}

/** What a store knows of the alert's key and of its lock; undefined where it knows nothing. */
export interface GroupingState {
  readonly seen: SeenAlert | undefined;
  readonly place: LockState | undefined;
}

export interface GroupingDecision {
  readonly answer: GroupingResult;
  readonly changes: GroupingChanges;
}

/**
 * Decides which incident an alert belongs to. The same alert never opens two incidents: repeated under another
 * incident id, the answer is `elsewhere`.
 */
export function decideGrouping(
  request: GroupingRequest,
  { seen, place: lock }: GroupingState,
): GroupingDecision {
  if (seen !== undefined) return answerAgain(request, seen, lock);
  if (lock === undefined) return open(request);
  if (lock.phase === "open") {
    const worked = lock.engine === request.engine || !passed(request.at, lock.aliveUntil);
    return worked ? attach(request, lock) : open(request);
  }
  const alarm = request.alert.alarm && identityOf(request.alert.alarm);
  const { decayUntil } = lock;
  const refires = alarm !== undefined && lock.alarms.includes(alarm);
  return refires && decayUntil !== undefined && !passed(request.at, decayUntil)
    ? refire(request, lock, decayUntil)
    : open(request);
}

/**
 * Returns until when the lock is held after `extendLock` (ISO 8601, never earlier than before), or undefined when the
 * incident does not hold it.
 */
export function lockedUntil(
  incidentId: string,
  lock: LockState | undefined,
  aliveUntil: string,
): string | undefined {
  if (lock?.incidentId !== incidentId || lock.phase !== "open") return undefined;
  return passed(aliveUntil, lock.aliveUntil) ? aliveUntil : lock.aliveUntil;
}

/** Returns the lock after its incident has closed, or undefined when nothing changes. */
export function releasedLock(
  incidentId: string,
  lock: LockState | undefined,
  decayUntil: string,
): LockState | undefined {
  if (lock?.incidentId !== incidentId || lock.phase !== "open") return undefined;
  return { ...lock, phase: "finished", decayUntil };
}

/**
 * Returns why an incident may not act: another open incident holds the service's lock. An incident without a lock may
 * act while nobody holds it.
 */
export function refusalByLock(incidentId: string, lock: LockState | undefined): Reserved | undefined {
  if (lock === undefined || lock.phase === "finished" || lock.incidentId === incidentId) return undefined;
  const reason = `incident ${lock.incidentId} works on the service now`;
  return { granted: false, rule: "superseded", reason };
}

function answerAgain(
  request: GroupingRequest,
  seen: SeenAlert,
  lock: LockState | undefined,
): GroupingDecision {
  const { incidentId } = seen;
  if (seen.kind === "joined") return unchanged({ kind: "joined", incidentId });
  const elsewhere = unchanged({ kind: "elsewhere", incidentId });
  if (incidentId !== request.incidentId) return elsewhere;
  const answer: GroupingResult =
    seen.kind === "opened"
      ? { kind: "opened" }
      : { kind: "refired", incidentId: seen.refireOf, until: seen.until };
  const { engine, aliveUntil, at } = request;
  if (seen.engine === engine) return unchanged(answer);
  const abandoned = lock?.incidentId === incidentId && lock.phase === "open" && passed(at, lock.aliveUntil);
  if (!abandoned) return elsewhere;
  return {
    answer,
    changes: {
      seen: { ...seen, engine },
      place: { ...lock, engine, aliveUntil },
      opens: openIncident(request),
    },
  };
}

function open(request: GroupingRequest): GroupingDecision {
  const { incidentId, engine } = request;
  return {
    answer: { kind: "opened" },
    changes: {
      seen: { kind: "opened", incidentId, engine },
      place: acquiredLock(request),
      opens: openIncident(request),
    },
  };
}

function attach(request: GroupingRequest, lock: LockState): GroupingDecision {
  const { incidentId } = lock;
  const alarm = request.alert.alarm && identityOf(request.alert.alarm);
  const alarms = alarm === undefined ? lock.alarms : [...new Set([...lock.alarms, alarm])];
  return {
    answer: { kind: "joined", incidentId },
    changes: {
      seen: { kind: "joined", incidentId },
      place: { ...lock, alarms },
      joins: { incidentId, alert: attachedAlert(request, "joined") },
    },
  };
}

/** The new incident acquires the lock at once, so that only one re-fire waits for the end of the grace period. */
function refire(request: GroupingRequest, ended: LockState, until: string): GroupingDecision {
  const { incidentId, engine } = request;
  const refireOf = ended.incidentId;
  return {
    answer: { kind: "refired", incidentId: refireOf, until },
    changes: {
      seen: { kind: "refired", incidentId, engine, refireOf, until },
      place: acquiredLock(request),
      opens: openIncident(request),
      joins: { incidentId: refireOf, alert: attachedAlert(request, "refired") },
    },
  };
}

function acquiredLock({ incidentId, engine, aliveUntil, alert }: GroupingRequest): LockState {
  const alarms = alert.alarm === undefined ? [] : [identityOf(alert.alarm)];
  return { incidentId, phase: "open", engine, aliveUntil, alarms };
}

function openIncident({ incidentId, place, engine, aliveUntil, alert }: GroupingRequest): OpenIncident {
  return { incidentId, place, engine, aliveUntil, alert: alertToStore(alert) };
}

function attachedAlert({ alert, at }: GroupingRequest, kind: AttachedAlert["kind"]): AttachedAlert {
  const { key, state, firedAt, alarm } = alert;
  const name = {
    ...(alarm === undefined ? {} : { alarm: alarm.name }),
    ...(alarm?.contributor === undefined ? {} : { contributor: alarm.contributor }),
  };
  return { key, title: textFor("store", alert.title), ...name, state, firedAt, joinedAt: at, kind };
}

function unchanged(answer: GroupingResult): GroupingDecision {
  return { answer, changes: {} };
}

/** An invalid time never passes. */
function passed(at: string, until: string): boolean {
  return Date.parse(at) >= Date.parse(until);
}
