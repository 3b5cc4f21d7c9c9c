/** What an incident came to, or would come to if it ended now: status and summary from the record. Pure. */
import { attachedName } from "../alert-grouping.ts";
import { type ApprovalAnswer, NOBODY_ASKED } from "../approval.ts";
import { factsOf } from "../evidence.ts";
import { wasMade, whyNotMade } from "./action-fold.ts";
import type { ActionResult, Incident, IncidentStatus } from "./incident.ts";

export type Outcome = readonly [status: IncidentStatus, summary: string];

/** The outcome of a record without a fault of its own. `open` where nothing is decided yet. */
export function outcomeOf(incident: Incident): Outcome {
  const { alert, decision } = incident;
  const cause = incident.diagnosis?.rootCause ?? "";
  if (alert.state !== "ALARM") return ["observed", `The alarm went to ${alert.state}; noted, nothing to do.`];
  if (incident.passed) {
    const why = `The alarm fired again in the decay window of incident ${incident.refireOf ?? "unknown"}`;
    return ["observed", `${why} and went back to OK by itself.`];
  }
  if (alert.targetProblem !== undefined) return ["escalated", alert.targetProblem];
  const done = afterAction(incident);
  if (done !== undefined) return done;
  if (decision === undefined) return ["open", `${alert.title}: under investigation.`];
  if (incident.rememberedFrom !== undefined && decision.kind === "decline") {
    return ["observed", `${cause} Incident ${incident.rememberedFrom} told of it already.`];
  }
  if (isScalingsOwn(incident) && decision.kind === "decline") return ["observed", cause];
  const again = firedSinceWithdrawn(incident);
  const [status, why] = withoutAction(decision, incident.approval);
  return again === undefined ? [status, `${cause} ${why}`] : ["escalated", `${cause} ${why} ${again}`];
}

/** Autoscaling's own alarm on a service that is well: people did not set it, and nobody is paged for it. */
function isScalingsOwn({ diagnosis, evidence }: Incident): boolean {
  if (diagnosis?.cause !== "no-fault" || evidence === undefined) return false;
  return factsOf(evidence, "alarm").some(({ data }) => !data.other && data.scaling !== undefined);
}

/** What it would come to if it ended now, whatever is going on. A fault has the last word. */
export function endedNow(incident: Incident): { readonly status: IncidentStatus; readonly summary: string } {
  const { progress: _, ...ended } = incident;
  if (incident.status === "failed") return incident;
  const [status, summary] = outcomeOf(ended);
  return { status, summary };
}

/** An alarm that was attached after the question was withdrawn was not part of what was seen then. */
function firedSinceWithdrawn({ approval, joined = [] }: Incident): string | undefined {
  const answer = approval?.answer;
  if (answer?.verdict !== "withdrawn") return undefined;
  const late = joined.find((one) => one.state === "ALARM" && one.joinedAt > answer.at);
  return late && `But ${attachedName(late)} fired at ${late.firedAt}, before the incident had ended.`;
}

/** What came of the last action; undefined when none was begun. */
function afterAction(incident: Incident): Outcome | undefined {
  const { verification, further } = incident;
  const cause = incident.diagnosis?.rootCause ?? "";
  const action = incident.actions.at(-1);
  if (action === undefined) return undefined;
  const under = underWay(incident, action);
  if (under !== undefined) return ["open", `${cause} ${under}`];
  const names = incident.actions.map((one) => one.action).join(", then ");
  if (verification?.outcome === "recovered" && action.outcome === "unknown") {
    const doubt = `The service recovered, but whether ${action.action} took place is not known.`;
    return ["escalated", `${cause} ${doubt}`];
  }
  if (verification?.outcome === "recovered") {
    return [
      "resolved",
      `${cause} Fixed by ${names}, and proven: ${lower(verification.reason)}${notMade(action)}`,
    ];
  }
  const done = {
    done: "was done, but not proven",
    "partly-done": "was partly done, and is not proven",
    unknown: "may or may not have been done, and is not proven",
    "nothing-changed": "changed nothing",
  }[action.outcome];
  if (action.outcome === "partly-done" && !wasMade(action.steps)) {
    const left = action.steps.find(({ surge }) => surge === "returned")?.detail ?? "";
    return [
      "escalated",
      `${cause} ${action.action} was not made: ${whyNotMade(action.steps)} ${left}`.trim(),
    ];
  }
  const why =
    action.outcome === "nothing-changed"
      ? (whyNotMade(action.steps) ?? "")
      : (verification?.reason ?? "not yet verified.");
  const undone = takenBack(action);
  const rest = action.outcome === "partly-done" ? notMade(action) : "";
  const next =
    further?.decision === undefined || further.decision.kind === "act"
      ? ""
      : ` A further action: ${lower(withoutAction(further.decision, further.approval)[1])}`;
  return ["escalated", `${cause} ${action.action} ${done}: ${why}${rest}${undone}${next}`];
}

/** The change of a partly done action that was refused, and why: what is left of it. */
function notMade({ outcome, steps }: ActionResult): string {
  const refused = outcome === "partly-done" ? steps.find((step) => step.outcome === "refused") : undefined;
  return refused === undefined ? "" : ` Not done: ${refused.what}. ${refused.detail}`;
}

/** What became of an undo, and what a person has to do where it was not made. */
function takenBack({ undone = [], undo }: ActionResult): string {
  if (undone.some((step) => step.outcome === "done")) return " It was taken back.";
  const [step] = undone;
  if (step === undefined) return "";
  const doubt =
    step.outcome === "unknown" ? "Whether it was taken back is not known" : "It was not taken back";
  return ` ${doubt}: ${step.detail} That is left to you: ${undo}`;
}

/** What is said while the last action is being made, proven or taken back. */
function underWay({ progress }: Incident, action: ActionResult): string | undefined {
  switch (progress?.phase) {
    case "acting":
      return `${action.action} is under way: ${progress.detail}.`;
    case "proving":
      return `${action.action}: ${DONE[action.outcome]}; whether it helped is being verified (${progress.detail}).`;
    case "undoing":
      return `${action.action} did not help and is being taken back: ${progress.detail}.`;
    default:
      return undefined;
  }
}

const DONE: Readonly<Record<ActionResult["outcome"], string>> = {
  done: "done",
  "partly-done": "partly done",
  unknown: "whether it took place is not known",
  "nothing-changed": "nothing changed",
};

/** What a decision came to that led to no action. */
function withoutAction(decision: NonNullable<Incident["decision"]>, approval: Incident["approval"]): Outcome {
  const answer = approval?.answer;
  if (answer?.verdict === "withdrawn") {
    return [
      "observed",
      `${decision.action} was not needed any more. ${answer.note ?? "The trouble passed."}`,
    ];
  }
  if (answer !== undefined && answer.verdict !== "approved") return ["escalated", declined(decision, answer)];
  switch (decision.kind) {
    case "decline": {
      const { wouldHave, reasons, action } = decision;
      if (wouldHave === undefined) return ["escalated", `Nothing was done: ${reasons.join(" ")}`];
      const would =
        wouldHave.kind === "act" ? `have done a ${action}` : `have asked for approval of a ${action}`;
      return ["observed", `Nothing was done: ${reasons.join(" ")} Outside mode observe it would ${would}.`];
    }
    case "ask":
      if (approval === undefined) {
        return ["escalated", `${decision.action} is for a person to decide: ${decision.why}`];
      }
      return answer === undefined
        ? ["open", `${decision.action} waits for a person until ${approval.deadline}: ${decision.why}`]
        : ["open", `${decision.action} was approved${by(answer)}; the service is looked at again first.`];
    case "act":
      return ["open", `${decision.action} is being carried out.`];
  }
}

function declined({ action }: NonNullable<Incident["decision"]>, answer: ApprovalAnswer): string {
  const why = {
    approved: "was approved.",
    withdrawn: "was not needed any more.",
    denied: `was denied${by(answer)}${answer.note ? `: ${answer.note}` : "."}`,
    expired: "was not answered in time, and expiry means no.",
    unasked: `was not done. ${answer.note ?? NOBODY_ASKED}`,
    voided: `was approved${by(answer)}, but not done: ${answer.note ?? "the service had changed."}`,
  }[answer.verdict];
  return `${action} ${why}`;
}

function by({ by: approver }: ApprovalAnswer): string {
  return approver === undefined ? "" : ` by ${approver.id}`;
}

function lower(sentence: string): string {
  return sentence.replace(/^./, (first) => first.toLowerCase());
}
