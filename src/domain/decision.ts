import { z } from "zod";
import { Action, Cause } from "./cause.ts";
import { Target } from "./target.ts";

/** One rule that was evaluated, in order, and what it did. */
export const RuleResult = z.object({
  rule: z.string(),
  outcome: z.enum(["pass", "lower", "ask", "refuse"]),
  reason: z.string(),
});
export type RuleResult = z.infer<typeof RuleResult>;

/**
 * One task is added before any is stopped, and taken away again at the end. `keep`: the tasks that must keep serving at
 * every moment.
 */
export const Surge = z.object({
  from: z.number().int().min(0),
  to: z.number().int().min(1),
  keep: z.number().int().min(0),
});
export type Surge = z.infer<typeof Surge>;

/** The exact change that would be made; bound to an approval by its hash. */
export const Plan = z.discriminatedUnion("action", [
  z.object({
    action: z.literal("restart"),
    tasks: z.array(z.object({ taskArn: z.string(), taskId: z.string(), why: z.string() })).min(1),
    surge: Surge.optional(),
  }),
  z.object({ action: z.literal("scale"), from: z.number().int().min(0), to: z.number().int().min(1) }),
  z.object({
    action: z.literal("rollback"),
    /** Task definitions, `family:revision`. */
    from: z.string(),
    to: z.string(),
    /** `stop-deployment`: the one named is still going on; `update-service`: it is over. */
    how: z.enum(["stop-deployment", "update-service"]),
    deploymentArn: z.string().optional(),
  }),
]);
export type Plan = z.infer<typeof Plan>;

/** Confidence after code has lowered it, with each lowering recorded, and after a model agreed. */
export const EarnedConfidence = z.object({
  stated: z.number(),
  earned: z.number().min(0).max(1),
  lowered: z.array(z.object({ rule: z.string(), to: z.number(), reason: z.string() })),
  /** What a model's agreement made of it; `alone` is what was earned without the model. */
  raised: z.object({ rule: z.string(), alone: z.number().min(0).max(1), reason: z.string() }).optional(),
});
export type EarnedConfidence = z.infer<typeof EarnedConfidence>;

const common = {
  cause: Cause,
  confidence: EarnedConfidence,
  /** Every rule that was evaluated, in order. */
  trail: z.array(RuleResult),
};

/** What code allows: act now, ask a person first, or decline. */
export const Decision = z.discriminatedUnion("kind", [
  z.object({ ...common, kind: z.literal("act"), action: Action, target: Target, plan: Plan }),
  z.object({
    ...common,
    kind: z.literal("ask"),
    action: Action,
    target: Target,
    plan: Plan.optional(),
    why: z.string(),
  }),
  z.object({
    ...common,
    kind: z.literal("decline"),
    action: Action,
    reasons: z.array(z.string()).min(1),
    /** Mode observe: what would have been done, or asked, if the mode had allowed it. */
    wouldHave: z.object({ kind: z.enum(["act", "ask"]), target: Target, plan: Plan }).optional(),
  }),
]);
export type Decision = z.infer<typeof Decision>;
