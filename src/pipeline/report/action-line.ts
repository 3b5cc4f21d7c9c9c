import type { Decision, Plan } from "../../domain/decision.ts";
import type { ActionResult, Incident } from "../../domain/incident.ts";
import { formatConfidence } from "./format.ts";
import { reportedOutcome } from "./outcome.ts";

/**
 * What stands after `Action Taken:`, as plain text: the action with its confidence, or `None — <why>`. An action
 * whose effect is not proven says so.
 */
export function actionLine(incident: Incident): string {
  const made = incident.actions.filter((action) => action.outcome !== "nothing-changed");
  if (made.length === 0) return `None — ${whyNone(incident)}`;
  const names = made.map(named).join(", then ");
  const line = `${names}${confidenceOf(incident)}`;
  const unclear = made.some((action) => action.outcome === "unknown")
    ? "AWS gave no clear answer, so it is unknown whether it took place"
    : undefined;
  if (reportedOutcome(incident).status === "resolved") return unclear ? `${line} — ${unclear}` : line;
  return `${line} — not yet proven: ${unclear ? `${unclear}; ` : ""}${whyUnproven(incident)}`;
}

/** A plan in words, such as `restart of task 4f2a` or `scale from 2 to 4 tasks`. */
export function planText(plan: Plan): string {
  if (plan.action === "scale") return `scale from ${plan.from} to ${plan.to} tasks`;
  if (plan.action === "rollback") return `rollback from ${plan.from} to ${plan.to}`;
  const ids = plan.tasks.map((task) => task.taskId);
  return ids.length === 1
    ? `restart of task ${ids[0]}`
    : `restart of ${ids.length} tasks (${ids.join(", ")})`;
}

/** The rules that stopped a decision, in order. */
export function refusals(decision: Decision): Decision["trail"] {
  return decision.trail.filter((result) => result.outcome === "refuse");
}

function named(action: ActionResult): string {
  return action.outcome === "partly-done" ? `${action.action}, partly done` : action.action;
}

function confidenceOf(incident: Incident): string {
  const confidence = incident.decision?.confidence.earned ?? incident.diagnosis?.confidence;
  return confidence === undefined ? "" : ` (confidence: ${formatConfidence(confidence)})`;
}

function whyUnproven(incident: Incident): string {
  const { verification, failures } = incident;
  if (verification?.outcome === "recovered") return verification.reason;
  if (verification) return `${verification.outcome}, ${verification.reason}`;
  return failures[0] ? `OpsAgent failed at ${failures[0].stage}` : "no verification was made";
}

function whyNone(incident: Incident): string {
  const tried = incident.actions.at(-1);
  if (tried) return whyNothingChanged(tried);
  const { decision } = incident;
  if (decision && incident.status === "observed") return wouldHaveBeen(incident, decision);
  if (decision?.kind === "decline") return joined(decision.reasons);
  if (decision?.kind === "ask") return `${decision.action} needs a person's approval: ${decision.why}`;
  const failure = incident.failures[0];
  if (failure) return `OpsAgent failed at ${failure.stage} before it could act`;
  if (incident.alert.targetProblem) return incident.alert.targetProblem;
  if (incident.alert.state !== "ALARM") return `the alarm went to ${incident.alert.state}`;
  return incident.summary;
}

function whyNothingChanged(action: ActionResult): string {
  const refused = action.steps.find((step) => step.outcome === "refused") ?? action.steps.at(-1);
  const why = `${action.action} was not carried out: ${refused?.detail ?? "no step was made."}`;
  return /nothing was (?:changed|done)/i.test(why) ? why : `${why} Nothing was changed.`;
}

/** Reasons as one sentence, whether or not they end with a full stop. */
function joined(reasons: readonly string[]): string {
  return reasons.map((reason) => reason.trim().replace(/\.$/, "")).join("; ");
}

/** Observe mode: the exact change that was held back, or why there was none to hold back. */
function wouldHaveBeen(incident: Incident, decision: Decision): string {
  const confidence = confidenceOf(incident);
  if (decision.kind === "act")
    return `observe only; would have been: ${planText(decision.plan)}${confidence}`;
  if (decision.kind === "ask") {
    const plan = decision.plan ? planText(decision.plan) : decision.action;
    return `observe only; would have asked for approval of: ${plan}${confidence}`;
  }
  const stopped = refusals(decision);
  const onlyMode = stopped.length > 0 && stopped.every((result) => result.rule === "mode");
  if (decision.action === "none" || !onlyMode) return joined(decision.reasons);
  return `observe only; would have been: ${decision.action}${confidence}`;
}
