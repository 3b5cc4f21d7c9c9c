import { z } from "zod";
import { Action, Cause, Severity } from "./cause.ts";

/** A cause that was considered and dropped, with the reason. */
export const RuledOut = z.object({ cause: Cause, why: z.string() });
export type RuledOut = z.infer<typeof RuledOut>;

/**
 * One cause that was weighed, with its share of all of them; `unknown` stands for none of these. `for` and `against`
 * are ids of facts.
 */
export const RankedCause = z.object({
  cause: Cause,
  posterior: z.number().min(0).max(1),
  for: z.array(z.string()),
  against: z.array(z.string()),
  /** The reading that would tell it from its nearest rival, as the object of "what would tell is ...". */
  wouldTell: z.string().optional(),
});
export type RankedCause = z.infer<typeof RankedCause>;

/**
 * The result of a diagnoser, rules or model. It names no target or count; the ids in `evidence` and `against` are
 * facts of the evidence.
 */
export const Diagnosis = z.object({
  cause: Cause,
  rootCause: z.string(),
  action: Action,
  confidence: z.number().min(0).max(1),
  severity: Severity,
  rca: z.string(),
  evidence: z.array(z.string()),
  against: z.array(z.string()),
  ruledOut: z.array(RuledOut),
  /** All causes that were weighed, the likeliest first; absent where a model diagnosed, and in older records. */
  ranked: z.array(RankedCause).optional(),
  missing: z.array(z.string()),
  nextSteps: z.array(z.string()),
  by: z.enum(["rules", "model"]),
});
export type Diagnosis = z.infer<typeof Diagnosis>;

/** Why a model that was to be asked gave no opinion: what an {@link OpsAgentError} says. */
export const ModelFailure = z.object({ code: z.string(), message: z.string(), remedy: z.string() });
export type ModelFailure = z.infer<typeof ModelFailure>;

/** Tokens and dollars of the model calls of one incident. `costUsd` is undefined where the server did not say. */
export const ModelUsage = z.object({
  model: z.string(),
  calls: z.number().int(),
  inputTokens: z.number().int(),
  outputTokens: z.number().int(),
  costUsd: z.number().optional(),
  milliseconds: z.number(),
});
export type ModelUsage = z.infer<typeof ModelUsage>;
