/** Events in words, once: for the timeline, the audit trail, the log and a live view. Pure. */
import { type ApprovalAnswer, NOBODY_ASKED } from "../approval.ts";
import type { Decision } from "../decision.ts";
import type { Diagnosis } from "../diagnosis.ts";
import type { ActionStep } from "./incident.ts";
import { type EventOf, type IncidentEvent, isEventKind, type UnknownEvent } from "./incident-event.ts";
import { describeLook } from "./incident-progress.ts";

export interface EventText {
  /** Noun and verb, such as `action-done`. */
  readonly event: string;
  readonly detail: string;
  readonly at: string;
}

/**
 * What the timeline of the record says of an event; looks and deliveries are not told one by one. `known` are the steps
 * that it has of the action already.
 */
export function timelineEntriesOf(
  event: IncidentEvent | UnknownEvent,
  known: readonly ActionStep[] = [],
): readonly EventText[] {
  switch (event.kind) {
    case "opened":
      return [
        {
          at: event.alert.receivedAt,
          event: "alert-received",
          detail: event.alert.alarm?.reason ?? event.alert.title,
        },
      ];
    case "imported":
    case "verification-looked":
    case "notified":
    case "delivery-delayed":
    case "delivery-superseded":
    case "approval-extended":
    case "action-reserved":
    case "undone":
    case "approval-refused":
    case "judged":
    case "alert-attached":
    case "grouping-window-opened":
    case "grouping-window-closed":
    case "capacity-added":
    case "step-failed":
    case "notification-failed":
    case "closed":
      return [];
    case "action-ended":
      return event.result.steps
        .filter((step) => !known.some((one) => one.what === step.what && one.endedAt === step.endedAt))
        .map((step) => ({ at: step.endedAt, event: `action-${step.outcome}`, detail: told(step) }));
    default:
      return [textOf(event)];
  }
}

/** What the audit trail, the log and a live view say of an event. */
export function textOf(event: IncidentEvent | UnknownEvent): EventText {
  const { at } = event;
  const [name, detail] = words(event);
  return { at, event: name, detail };
}

function words(event: IncidentEvent | UnknownEvent): readonly [name: string, detail: string] {
  switch (event.kind) {
    case "unknown":
      return ["unknown-event", unreadable(event.was)];
    case "opened":
      return event.alert.state === "ALARM"
        ? ["incident-opened", event.alert.title]
        : ["alert-noted", `${event.alert.title} is ${event.alert.state}`];
    case "imported":
      return ["incident-imported", `${event.record.status}: ${event.record.summary}`];
    case "alert-attached":
      return ["alert-attached", `${event.joined.alarm ?? event.joined.title} is ${event.joined.state}`];
    case "grace-period-began":
      return ["grace-period-began", `re-fire of incident ${event.refireOf}, believed from ${event.until} on`];
    case "grace-period-ended":
      return ["decay-over", `The alarm is ${event.alarmState ?? "unreadable"} after the decay window.`];
    case "look-postponed":
      return ["too-early-to-tell", `It may pass by itself: looking again in ${event.seconds} s.`];
    case "evidence-collected":
      return [
        "evidence-gathered",
        `${event.evidence.facts.length} facts, ${event.evidence.gaps.length} gaps`,
      ];
    case "explained":
      return [
        "incident-explained",
        event.explanation === undefined
          ? "The model gave no words that can be used."
          : `In words: ${event.explanation.cause}`,
      ];
    case "evidence-added":
      return ["evidence-added", `${event.added.facts.length} facts that the model asked for.`];
    case "diagnosed":
      return ["diagnosed", diagnosedText(event)];
    case "diagnosis-failed":
      return ["diagnosis-failed", event.reason];
    case "decided":
      return ["decided", describeDecision(event.decision)];
    case "approval-requested":
      return ["approval-requested", requested(event.approval.plan?.action, event.approval.why)];
    case "approval-answered":
      return [`approval-${event.answer.verdict}`, describeAnswer(event.answer)];
    case "approval-refused":
      return [
        "approval-refused",
        `${event.verdict} by ${event.by.id} (${event.by.channel}) was refused: ${event.outcome}`,
      ];
    case "action-reserved":
      return [
        "action-reserved",
        event.granted
          ? `${event.action} granted`
          : `${event.action} refused by ${event.rule}: ${event.reason}`,
      ];
    case "action-claimed":
      return [CLAIMED[event.purpose], event.what];
    case "action-step-ended":
      return [`${ENDED[event.purpose]}-${event.step.outcome}`, told(event.step)];
    case "action-ended":
      return ["action-ended", `${event.result.action}: ${event.result.outcome}`];
    case "verification-looked":
      return ["verification-looked", `look ${event.looks}: ${describeLook(event)}`];
    case "verified":
      return [`verified-${event.verification.outcome}`, event.verification.reason];
    case "verification-doubted":
      return ["verification-doubted", event.verification.reason];
    case "undone":
      return ["undone", event.steps.map((step) => `${step.what}: ${step.outcome}`).join("; ")];
    case "capacity-added":
      return ["capacity-added", event.temporary.detail];
    case "capacity-returned":
      return ["capacity-returned", `${event.temporary.outcome}: ${event.temporary.detail}`];
    case "grouping-window-opened":
      return ["grouping-window-opened", `further alerts of the same fault join until ${event.until}`];
    case "grouping-window-closed":
      return ["grouping-window-closed", "nothing that joined changed what people were told"];
    case "late-alert-fired":
      return ["alarm-joined", `${event.title} fired after people were told that it was ${event.toldAs}`];
    case "notified":
      return [
        "notified",
        `${event.channel}: ${event.what}${event.insteadOf === undefined ? "" : `, in place of ${event.insteadOf}`}`,
      ];
    case "delivery-delayed":
      return [
        "delivery-delayed",
        `${event.channel}: ${event.what} waits and is tried again: ${event.failure.message}`,
      ];
    case "delivery-superseded":
      return ["delivery-superseded", `${event.channel}: ${event.what} is not needed any more: ${event.why}`];
    case "approval-extended":
      return [
        "approval-extended",
        `it waited to be put to people, so that they have until ${event.deadline}`,
      ];
    case "notification-failed":
      return ["notification-failed", `${event.channel}: ${event.failure.message}`];
    case "step-failed":
      return ["step-failed", `${event.failure.stage}: ${event.failure.message}`];
    case "failed":
      return ["incident-failed", `${event.failure.stage}: ${event.failure.message}`];
    case "closed":
      return [
        "incident-closed",
        `${event.again === true ? "again, since it came to something else: " : ""}${cameTo(event)}`,
      ];
    case "judged":
      return ["incident-judged", `${event.verdict}, says ${event.by}: ${event.note}`];
  }
}

function unreadable(kind: string): string {
  const newer = "written by a newer OpsAgent; update this one to read it";
  return isEventKind(kind)
    ? `${kind}: ${newer}, or damaged: see \`opsagent audit verify\``
    : `${kind}: ${newer}`;
}

const CLAIMED = { action: "action-begun", undo: "undo-begun", "scale-in": "scale-in-begun" } as const;
const ENDED = { action: "action", undo: "undo", "scale-in": "scale-in" } as const;

function told({ what, detail }: ActionStep): string {
  return `${what}: ${detail}`;
}

function cameTo({ came }: EventOf<"closed">): string {
  return came === undefined ? "closed" : `${came.status}: ${came.summary}`;
}

function requested(action: string | undefined, why: string | undefined): string {
  return `${action ?? "a change"}: ${why ?? ""}`;
}

/** A verdict, and what the model said beside it or why it said nothing. */
function diagnosedText({ diagnosis, secondOpinion, modelFailure }: EventOf<"diagnosed">): string {
  const verdict = describeVerdict(diagnosis);
  if (modelFailure !== undefined) return `${verdict} The model gave no opinion: ${modelFailure.message}`;
  if (secondOpinion === undefined) return verdict;
  const who = secondOpinion.by === "model" ? "The model" : "The rules";
  return `${verdict} ${who}: ${secondOpinion.cause} (${secondOpinion.confidence}).`;
}

/** A diagnosis with the confidence that it states. */
export function describeVerdict(diagnosis: Diagnosis): string {
  return `${diagnosis.cause} (${diagnosis.confidence}): ${diagnosis.rootCause}`;
}

/** A decision with the confidence that it rests on. */
export function describeDecision(decision: Decision): string {
  const confidence = `earned confidence ${decision.confidence.earned.toFixed(2)}`;
  if (decision.kind === "decline") return `decline, ${confidence}: ${decision.reasons.join(" ")}`;
  return `${decision.kind} ${decision.action}, ${confidence}`;
}

function describeAnswer(answer: ApprovalAnswer): string {
  switch (answer.verdict) {
    case "withdrawn":
      return answer.note ?? "The trouble had passed.";
    case "expired":
      return "Nobody answered in time; expiry means no.";
    case "unasked":
      return answer.note ?? NOBODY_ASKED;
    case "voided":
      return answer.note ?? "The service had changed.";
    case "approved":
    case "denied": {
      const by = answer.by === undefined ? "" : ` by ${answer.by.id} (${answer.by.channel})`;
      return `${answer.verdict}${by}${answer.note ? `: ${answer.note}` : ""}`;
    }
  }
}
