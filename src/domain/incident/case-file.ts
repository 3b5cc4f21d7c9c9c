/** An incident as a company can share it: what was seen and decided, and nothing of the account it happened in. */
import { z } from "zod";
import { Alert } from "../alert.ts";
import { ApprovalVerdict } from "../approval.ts";
import { Action, Cause } from "../cause.ts";
import { Decision, Plan } from "../decision.ts";
import { Diagnosis, ModelFailure, ModelUsage } from "../diagnosis.ts";
import { Evidence } from "../evidence.ts";
import { Mode, Policy } from "../policy.ts";
import { Target } from "../target.ts";
import { IncidentStatus, Verification } from "./incident.ts";

/** One look at the service and what was made of it; an incident has a second one after an action that did not help. */
export const CaseRound = z.object({
  /** When code decided: guardrails about time and about earlier actions are judged as of then. */
  decidedAt: z.iso.datetime(),
  /** What the decision was made on: without what a model had read in addition. */
  evidence: Evidence,
  diagnosis: Diagnosis.optional(),
  /** The other opinion where a model was asked; `by` says whose. The rules' where a model's failure ended it. */
  secondOpinion: Diagnosis.optional(),
  /** Why the model gave no opinion. */
  modelFailure: ModelFailure.pick({ code: true }).optional(),
  /** The last word; after an approval that is the decision on a second look. */
  decision: Decision.optional(),
  /** The question to a person, if there was one. The answer is missing while it waits. */
  asked: z.object({ plan: Plan.optional(), answer: ApprovalVerdict.optional() }).optional(),
});
export type CaseRound = z.infer<typeof CaseRound>;

/** An action as the guardrails of a later incident see it. */
export const CaseAction = z.object({
  incidentId: z.string(),
  cluster: z.string(),
  service: z.string(),
  action: z.string(),
  cause: z.string(),
  at: z.iso.datetime(),
  verified: z.boolean().exactOptional(),
});
export type CaseAction = z.infer<typeof CaseAction>;

/** What a person knows to be true; what is left out follows from the cause × action matrix. */
export const CaseTruth = z.object({
  /** Every cause that a fair judge accepts. */
  causes: z.array(Cause).min(1),
  actions: z.array(Action).min(1).optional(),
  harmful: z.array(Action).optional(),
  decisions: z
    .array(z.enum(["act", "ask", "decline"]))
    .min(1)
    .optional(),
});
export type CaseTruth = z.infer<typeof CaseTruth>;

/**
 * The case file that `opsagent export` writes and `opsagent replay` and the evaluation read. Published as JSON Schema in
 * docs/schemas/case.v1.json; a breaking change raises `schemaVersion`.
 */
export const CaseFile = z.object({
  kind: z.literal("opsagent-case"),
  schemaVersion: z.literal("1"),
  /** The incident's pseudonym, by which `history` tells its own actions from others'. */
  incidentId: z.string(),
  status: IncidentStatus,
  target: Target,
  alert: Alert,
  /** The first look, and the further one where there was one. */
  rounds: z.array(CaseRound).min(1).max(2),
  /** What was done, and what came of it. */
  actions: z.array(
    z.object({
      action: Action.exclude(["none"]),
      outcome: z.enum(["done", "partly-done", "nothing-changed", "unknown"]),
      verification: Verification.shape.outcome.optional(),
    }),
  ),
  /** Earlier actions, as far as the guardrails look. */
  history: z.array(CaseAction),
  /** As it was configured when the file was written; an incident does not keep the policy that it was judged by. */
  policy: Policy,
  ceiling: Mode,
  model: ModelUsage.optional(),
  truth: CaseTruth.optional(),
});
export type CaseFile = z.infer<typeof CaseFile>;
