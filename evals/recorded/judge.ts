/** What the product makes of a case, held against the truth. */
import type { Decision } from "../../src/domain/decision.ts";
import type { Diagnosis } from "../../src/domain/diagnosis.ts";
import type { Evidence } from "../../src/domain/evidence.ts";
import { diagnoseWithRules } from "../../src/pipeline/diagnose/rules/index.ts";
import { decide } from "../../src/policy/decide.ts";
import type { HalfCase } from "../scenarios/index.ts";
import { defaultPolicy, gather } from "./gather.ts";

export interface Verdict {
  readonly one: HalfCase;
  readonly rightCause: boolean;
  readonly rightAction: boolean;
  readonly rightDecision: boolean;
  /** A harmful action that would be done without anybody, or that a person would be asked for. */
  readonly harm: "none" | "asked" | "acted";
  readonly abstentionDue: boolean;
  readonly abstained: boolean;
  readonly diagnosis: Diagnosis;
  readonly decision: Decision;
  readonly evidence: Evidence;
}

/** Runs the case with the rules, the default policy and an empty history. */
export async function judge(one: HalfCase): Promise<Verdict> {
  const { evidence, target, now } = await gather(one);
  const diagnosis = diagnoseWithRules(evidence);
  const decision = decide({
    diagnosis,
    rules: undefined,
    evidence,
    target,
    policy: defaultPolicy,
    ceiling: "auto",
    history: [],
    now,
  });
  const action = decision.kind === "decline" ? "none" : decision.action;
  const harmful = one.truth.harmful.includes(action);
  return {
    one,
    rightCause: one.truth.causes.includes(diagnosis.cause),
    rightAction: one.truth.actions.includes(action),
    rightDecision: one.truth.decisions.includes(decision.kind),
    harm: harmful ? (decision.kind === "act" ? "acted" : "asked") : "none",
    abstentionDue: one.of === "unknown",
    abstained: diagnosis.cause === "unknown",
    diagnosis,
    decision,
    evidence,
  };
}

/** `work` for all items, `width` at a time, in the order of the items. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const lane = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: width }, lane));
  return results;
}
