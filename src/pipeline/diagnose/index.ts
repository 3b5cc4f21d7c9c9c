/** Evidence -> Diagnosis. The rules always look; a model, where one is configured, has the first word. */
import type { Alert } from "../../domain/alert.ts";
import type { Diagnosis, ModelUsage } from "../../domain/diagnosis.ts";
import { asOpsAgentError, OpsAgentError } from "../../domain/errors.ts";
import type { Evidence } from "../../domain/evidence.ts";
import type { Failure } from "../../domain/incident.ts";
import { ModelError } from "../../domain/model-error.ts";
import type { ModelClient } from "../ports.ts";
import { diagnoseWithModel } from "./model/diagnose-with-model.ts";
import { diagnoseWithRules } from "./rules/index.ts";

export interface DiagnoseInput {
  readonly alert: Alert;
  readonly evidence: Evidence;
  readonly diagnoser: "rules" | "model";
  readonly model?: (() => ModelClient) | undefined;
}

/**
 * `diagnosis` is the one to decide on; it is missing when the model failed, and then `secondOpinion` still holds
 * the rules' verdict for the report.
 */
export interface Diagnosed {
  readonly diagnosis?: Diagnosis;
  readonly secondOpinion?: Diagnosis;
  readonly usage?: ModelUsage;
  readonly failure?: Omit<Failure, "stage">;
}

/** Diagnoses. Never throws: a model that fails is named in `failure`. */
export async function diagnose(input: DiagnoseInput): Promise<Diagnosed> {
  const rules = diagnoseWithRules(input.evidence);
  if (input.diagnoser === "rules") return { diagnosis: rules };
  try {
    if (input.model === undefined) throw notConfigured();
    const { diagnosis, usage } = await diagnoseWithModel(input, { model: input.model() });
    return { diagnosis, secondOpinion: rules, usage };
  } catch (thrown) {
    const { code, message, remedy } = asOpsAgentError(thrown);
    const usage = thrown instanceof ModelError ? thrown.usage : undefined;
    return { secondOpinion: rules, failure: { code, message, remedy }, ...(usage ? { usage } : {}) };
  }
}

function notConfigured(): OpsAgentError {
  return new OpsAgentError({
    code: "model-not-configured",
    message: "OPENROUTER_API_KEY is not set, so no model can diagnose.",
    remedy: "Set OPENROUTER_API_KEY, or set OPSAGENT_DIAGNOSER=rules to let the built-in rules diagnose.",
  });
}
