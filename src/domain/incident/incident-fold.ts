/** The record of an incident as a pure fold over its events: no clock, no I/O. */
import { createHash } from "node:crypto";
import type { Alert } from "../alert.ts";
import type { AttachedAlert } from "../alert-grouping.ts";
import { withMore } from "../evidence.ts";
import { claimed, stepped, withAction } from "./action-fold.ts";
import { delayed, delivered, STATUS_UPDATE, taken } from "./delivery-fold.ts";
import { timelineEntriesOf } from "./event-text.ts";
import type { ActionStep, AskedApproval, Attempt, Failure, Incident } from "./incident.ts";
import type { EventOf, IncidentEvent, UnknownEvent } from "./incident-event.ts";
import { outcomeOf } from "./incident-outcome.ts";
import { progressAfter } from "./incident-progress.ts";

/** Raised when the fold makes another record of the same events: kept records are then made anew. */
export const FOLD_VERSION = 1;

/** The incident's id: readable, and the same however often the alert is delivered. */
export function incidentId(alert: Pick<Alert, "key" | "firedAt"> & Partial<Alert>): string {
  const stamp = alert.firedAt.replace(/[-:]/g, "").slice(0, 15);
  return `inc-${stamp}-${createHash("sha256").update(alert.key).digest("hex").slice(0, 8)}`.toLowerCase();
}

/** The record of an alert that nothing has happened to yet. */
export function openIncident(
  alert: Alert,
  diagnoser: Incident["diagnoser"],
  id = incidentId(alert),
): Incident {
  const opened: Incident = {
    schemaVersion: "1",
    id,
    status: "open",
    summary: "",
    severity: "P2",
    ...(alert.target ? { target: alert.target } : {}),
    alert,
    progress: { phase: "investigating", detail: "collecting evidence", since: alert.receivedAt },
    openedAt: alert.receivedAt,
    diagnoser,
    actions: [],
    failures: [],
    timeline: [],
  };
  return { ...opened, summary: outcomeOf(opened)[1] };
}

/**
 * The record after one more event. Without a record only `opened` and `imported` make one; any other event, and any
 * event of an unknown kind, leaves what is there as it is, but for a line in the timeline.
 */
export function foldEvent(
  record: Incident | undefined,
  event: IncidentEvent | UnknownEvent,
): Incident | undefined {
  if (event.kind === "opened") {
    const begun = record !== undefined && record.timeline.length > 0;
    return begun ? record : timed(opened(event), event);
  }
  if (event.kind === "imported") return event.record;
  if (record === undefined) return undefined;
  if (event.kind === "unknown") return timed(record, event);
  return timed(settled(moved(apply(record, event), event), event), event, stepsKnown(record, event));
}

/**
 * Folds several events in their order. An incident begins with its opening, also where another process attached an alert
 * to it a moment before that was kept.
 */
export function foldEvents(
  record: Incident | undefined,
  events: readonly (IncidentEvent | UnknownEvent)[],
): Incident | undefined {
  if (record !== undefined) return events.reduce(foldEvent, record);
  const first = events.findIndex(({ kind }) => kind === "opened" || kind === "imported");
  const [opening] = first < 0 ? [] : events.slice(first, first + 1);
  if (opening === undefined) return undefined;
  return events.toSpliced(first, 1).reduce(foldEvent, foldEvent(undefined, opening));
}

function opened({ alert, diagnoser, incidentId: id }: EventOf<"opened">): Incident {
  return openIncident(alert, diagnoser, id);
}

type Applied = Exclude<IncidentEvent, { kind: "opened" | "imported" }>;

/** What the event adds to the record; status, summary, progress and timeline follow from it. */
function apply(record: Incident, event: Applied): Incident {
  switch (event.kind) {
    case "alert-attached":
      return { ...record, joined: attached(record.joined ?? [], event.joined) };
    case "grace-period-began":
      return { ...record, refireOf: event.refireOf };
    case "grace-period-ended":
      return event.passed ? { ...record, passed: true } : record;
    case "evidence-collected":
      return withEvidence(record, event);
    case "evidence-added":
      return withAdded(record, event);
    case "diagnosed":
      return withDiagnosis(record, event);
    case "diagnosis-failed":
      return {
        ...record,
        ...defined({ secondOpinion: event.secondOpinion, model: event.model, recurrence: event.recurrence }),
      };
    case "explained":
      return { ...record, ...defined({ explanation: event.explanation, model: event.model }) };
    case "decided":
      return withDecision(record, event);
    case "approval-requested":
      return withApproval(record, event.attempt, event.approval);
    case "approval-answered":
      return answered(record, event);
    case "action-claimed":
      return claimed(record, event);
    case "action-step-ended":
      return stepped(record, event);
    case "action-ended":
      return withAction(record, event.attempt, () => ({ ...event.result, attempt: event.attempt }));
    case "verified":
      return {
        ...withAction(
          record,
          event.attempt,
          (action) => action && { ...action, verification: event.verification },
        ),
        verification: event.verification,
      };
    case "verification-doubted":
      return { ...record, verification: event.verification };
    case "undone":
      return withAction(record, event.attempt, (action) => action && { ...action, undone: event.steps });
    case "capacity-added":
    case "capacity-returned":
      return { ...record, giveBack: event.temporary };
    case "approval-extended":
      return extended(record, event);
    case "notified":
      return delivered(record, event);
    case "delivery-delayed":
      return delayed(record, event);
    case "delivery-superseded":
      return taken(record, event);
    case "notification-failed":
      return withFailureOnce(taken(record, event), event);
    case "step-failed":
      return event.noted ? withFailure(record, event.failure) : record;
    case "failed":
      return failed(record, event);
    case "closed":
      return { ...record, closedAt: event.at };
    case "look-postponed":
    case "approval-refused":
    case "action-reserved":
    case "verification-looked":
    case "grouping-window-opened":
    case "grouping-window-closed":
    case "late-alert-fired":
    case "judged":
      return record;
  }
}

/** A fault has the last word: what is added to a failed record does not make it look better. */
function settled(record: Incident, event: Applied): Incident {
  if (record.status === "failed") return record;
  const [status, summary] = outcomeOf(record);
  if (event.kind === "closed") return { ...record, status, summary };
  if (record.closedAt === undefined) return { ...record, status: "open", summary };
  if (reopens(event)) {
    const { closedAt: _, ...reopened } = record;
    return { ...reopened, status: "open", summary };
  }
  return CHANGES_THE_END.has(event.kind) ? { ...record, status, summary } : record;
}

/** After people were told, these begin something anew: until it has ended, the incident is open again. */
function reopens(event: Applied): boolean {
  return (
    event.kind === "approval-requested" || (event.kind === "action-claimed" && event.purpose === "action")
  );
}

/** What is learned after the end and says something else of how it ended. */
const CHANGES_THE_END: ReadonlySet<string> = new Set(["decided", "verification-doubted"]);

function moved(record: Incident, event: Applied): Incident {
  const progress = progressAfter(record, event);
  if (progress === "same") return record;
  const { progress: _, ...rest } = record;
  return progress === undefined ? rest : { ...rest, progress };
}

/** The steps of an action that the timeline has already. */
function stepsKnown({ actions }: Incident, event: Applied): readonly ActionStep[] {
  if (event.kind !== "action-ended") return [];
  return actions.find(({ attempt }) => attempt === event.attempt)?.steps ?? [];
}

function timed(
  record: Incident,
  event: IncidentEvent | UnknownEvent,
  known: readonly ActionStep[] = [],
): Incident {
  const since = Date.parse(record.alert.receivedAt);
  const entries = timelineEntriesOf(event, known).map((entry) => ({
    at: entry.at,
    sinceMs: Date.parse(entry.at) - since,
    event: entry.event,
    detail: entry.detail,
  }));
  return entries.length === 0 ? record : { ...record, timeline: [...record.timeline, ...entries] };
}

/** By its key once, in the order in which they came. */
function attached(before: readonly AttachedAlert[], joined: AttachedAlert): AttachedAlert[] {
  const known = before.some((one) => one.key === joined.key && one.state === joined.state);
  return known ? [...before] : [...before, joined];
}

function withEvidence(record: Incident, { attempt, evidence }: EventOf<"evidence-collected">): Incident {
  switch (attempt) {
    case "first":
      return { ...record, evidence };
    case "second":
      return { ...record, further: { evidence } };
    case "late":
      return record;
  }
}

function withAdded(record: Incident, { added, after }: EventOf<"evidence-added">): Incident {
  const { evidence } = record;
  if (evidence === undefined) return record;
  const first = {
    ...evidence,
    facts: evidence.facts.slice(0, after.facts),
    gaps: evidence.gaps.slice(0, after.gaps),
  };
  return { ...record, evidence: withMore(first, added) };
}

function withDiagnosis(record: Incident, event: EventOf<"diagnosed">): Incident {
  const { diagnosis, attempt } = event;
  switch (attempt) {
    case "first":
      return {
        ...record,
        diagnosis,
        severity: diagnosis.severity,
        ...defined({
          secondOpinion: event.secondOpinion,
          modelFailure: event.modelFailure,
          model: event.model,
          recurrence: event.recurrence,
          rememberedFrom: event.rememberedFrom,
        }),
      };
    case "second":
      return record.further === undefined ? record : { ...record, further: { ...record.further, diagnosis } };
    case "late":
      return record;
  }
}

function withDecision(record: Incident, { attempt, decision, basis }: EventOf<"decided">): Incident {
  switch (attempt) {
    case "first":
      return { ...record, decision };
    case "second":
      return record.further === undefined ? record : { ...record, further: { ...record.further, decision } };
    case "late":
      if (basis !== undefined) {
        const { secondOpinion: _opinion, modelFailure: _failure, ...rest } = record;
        return { ...rest, ...basis, severity: basis.diagnosis.severity, decision };
      }
      return record.approval === undefined ? record : { ...record, decision };
  }
}

function withApproval(record: Incident, attempt: Attempt, approval: AskedApproval): Incident {
  if (attempt !== "second") return { ...record, approval };
  return record.further === undefined ? record : { ...record, further: { ...record.further, approval } };
}

function answered(record: Incident, { approvalId, answer }: EventOf<"approval-answered">): Incident {
  const { approval, further } = record;
  if (approval?.id === approvalId) return { ...record, approval: { ...approval, answer } };
  if (further?.approval?.id !== approvalId) return record;
  return { ...record, further: { ...further, approval: { ...further.approval, answer } } };
}

function extended(record: Incident, { approvalId, deadline }: EventOf<"approval-extended">): Incident {
  const { approval, further } = record;
  if (approval?.id === approvalId) return { ...record, approval: { ...approval, deadline } };
  if (further?.approval?.id !== approvalId) return record;
  return { ...record, further: { ...further, approval: { ...further.approval, deadline } } };
}

function withFailure(record: Incident, failure: Failure): Incident {
  return { ...record, failures: [...record.failures, failure] };
}

/** Each status update of a channel that is away fails in the same way: it is told once. */
function withFailureOnce(
  record: Incident,
  { channel, what, failure }: EventOf<"notification-failed">,
): Incident {
  const told = record.failures.some(({ code, stage }) => code === failure.code && stage === failure.stage);
  const isUpdate = channel === OLDER_STATUS_UPDATES || what?.startsWith(STATUS_UPDATE) === true;
  return isUpdate && told ? record : withFailure(record, failure);
}

/** How older versions named the channel of every status update. */
const OLDER_STATUS_UPDATES = "status updates";

function failed(record: Incident, { failure, summary, actions }: EventOf<"failed">): Incident {
  return {
    ...withFailure(record, failure),
    status: "failed",
    summary: summary ?? `OpsAgent failed at ${failure.stage}: ${failure.message}`,
    ...(actions === undefined || record.actions.length > 0 ? {} : { actions }),
  };
}

/** The fields that are there. */
function defined<T extends object>(fields: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
