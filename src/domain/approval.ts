/** A question to a person about one exact change. */
import { createHash } from "node:crypto";
import { z } from "zod";
import { Cause, Severity } from "./cause.ts";
import { Plan } from "./decision.ts";
import { Target } from "./target.ts";

/** Who answered: a Slack user id, a name on the command line, the name of an HTTP token. */
export const Approver = z.object({ channel: z.enum(["slack", "cli", "http"]), id: z.string().min(1) });
export type Approver = z.infer<typeof Approver>;

/**
 * `voided`: the service had changed when the answer came, so the approved change was not made. `withdrawn`: the alarm
 * was OK again before anybody answered. `unasked`: the deadline passed and no channel had taken the question.
 */
export const ApprovalVerdict = z.enum(["approved", "denied", "expired", "unasked", "voided", "withdrawn"]);
export type ApprovalVerdict = z.infer<typeof ApprovalVerdict>;

/** What is said of a question that no channel took. */
export const NOBODY_ASKED = "Nobody was asked: no channel took the question, and nobody has said no.";

export const ApprovalAnswer = z.object({
  verdict: ApprovalVerdict,
  at: z.iso.datetime(),
  /** Absent for answers of code: `expired`, `unasked`, `voided` and `withdrawn`. */
  by: Approver.optional(),
  note: z.string().optional(),
});
export type ApprovalAnswer = z.infer<typeof ApprovalAnswer>;

export const Approval = z.object({
  /** Unguessable; one for each question. */
  id: z.string().min(16),
  incidentId: z.string(),
  target: Target,
  cause: Cause,
  severity: Severity,
  confidence: z.number(),
  rootCause: z.string(),
  /** The most telling lines of the application's log, in words; absent where there are none. */
  logSays: z.array(z.string()).optional(),
  /** The rules that ask, as text. */
  why: z.string(),
  plan: Plan,
  /** {@link planHash} of incident, target and plan: an answer to another plan is refused. */
  planHash: z.string(),
  requestedAt: z.iso.datetime(),
  /** No answer until then means no. Later than at first where the question waited to be put to people. */
  deadline: z.iso.datetime(),
  /** Resumes the waiting workflow; a secret. */
  callbackId: z.string(),
  /** Where channels put the question, by channel name, so that they can close it. */
  messages: z.record(z.string(), z.string()),
  answer: ApprovalAnswer.optional(),
});
export type Approval = z.infer<typeof Approval>;

/** The outcome of an answer. Only `recorded` changes anything. */
export type AnswerOutcome =
  | { readonly outcome: "recorded"; readonly approval: Approval }
  | { readonly outcome: "already-answered"; readonly approval: Approval }
  | { readonly outcome: "past-deadline"; readonly approval: Approval }
  | { readonly outcome: "other-plan"; readonly approval: Approval }
  | { readonly outcome: "unknown" };

/** Returns the hash of an exact change: its targets and how they change, without texts. SHA-256, hex. */
export function planHash(incidentId: string, target: Target, plan: Plan): string {
  const exact = exactly(plan);
  const text = JSON.stringify([incidentId, target.cluster, target.service, ...exact]);
  return createHash("sha256").update(text).digest("hex");
}

function surgeOf({ surge }: Extract<Plan, { action: "restart" }>): string[] {
  return surge === undefined ? [] : [`surge ${surge.from} ${surge.to} ${surge.keep}`];
}

function exactly(plan: Plan): string[] {
  switch (plan.action) {
    case "restart":
      return [plan.action, ...plan.tasks.map((task) => task.taskArn), ...surgeOf(plan)];
    case "scale":
      return [plan.action, String(plan.from), String(plan.to)];
    case "rollback":
      return [plan.action, plan.from, plan.to, plan.how, plan.deploymentArn ?? ""];
  }
}
