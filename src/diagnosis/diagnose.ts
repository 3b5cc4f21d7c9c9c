/** Evidence -> Diagnosis. The rules always diagnose, as if no model were there; a model is a witness beside them. */
import type { Alert } from "../domain/alert.ts";
import type { Diagnosis, ModelFailure, ModelUsage } from "../domain/diagnosis.ts";
import { asOpsAgentError, OpsAgentError } from "../domain/errors.ts";
import type { Evidence } from "../domain/evidence.ts";
import { ModelError } from "../domain/model-error.ts";
import { orderOpinions } from "../domain/opinions.ts";
import type { More, MoreRequest } from "../evidence/more-evidence.ts";
import { diagnoseBySigns } from "./diagnose-by-signs.ts";
import type { ModelDependencies } from "./llm/diagnose-with-model.ts";
import type { ModelClient } from "./ports.ts";
import type { Ignorance } from "./weigh-causes.ts";

export interface DiagnoseInput {
  readonly alert: Alert;
  readonly evidence: Evidence;
  readonly diagnoser: "rules" | "model";
  readonly model?: (() => ModelClient) | undefined;
  /** To measure what a part of the knowledge is worth. */
  readonly ignorance?: Ignorance;
  /** What a further round of reads needs; without it the model cannot request more evidence. */
  readonly further?: FurtherRound | undefined;
}

export interface FurtherRound {
  /** Reads what the model requests; `known` facts are collected already. Never throws. */
  readonly readMore: (requests: readonly MoreRequest[], known: number) => Promise<More>;
  readonly now: () => Date;
  /** Epoch milliseconds by which the incident must be closed. */
  readonly deadline?: number | undefined;
  readonly sourceTimeoutSeconds: number;
  readonly modelTimeoutSeconds: number;
  readonly budgetUsd: number;
}

/** `diagnosis` is the one to decide on; {@link orderOpinions} says whose it is. */
export interface Diagnosed {
  readonly diagnosis: Diagnosis;
  /** The other opinion, where a model answered. */
  readonly secondOpinion?: Diagnosis;
  readonly usage?: ModelUsage;
  /** What was read at the model's request; it becomes part of the incident's evidence. */
  readonly added?: More;
  /** Why a model that was to be asked gave no opinion. */
  readonly modelFailure?: ModelFailure;
}

/**
 * Diagnoses. Never throws: a model that fails or answers badly is a `modelFailure` beside the rules' diagnosis.
 *
 * The rules use the first evidence only, also when the model requests more: what decides must not depend on evidence
 * that a model selects, nor on what planted text makes a model request. For the same reason code decides on the first
 * evidence.
 */
export async function diagnose(input: DiagnoseInput): Promise<Diagnosed> {
  const rules = diagnoseBySigns(input.evidence, input.ignorance);
  if (input.diagnoser === "rules") return { diagnosis: rules };
  try {
    if (input.model === undefined) throw notConfigured();
    // Prompt and answer schema are only loaded, and built, where a model is asked.
    const { diagnoseWithModel } = await import("./llm/diagnose-with-model.ts");
    const { diagnosis, invalid, usage, added } = await diagnoseWithModel(input, {
      model: input.model(),
      followUp: input.further && followUpOf(input.further),
    });
    const beside = { usage, ...(added ? { added } : {}) };
    if (invalid !== undefined) return { diagnosis: rules, ...beside, modelFailure: unusable(invalid) };
    const { leading, other } = orderOpinions(rules, diagnosis);
    return { diagnosis: leading, ...(other ? { secondOpinion: other } : {}), ...beside };
  } catch (thrown) {
    const { code, message, remedy } = asOpsAgentError(thrown);
    const usage = thrown instanceof ModelError ? thrown.usage : undefined;
    return { diagnosis: rules, modelFailure: { code, message, remedy }, ...(usage ? { usage } : {}) };
  }
}

function followUpOf(further: FurtherRound): ModelDependencies["followUp"] {
  const { readMore, now, deadline, budgetUsd } = further;
  const roundMs = (further.sourceTimeoutSeconds + further.modelTimeoutSeconds) * 1000;
  return { readMore, room: () => ({ now: now().getTime(), deadline, roundMs, budgetUsd }) };
}

function unusable(problem: string): ModelFailure {
  return {
    code: "model-invalid-answer",
    message: `The model's answer could not be used: ${problem}.`,
    remedy: "Set another LLM_MODEL, one that offers structured outputs, if this repeats.",
  };
}

function notConfigured(): OpsAgentError {
  return new OpsAgentError({
    code: "model-not-configured",
    message: "OPENROUTER_API_KEY is not set, so no model can diagnose.",
    remedy: "Set OPENROUTER_API_KEY, or set OPSAGENT_DIAGNOSER=rules to let the built-in rules diagnose.",
  });
}
