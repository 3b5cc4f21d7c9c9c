/** The rules that are asked again immediately before each changing call. */
import type { Cause } from "../../domain/cause.ts";
import type { Plan, RuleResult } from "../../domain/decision.ts";
import { asOpsAgentError } from "../../domain/errors.ts";
import type { Target } from "../../domain/target.ts";
import type { WorkflowDependencies } from "../../workflow/dependencies.ts";
import { readActionHistory } from "../action-history.ts";
import { judgeThreshold } from "../gates.ts";
import { type Guardrail, type GuardrailContext, judgeAll } from "../guardrail.ts";
import { healthyFloor } from "../guardrails/healthy-floor.ts";
import { PERMISSION_GUARDRAILS, STANDING_GUARDRAILS } from "../guardrails/permission-guardrails.ts";
import { restartShare } from "../guardrails/restart-share.ts";
import { scaleBounds } from "../guardrails/scale-bounds.ts";
import { schedulingStrategy } from "../guardrails/scheduling-strategy.ts";
import { serviceActive } from "../guardrails/service-active.ts";
import { healthyFloorOf } from "../serving.ts";
import { readServiceNow } from "./service-now.ts";
import { readServing } from "./serving-now.ts";

/** What was permitted when it was decided, to be asked again. */
export interface Permission {
  readonly target: Target;
  readonly cause: Cause;
  /** The decided change that the call is a part of, or what takes it back. */
  readonly plan: Plan;
  /** A person approved exactly that change. */
  readonly approved: boolean;
  /** The earned confidence of the decision; absent for what takes an action back. */
  readonly confidence?: number;
}

/** The task that a call stops, and how many must serve without it: the plan's number, else the service's floor. */
export interface StoppedTask {
  readonly taskArn: string;
  readonly keep: number | undefined;
}

/** A rule that refuses, and its sentence. */
export type Refusal = Pick<RuleResult, "rule" | "reason">;

/** What the rules are judged on; what is left out is empty. */
type Read = Partial<GuardrailContext> & Pick<GuardrailContext, "policy" | "policyProblem" | "pauses">;

/**
 * Asks what the brake and the policy of now say, and nothing else: while waiting, and as the last thing before a call.
 * Returns the rule that refuses. Never throws: what cannot be read refuses.
 */
export function whyForbiddenNow(
  permission: Permission,
  deps: WorkflowDependencies,
): Promise<Refusal | undefined> {
  return refusing(async () => {
    const { times, read } = await readStanding(deps);
    return refusalOf(STANDING_GUARDRAILS, permission, read, times, deps);
  });
}

/**
 * Asks every rule that can be asked again, on the service as it is now, the brake and the policy last. Returns the rule
 * that refuses. Never throws: what cannot be read refuses.
 */
export function whyNotNow(
  incidentId: string,
  permission: Permission,
  stops: StoppedTask | undefined,
  deps: WorkflowDependencies,
): Promise<Refusal | undefined> {
  return refusing(async () => {
    const { target, plan, confidence } = permission;
    const evidence = await orRefuse("service-active", readServiceNow(target, deps));
    const past =
      confidence === undefined
        ? undefined
        : await orRefuse("history", readActionHistory(deps.now().toISOString(), deps));
    // The booking of this very action is none of the earlier ones.
    const history = (past?.history ?? []).filter(
      (one) => one.incidentId !== incidentId || one.action !== plan.action,
    );
    const standing = await readStanding(deps);
    const times = [...new Set([...standing.times, ...(past?.times ?? [])])];
    const read = { ...standing.read, incidentId, evidence, history };
    const judge = (rules: readonly Guardrail[]) => refusalOf(rules, permission, read, times, deps);
    if (confidence === undefined) return judge([...STANDING_GUARDRAILS, serviceActive]);
    const refusal = judge([
      ...PERMISSION_GUARDRAILS,
      schedulingStrategy,
      restartShare,
      scaleBounds,
      serviceActive,
    ]);
    if (refusal !== undefined) return refusal;
    const sure = judgeThreshold(confidence, read.policy);
    if (sure.outcome === "refuse") return sure;
    return stops === undefined ? undefined : whyBelowFloor(stops, permission, deps);
  });
}

/**
 * Whether the floor holds without the task, as the service is now. A task that serves nothing is not missed. A person
 * who approved a stop below the floor has seen that it is one.
 */
async function whyBelowFloor(
  { taskArn, keep }: StoppedTask,
  { target, approved }: Permission,
  deps: WorkflowDependencies,
): Promise<Refusal | undefined> {
  if (approved && keep === undefined) return undefined;
  const rule = healthyFloor.name;
  const now = await orRefuse(rule, readServing(target, deps));
  const left = now.without(taskArn);
  const least = keep ?? healthyFloorOf(now);
  if (left >= least || left === now.serving) return undefined;
  return { rule, reason: `Stopping it now would leave ${left} serving, and at least ${least} must.` };
}

/** The brake and the policy as they are now, and the times at which they are judged. */
async function readStanding(deps: WorkflowDependencies): Promise<{ read: Read; times: readonly string[] }> {
  const { policy, problem } = await deps.policySource.current();
  const now = deps.now().toISOString();
  const pauses = await orRefuse("brake", deps.store.pauses(now));
  // After a clock that jumped back nobody knows which of the two is right.
  const steady = deps.steadyNow?.().toISOString() ?? now;
  return { read: { policy, policyProblem: problem, pauses }, times: [...new Set([now, steady])] };
}

function refusalOf(
  rules: readonly Guardrail[],
  { target, cause, plan, approved }: Permission,
  read: Read,
  times: readonly string[],
  { ceiling }: WorkflowDependencies,
): Refusal | undefined {
  for (const now of times) {
    const context: GuardrailContext = {
      target,
      cause,
      plan,
      evidence: { observedAt: now, onset: now, facts: [], gaps: [], lastLines: [] },
      history: [],
      ceiling,
      ...read,
      now,
    };
    for (const { rule, outcome, reason } of judgeAll(rules, context)) {
      if (outcome === "refuse") return { rule, reason };
      if (outcome === "ask" && !approved) return { rule, reason: `${reason} Nobody has approved this one.` };
    }
  }
  return undefined;
}

/** Names the rule that could not be asked. */
class NotRead extends Error {
  readonly rule: string;

  constructor(rule: string, cause: unknown) {
    super(asOpsAgentError(cause).message, { cause });
    this.rule = rule;
  }
}

function orRefuse<T>(rule: string, read: Promise<T>): Promise<T> {
  return read.catch((cause: unknown) => {
    throw new NotRead(rule, cause);
  });
}

async function refusing(judge: () => Promise<Refusal | undefined>): Promise<Refusal | undefined> {
  try {
    return await judge();
  } catch (error) {
    if (!(error instanceof NotRead)) throw error;
    return {
      rule: error.rule,
      reason: `This rule could not be evaluated, so it refuses: ${error.message}`,
    };
  }
}
