import { z } from "zod";
import { Action, Cause, Severity } from "./cause.ts";

/** A cause that was considered and dropped, with the reason. */
export const RuledOut = z.object({ cause: Cause, why: z.string() });
export type RuledOut = z.infer<typeof RuledOut>;

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
  missing: z.array(z.string()),
  nextSteps: z.array(z.string()),
  by: z.enum(["rules", "model"]),
});
export type Diagnosis = z.infer<typeof Diagnosis>;

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
