/** What OpsAgent is at after an event, in words that a person understands. Pure. */
import { plural } from "../plural.ts";
import type { Incident, IncidentProgress, Phase } from "./incident.ts";
import type { EventOf, IncidentEvent } from "./incident-event.ts";

/** `same`: the event does not change it; undefined: nothing goes on any more. */
export function progressAfter(record: Incident, event: IncidentEvent): IncidentProgress | undefined | "same" {
  const now = nowAt(record, event);
  if (now === "same" || now === undefined) return now;
  const [phase, detail] = now;
  const since = record.progress?.phase === phase ? record.progress.since : event.at;
  return { phase, detail, since };
}

type Now = readonly [Phase, string] | undefined | "same";

function nowAt(record: Incident, event: IncidentEvent): Now {
  switch (event.kind) {
    case "grace-period-began":
      return ["waiting", `for the grace period of incident ${event.refireOf} to end at ${event.until}`];
    case "grace-period-ended":
      return event.passed ? ["closing", "the alarm is OK again"] : ["investigating", "collecting evidence"];
    case "look-postponed":
      return ["waiting", `it may pass by itself: looking again in ${event.seconds} s`];
    case "evidence-collected":
      return ["investigating", `diagnosing from ${plural(event.evidence.facts.length, "fact")}`];
    case "evidence-added":
    case "diagnosed":
      return ["investigating", "deciding what may be done"];
    case "diagnosis-failed":
      return ["closing", "no diagnosis could be made"];
    case "decided":
      return afterDecision(record, event);
    case "approval-requested":
      return [
        "asking",
        `${event.approval.plan?.action ?? "the change"} waits for a person until ${event.approval.deadline}`,
      ];
    case "approval-extended":
      return record.progress?.phase === "asking"
        ? ["asking", `the change waits for a person until ${event.deadline}`]
        : "same";
    case "approval-answered":
      return afterAnswer(event);
    case "action-reserved":
      return event.granted
        ? ["acting", `about to ${verb(event.action)}`]
        : ["closing", `${event.action} was held back: ${event.reason ?? event.rule ?? "refused"}`];
    case "action-claimed":
      return [PURPOSES[event.purpose], event.what];
    case "action-step-ended":
      return event.purpose === "scale-in"
        ? "same"
        : [PURPOSES[event.purpose], `${event.step.what}: ${event.step.outcome}`];
    case "action-ended":
      return event.result.outcome === "nothing-changed"
        ? ["closing", `${event.result.action} changed nothing`]
        : ["proving", "waiting for the first look"];
    case "verification-looked":
      return ["proving", describeLook(event)];
    case "verified":
      return event.verification.outcome === "recovered"
        ? ["closing", "recovery is proven"]
        : ["closing", `recovery is not proven: ${event.verification.outcome}`];
    case "undone":
      return ["closing", "it was taken back"];
    case "grouping-window-opened":
      return ["grouping", `further alarms of the same fault join until ${event.until}`];
    case "closed":
    case "capacity-returned":
    case "grouping-window-closed":
      return undefined;
    case "failed":
      return ["closing", `failed at ${event.failure.stage}`];
    default:
      return "same";
  }
}

const PURPOSES = { action: "acting", undo: "undoing", "scale-in": "scaling-in" } as const;

function afterDecision(record: Incident, { attempt, decision, basis }: EventOf<"decided">): Now {
  if (attempt === "late" && basis === undefined && record.approval === undefined) return "same";
  switch (decision.kind) {
    case "act":
      return ["acting", `about to ${verb(decision.action)}`];
    case "ask":
      return ["asking", `${decision.action} needs a person's yes`];
    case "decline":
      return ["closing", "nothing is to be done by OpsAgent"];
  }
}

function afterAnswer({ answer }: EventOf<"approval-answered">): Now {
  if (answer.verdict === "unasked") return ["closing", "nobody could be asked"];
  const who = answer.by === undefined ? "" : ` by ${answer.by.id}`;
  return answer.verdict === "approved"
    ? ["checking", `approved${who}: checking that the service is still as it was judged`]
    : ["closing", `the question was ${answer.verdict}${who}`];
}

/** How far the proof has come: `held 1 of 3 looks`, and what is still open. */
export function describeLook({
  held,
  holdLooks,
  checks,
}: Omit<EventOf<"verification-looked">, "kind">): string {
  const open = checks.find((check) => check.met !== true);
  return open === undefined
    ? `all conditions met, held ${held} of ${holdLooks} looks`
    : `${open.condition}: ${open.detail}`;
}

/** An action as a verb: `rollback` is a noun. */
function verb(action: string): string {
  return action === "rollback" ? "roll back" : action;
}
