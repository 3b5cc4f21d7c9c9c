/** Compares the product's verdict on a case with the truth. */
import { diagnose } from "../../src/diagnosis/diagnose.ts";
import type { ModelClient } from "../../src/diagnosis/ports.ts";
import type { Ignorance } from "../../src/diagnosis/weigh-causes.ts";
import type { Decision } from "../../src/domain/decision.ts";
import type { Diagnosis, ModelFailure, ModelUsage } from "../../src/domain/diagnosis.ts";
import type { Evidence } from "../../src/domain/evidence.ts";
import { decide } from "../../src/remediation/decide.ts";
import type { HalfCase } from "../scenarios/index.ts";
import type { Case } from "../scenarios/types.ts";
import { defaultPolicy, type Gathered, gather } from "./gather.ts";

export interface Verdict<T extends Case = HalfCase> {
  readonly one: T;
  readonly rightCause: boolean;
  readonly rightAction: boolean;
  readonly rightDecision: boolean;
  /** A harmful action that would be taken, or that a person would be asked for. */
  readonly harm: "none" | "asked" | "acted";
  readonly abstentionDue: boolean;
  readonly abstained: boolean;
  readonly diagnosis: Diagnosis;
  readonly decision: Decision;
  readonly evidence: Evidence;
  readonly usage?: ModelUsage | undefined;
}

/** A model gave no opinion; `failure` says why, `usage` what it cost. */
export class NoVerdict extends Error {
  readonly failure: ModelFailure;
  readonly usage: ModelUsage | undefined;

  constructor(failure: ModelFailure, usage: ModelUsage | undefined) {
    super(failure.message);
    this.name = "NoVerdict";
    this.failure = failure;
    this.usage = usage;
  }
}

/**
 * Runs the case with the rules, or with a model and the rules as second opinion, the default policy and an empty
 * history. Throws {@link NoVerdict} when the model gives none.
 */
export async function judge<T extends Case>(one: T, model?: () => ModelClient): Promise<Verdict<T>> {
  return judgeGathered(one, await gather(one), model);
}

/** As {@link judge}, from collected evidence, with parts of the knowledge left out. */
export async function judgeGathered<T extends Case>(
  one: T,
  { alert, evidence, target, now }: Gathered,
  model?: () => ModelClient,
  ignorance: Ignorance = {},
): Promise<Verdict<T>> {
  const diagnosed = await diagnose({
    alert,
    evidence,
    ignorance,
    diagnoser: model === undefined ? "rules" : "model",
    model,
  });
  const { diagnosis, secondOpinion, modelFailure, usage } = diagnosed;
  if (modelFailure !== undefined) throw new NoVerdict(modelFailure, usage);
  const decision = decide({
    diagnosis,
    secondOpinion,
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
    usage,
  };
}

/** Runs `work` for all items, `width` at a time, in the order of the items. */
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
