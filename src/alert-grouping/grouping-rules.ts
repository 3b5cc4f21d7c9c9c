/**
 * The rules by which alerts become incidents, for every store: pure, over the two things a store has to look up. A
 * store reads both, asks {@link decideGrouping} and writes what it says, all in one transaction or conditional write.
 * A time that has not clearly passed has not passed: after a clock that jumped back, places stay taken and decay
 * windows open.
 */
import { z } from "zod";
import { redact } from "../../packages/redaction/index.ts";
import type { Alert } from "../domain/alert.ts";
import type {
  AttachedAlert,
  GroupingRequest,
  GroupingResult,
  OpenIncident,
} from "../domain/alert-grouping.ts";
import type { Reserved } from "../domain/reservation.ts";

/** What became of an alert when it first came; kept by `alert.key` for as long as the alert may come again. */
export const SeenAlert = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("opened"), incidentId: z.string(), engine: z.string() }),
  z.object({ kind: z.literal("joined"), incidentId: z.string() }),
  z.object({
    kind: z.literal("refired"),
    /** The incident that this alert opened, and which waits until the time given. */
    incidentId: z.string(),
    engine: z.string(),
    /** The ended incident whose alarm it is. */
    refireOf: z.string(),
    until: z.iso.datetime(),
  }),
]);
export type SeenAlert = z.infer<typeof SeenAlert>;

/** The newest incident of a place; kept by the place, also after its end. */
export const LockState = z.object({
  incidentId: z.string(),
  phase: z.enum(["open", "finished"]),
  engine: z.string(),
  aliveUntil: z.iso.datetime(),
  /** The end of its decay window; only of a finished one. */
  decayUntil: z.iso.datetime().optional(),
  /** Names of the alarms that belong to it. */
  alarms: z.array(z.string()),
});
export type LockState = z.infer<typeof LockState>;

/** What to write; nothing for an alert that changes nothing. Texts are redacted already. */
export interface GroupingChanges {
  /** Under the alert's key, in place of what is there. */
  readonly seen?: SeenAlert;
  /** Under the admission's place, in place of what is there. */
  readonly place?: LockState;
  /** An incident to list as open; one with this id that is listed gets its engine and `aliveUntil` only. */
  readonly opens?: OpenIncident;
  /** An alert to add to what an incident knows of. */
  readonly joins?: { readonly incidentId: string; readonly alert: AttachedAlert };
}

/** What a store knows when an alert comes: of its key and of its place. Absent: nothing. */
export interface GroupingState {
  readonly seen: SeenAlert | undefined;
  readonly place: LockState | undefined;
}

export interface GroupingDecision {
  readonly answer: GroupingResult;
  readonly changes: GroupingChanges;
}

/**
 * Which incident an alert belongs to. The same alert never opens two incidents: where it comes again under another
 * incident id, it belongs to the first one, which is `elsewhere`.
 */
export function decideGrouping(admission: GroupingRequest, { seen, place }: GroupingState): GroupingDecision {
  if (seen !== undefined) return admitAgain(admission, seen, place);
  if (place === undefined) return open(admission);
  if (place.phase === "open") {
    const worked = place.engine === admission.engine || !passed(admission.at, place.aliveUntil);
    return worked ? join(admission, place) : open(admission);
  }
  const alarm = admission.alert.alarm?.name;
  const { decayUntil } = place;
  const refires = alarm !== undefined && place.alarms.includes(alarm);
  return refires && decayUntil !== undefined && !passed(admission.at, decayUntil)
    ? refire(admission, place, decayUntil)
    : open(admission);
}

/** Until when an incident counts as worked on after `extendLock`; undefined when it may not go on. Never earlier. */
export function lockedUntil(
  incidentId: string,
  place: LockState | undefined,
  aliveUntil: string,
): string | undefined {
  if (place?.incidentId !== incidentId || place.phase !== "open") return undefined;
  return passed(aliveUntil, place.aliveUntil) ? aliveUntil : place.aliveUntil;
}

/** The place after its incident has ended; undefined when there is nothing to change. */
export function releasedLock(
  incidentId: string,
  place: LockState | undefined,
  decayUntil: string,
): LockState | undefined {
  if (place?.incidentId !== incidentId || place.phase !== "open") return undefined;
  return { ...place, phase: "finished", decayUntil };
}

/**
 * Why an incident may not act any more, if another one that is not finished holds its service's place. An incident
 * that was never admitted acts where nobody else works.
 */
export function refusalByLock(incidentId: string, place: LockState | undefined): Reserved | undefined {
  if (place === undefined || place.phase === "finished" || place.incidentId === incidentId) return undefined;
  const reason = `incident ${place.incidentId} works on the service now`;
  return { granted: false, rule: "superseded", reason };
}

function admitAgain(
  admission: GroupingRequest,
  seen: SeenAlert,
  place: LockState | undefined,
): GroupingDecision {
  const { incidentId } = seen;
  if (seen.kind === "joined") return unchanged({ kind: "joined", incidentId });
  const elsewhere = unchanged({ kind: "elsewhere", incidentId });
  if (incidentId !== admission.incidentId) return elsewhere;
  const answer: GroupingResult =
    seen.kind === "opened"
      ? { kind: "opened" }
      : { kind: "refired", incidentId: seen.refireOf, until: seen.until };
  const { engine, aliveUntil, at } = admission;
  if (seen.engine === engine) return unchanged(answer);
  const abandoned =
    place?.incidentId === incidentId && place.phase === "open" && passed(at, place.aliveUntil);
  if (!abandoned) return elsewhere;
  return {
    answer,
    changes: {
      seen: { ...seen, engine },
      place: { ...place, engine, aliveUntil },
      opens: openIncident(admission),
    },
  };
}

function open(admission: GroupingRequest): GroupingDecision {
  const { incidentId, engine } = admission;
  return {
    answer: { kind: "opened" },
    changes: {
      seen: { kind: "opened", incidentId, engine },
      place: takenPlace(admission),
      opens: openIncident(admission),
    },
  };
}

function join(admission: GroupingRequest, place: LockState): GroupingDecision {
  const { incidentId } = place;
  const alarm = admission.alert.alarm?.name;
  const alarms = alarm === undefined ? place.alarms : [...new Set([...place.alarms, alarm])];
  return {
    answer: { kind: "joined", incidentId },
    changes: {
      seen: { kind: "joined", incidentId },
      place: { ...place, alarms },
      joins: { incidentId, alert: joinedAlert(admission, "joined") },
    },
  };
}

/** The place goes to the new incident at once, so that two re-fires do not both wait for the window's end. */
function refire(admission: GroupingRequest, ended: LockState, until: string): GroupingDecision {
  const { incidentId, engine } = admission;
  const refireOf = ended.incidentId;
  return {
    answer: { kind: "refired", incidentId: refireOf, until },
    changes: {
      seen: { kind: "refired", incidentId, engine, refireOf, until },
      place: takenPlace(admission),
      opens: openIncident(admission),
      joins: { incidentId: refireOf, alert: joinedAlert(admission, "refired") },
    },
  };
}

function takenPlace({ incidentId, engine, aliveUntil, alert }: GroupingRequest): LockState {
  const alarms = alert.alarm === undefined ? [] : [alert.alarm.name];
  return { incidentId, phase: "open", engine, aliveUntil, alarms };
}

function openIncident({ incidentId, place, engine, aliveUntil, alert }: GroupingRequest): OpenIncident {
  return { incidentId, place, engine, aliveUntil, alert: redactedAlert(alert) };
}

function joinedAlert({ alert, at }: GroupingRequest, kind: AttachedAlert["kind"]): AttachedAlert {
  const { key, state, firedAt, alarm } = alert;
  const name = alarm === undefined ? {} : { alarm: alarm.name };
  return { key, title: redact(alert.title), ...name, state, firedAt, joinedAt: at, kind };
}

/** What people wrote is redacted; names and identifiers, which are compared and asked for, stay exact. */
function redactedAlert(alert: Alert): Alert {
  const { title, targetProblem, alarm, reported } = alert;
  return {
    ...alert,
    title: redact(title),
    ...(targetProblem === undefined ? {} : { targetProblem: redact(targetProblem) }),
    ...(alarm === undefined
      ? {}
      : {
          alarm: {
            ...alarm,
            ...(alarm.description === undefined ? {} : { description: redact(alarm.description) }),
            ...(alarm.reason === undefined ? {} : { reason: redact(alarm.reason) }),
          },
        }),
    ...(reported === undefined ? {} : { reported: { ...reported, metric: redact(reported.metric) } }),
  };
}

function unchanged(answer: GroupingResult): GroupingDecision {
  return { answer, changes: {} };
}

/** What is no time never passes. */
function passed(at: string, until: string): boolean {
  return Date.parse(at) >= Date.parse(until);
}
