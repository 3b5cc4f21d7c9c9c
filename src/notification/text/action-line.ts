import type { Decision, Plan, Surge } from "../../domain/decision.ts";
import { wasMade, whyNotMade as whyStepsFailed } from "../../domain/incident/action-fold.ts";
import type { ActionResult, AskedApproval, Incident } from "../../domain/incident/incident.ts";
import { approvalText, approverText, deadlineText } from "./approval-text.ts";
import { formatConfidence } from "./format.ts";
import { reportedOutcome } from "./outcome.ts";
import { diagnosisOf, type Look, madeActions } from "./summary.ts";
import { effectText, undoneText } from "./undone-text.ts";

/**
 * What stands after `Action Taken:`, as plain text: each action with its confidence, or `None — <why>`. An action
 * whose effect is not proven says so, and so does one that was taken back.
 */
export function actionLine(incident: Incident): string {
  const made = madeActions(incident);
  const last = made.at(-1);
  if (last === undefined) return `None${incident.status === "open" ? " yet" : ""} — ${whyNone(incident)}`;
  const under = underWay(incident);
  if (under !== undefined) return `${last.action} ${under}`;
  const line = `${made.map((action, index) => named(action, index, made, incident)).join(", then ")}`;
  const unclear = made.some((action) => action.outcome === "unknown")
    ? "AWS gave no clear answer, so it is unknown whether it took place"
    : undefined;
  if (reportedOutcome(incident).status === "resolved") return unclear ? `${line} — ${unclear}` : line;
  const back = undoneText(last);
  const proof = back
    ? `${back}${unclear ? `; ${unclear}` : ""}`
    : `not yet proven: ${unclear ? `${unclear}; ` : ""}${whyUnproven(incident)}`;
  return `${line} — ${proof}${whyNoSecond(incident)}`;
}

/** What is going on with the last action; undefined once it has ended. */
function underWay({ status, progress }: Incident): string | undefined {
  if (status !== "open") return undefined;
  switch (progress?.phase) {
    case "acting":
      return `under way — ${progress.detail}`;
    case "proving":
      return `done, being verified — ${progress.detail}`;
    case "undoing":
      return `being taken back — ${progress.detail}`;
    default:
      return undefined;
  }
}

/** A plan in words, such as `restart of task 4f2a` or `scale from 2 to 4 tasks`. */
export function planText(plan: Plan): string {
  if (plan.action === "scale") return `scale from ${plan.from} to ${plan.to} tasks`;
  if (plan.action === "rollback") return `rollback from ${plan.from} to ${plan.to} (${ROLLBACK[plan.how]})`;
  const ids = plan.tasks.map((task) => task.taskId);
  const tasks = ids.length === 1 ? `task ${ids[0]}` : `${ids.length} tasks (${ids.join(", ")})`;
  return `restart of ${tasks}${surgeText(plan.surge)}`;
}

/** A task that comes before the first is stopped, and goes after the last is replaced. */
function surgeText(surge: Surge | undefined): string {
  return surge === undefined
    ? ""
    : `, with one task added first (${surge.from} to ${surge.to} and back to ${surge.from})`;
}

const ROLLBACK = {
  "stop-deployment": "ends the deployment that is still going on",
  "update-service": "by a new deployment",
} as const;

/** The question of a look to a person, with the change it is about; undefined where nobody was asked. */
export function askedText({ approval, decision }: Look, { status }: Incident): string | undefined {
  const plan = decision !== undefined && decision.kind !== "decline" ? decision.plan : undefined;
  // The decision after a voided approval has another plan, or none.
  const exact = approval?.plan ?? plan;
  return approvalText(approval, exact && planText(exact), status);
}

/** The rules that stopped a decision, in order. */
export function refusals(decision: Decision): Decision["trail"] {
  return decision.trail.filter((result) => result.outcome === "refuse");
}

/** What observe mode held back, or undefined where it held nothing back. */
export function wouldHaveText(decision: Decision): string | undefined {
  if (decision.kind !== "decline" || decision.wouldHave === undefined) return undefined;
  const { kind, plan } = decision.wouldHave;
  return `would have ${kind === "act" ? "done" : "asked for approval of"}: ${planText(plan)}`;
}

/** The first action comes of the first look, every later one of the second. */
export function lookOf(incident: Incident, action: ActionResult): Look {
  return incident.further !== undefined && incident.actions.indexOf(action) > 0 ? incident.further : incident;
}

function named(
  action: ActionResult,
  index: number,
  made: readonly ActionResult[],
  incident: Incident,
): string {
  const isLast = index === made.length - 1;
  // Actions of one decision share its confidence, which then stands behind the last of them.
  const confidence = isLast || incident.further ? confidenceIn(lookOf(incident, action)) : undefined;
  const notes = [confidence, isLast ? undefined : effectText(action)].filter((note) => note !== undefined);
  const name = action.outcome === "partly-done" ? `${action.action}, partly done` : action.action;
  return notes.length === 0 ? name : `${name} (${notes.join("; ")})`;
}

function confidenceIn(look: Look): string | undefined {
  const confidence = look.decision?.confidence.earned ?? diagnosisOf(look)?.confidence;
  return confidence === undefined ? undefined : `confidence: ${formatConfidence(confidence)}`;
}

function withConfidence(text: string, look: Look): string {
  const confidence = confidenceIn(look);
  return confidence === undefined ? text : `${text} (${confidence})`;
}

function whyUnproven(incident: Incident): string {
  const { verification, failures } = incident;
  const last = incident.actions.at(-1);
  if (last && !wasMade(last.steps)) return whyStepsFailed(last.steps) ?? "no step was made";
  if (verification?.outcome === "recovered") return verification.reason;
  if (verification) return `${verification.outcome}, ${verification.reason}`;
  return failures[0] ? `OpsAgent failed at ${failures[0].stage}` : "no verification was made";
}

/** After an action that did not help: why no other one followed. */
function whyNoSecond(incident: Incident): string {
  const second = incident.actions.slice(1).at(-1);
  const decision = incident.further?.decision;
  if (decision === undefined || (second && second.outcome !== "nothing-changed")) return "";
  const why = second ? whyNothingChanged(second) : whyNotMade(decision, incident.further ?? {}, incident);
  return `; ${incident.status === "open" ? "next" : "no second action"}: ${why}`;
}

function whyNone(incident: Incident): string {
  const tried = incident.actions.at(-1);
  if (tried) return whyNothingChanged(tried);
  if (incident.passed) return "the alarm went back to OK by itself";
  if (incident.joinedTo !== undefined) return `incident ${incident.joinedTo} deals with it`;
  if (incident.decision) return whyNotMade(incident.decision, incident, incident);
  const failure = incident.failures[0];
  if (failure) return `OpsAgent failed at ${failure.stage} before it could act`;
  if (incident.alert.targetProblem) return incident.alert.targetProblem;
  if (incident.alert.state !== "ALARM") return `the alarm went to ${incident.alert.state}`;
  return incident.summary;
}

/** Why a decision did not come to an action. */
function whyNotMade(decision: Decision, look: Look, incident: Incident): string {
  // After a yes the world is read and judged again: what a person said explains more than the second verdict.
  if (look.approval && look.approval.answer?.verdict !== "approved") {
    return whyNotApproved(planOf(decision), look.approval, incident);
  }
  const wouldHave = wouldHaveText(decision);
  if (wouldHave) return withConfidence(`observe only; ${wouldHave}`, look);
  if (incident.status === "observed") return heldBack(decision, look);
  if (decision.kind === "decline") return joined(decision.reasons);
  if (decision.kind === "ask" && look.approval === undefined) {
    return `${planOf(decision)} needs a person's approval: ${decision.why}`;
  }
  const by = look.approval?.answer?.by;
  return failedBefore(
    `${planOf(decision)}${look.approval ? `, approved by ${approverText(by)}` : ""}`,
    incident,
  );
}

function planOf(decision: Decision): string {
  return decision.kind !== "decline" && decision.plan ? planText(decision.plan) : decision.action;
}

function whyNotApproved(plan: string, approval: AskedApproval, incident: Incident): string {
  const { answer } = approval;
  const deadline = deadlineText(approval);
  switch (answer?.verdict) {
    case undefined:
      return incident.status === "open"
        ? `${plan} waits for a person's approval until ${deadline}`
        : failedBefore(plan, incident);
    case "approved":
      return failedBefore(`${plan}, approved by ${approverText(answer.by)}`, incident);
    case "denied":
      return `${plan} was denied by ${approverText(answer?.by)}`;
    case "expired":
      return `${plan} was not approved: no answer until ${deadline}, and expiry means no`;
    case "unasked":
      return `${plan} was not made: nobody was asked, because no channel took the question until ${deadline}`;
    case "withdrawn":
      return `${plan} was not needed any more: the question was withdrawn, because the trouble had passed`;
    case "voided":
      return `${plan} was approved, but not made: ${answer?.note || "the service had changed meanwhile"}`;
  }
}

/** Allowed, but never made; while the incident is open it may still come. */
function failedBefore(plan: string, { failures, status }: Incident): string {
  const [failure] = failures;
  if (failure) return `OpsAgent failed at ${failure.stage} before it could act; meant was: ${plan}`;
  return status === "open" ? plan : `${plan} was not made`;
}

function whyNothingChanged(action: ActionResult): string {
  const why = `${action.action} was not carried out: ${whyStepsFailed(action.steps) ?? "no step was made."}`;
  return /nothing was (?:changed|done)/i.test(why) ? why : `${why} Nothing was changed.`;
}

/** Reasons as one sentence, whether or not they end with a full stop. */
function joined(reasons: readonly string[]): string {
  return reasons.map((reason) => reason.trim().replace(/\.$/, "")).join("; ");
}

/** Observe mode in records that do not say what was held back: what the decision tells of it. */
function heldBack(decision: Decision, look: Look): string {
  if (decision.kind !== "decline") {
    const verb = decision.kind === "act" ? "done" : "asked for approval of";
    return withConfidence(`observe only; would have ${verb}: ${planOf(decision)}`, look);
  }
  const stopped = refusals(decision);
  const onlyMode = stopped.length > 0 && stopped.every((result) => result.rule === "mode");
  if (decision.action === "none" || !onlyMode) return joined(decision.reasons);
  return withConfidence(`observe only; would have done: ${decision.action}`, look);
}
