/** Evidence -> Diagnosis. The rules always look; a model, where one is configured, has the first word. */
import type { Alert } from "../domain/alert.ts";
import type { Diagnosis, ModelUsage } from "../domain/diagnosis.ts";
import { asOpsAgentError, OpsAgentError } from "../domain/errors.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { Failure } from "../domain/incident/incident.ts";
import { ModelError } from "../domain/model-error.ts";
import type { More, MoreRequest } from "../evidence/more-evidence.ts";
import type { ModelDependencies } from "./llm/diagnose-with-model.ts";
import type { ModelClient } from "./ports.ts";
import { diagnoseWithRules } from "./rules/index.ts";

export interface DiagnoseInput {
  readonly alert: Alert;
  readonly evidence: Evidence;
  readonly diagnoser: "rules" | "model";
  readonly model?: (() => ModelClient) | undefined;
  /** What a further round of reads needs; without it the first pack is all there is. */
  readonly further?: FurtherRound | undefined;
}

export interface FurtherRound {
  /** Reads what the model asks for; `known` facts are in the pack already. Never throws. */
  readonly readMore: (requests: readonly MoreRequest[], known: number) => Promise<More>;
  readonly now: () => Date;
  /** Epoch milliseconds at which the incident must be over. */
  readonly deadline?: number | undefined;
  readonly sourceTimeoutSeconds: number;
  readonly modelTimeoutSeconds: number;
  readonly budgetUsd: number;
}

/**
 * `diagnosis` is the one to decide on; it is missing when the model failed, and then `secondOpinion` still holds
 * the rules' verdict for the report.
 */
export interface Diagnosed {
  readonly diagnosis?: Diagnosis;
  readonly secondOpinion?: Diagnosis;
  readonly usage?: ModelUsage;
  /** What was read because the model asked for it; belongs to the incident's evidence. */
  readonly added?: More;
  readonly failure?: Omit<Failure, "stage">;
}

/**
 * Diagnoses. Never throws: a model that fails is named in `failure`.
 *
 * The rules judge the first pack only, also when the model has more read: a second opinion is none if the one who
 * is checked chooses what it is formed on, and what planted text could make a model ask for must not move the
 * rules either. For the same reason code decides on the first pack.
 */
export async function diagnose(input: DiagnoseInput): Promise<Diagnosed> {
  const rules = diagnoseWithRules(input.evidence);
  if (input.diagnoser === "rules") return { diagnosis: rules };
  try {
    if (input.model === undefined) throw notConfigured();
    // Prompt and answer schema are only loaded, and built, where a model is asked.
    const { diagnoseWithModel } = await import("./llm/diagnose-with-model.ts");
    const { diagnosis, usage, added } = await diagnoseWithModel(input, {
      model: input.model(),
      followUp: input.further && followUpOf(input.further),
    });
    return { diagnosis, secondOpinion: rules, usage, ...(added ? { added } : {}) };
  } catch (thrown) {
    const { code, message, remedy } = asOpsAgentError(thrown);
    const usage = thrown instanceof ModelError ? thrown.usage : undefined;
    return { secondOpinion: rules, failure: { code, message, remedy }, ...(usage ? { usage } : {}) };
  }
}

function followUpOf(further: FurtherRound): ModelDependencies["followUp"] {
  const { readMore, now, deadline, budgetUsd } = further;
  const roundMs = (further.sourceTimeoutSeconds + further.modelTimeoutSeconds) * 1000;
  return { readMore, room: () => ({ now: now().getTime(), deadline, roundMs, budgetUsd }) };
}

function notConfigured(): OpsAgentError {
  return new OpsAgentError({
    code: "model-not-configured",
    message: "OPENROUTER_API_KEY is not set, so no model can diagnose.",
    remedy: "Set OPENROUTER_API_KEY, or set OPSAGENT_DIAGNOSER=rules to let the built-in rules diagnose.",
  });
}
