import type { Alert } from "../../../domain/alert.ts";
import type { ModelUsage } from "../../../domain/diagnosis.ts";
import { OpsAgentError } from "../../../domain/errors.ts";
import type { Evidence } from "../../../domain/evidence.ts";
import { ModelError, withUsage } from "../../../domain/model-error.ts";
import type { ModelClient } from "../../ports.ts";
import { type ReadAnswer, readAnswer } from "./answer.ts";
import { ANSWER_SCHEMA, ANSWER_SCHEMA_NAME } from "./answer-schema.ts";
import { buildPrompt } from "./prompt.ts";
import { addUsage } from "./usage.ts";

/** Room for the answer and for the thinking of models that think first. */
const OUTPUT_TOKENS = 4_000;

export interface ModelDiagnosis extends ReadAnswer {
  readonly usage: ModelUsage;
}

type Turn =
  | { readonly kind: "read"; readonly answer: ReadAnswer; readonly usage: ModelUsage }
  | { readonly kind: "failed"; readonly error: OpsAgentError; readonly usage: ModelUsage | undefined };

/**
 * Asks the model for the root cause; once more, with the fault named, when its answer cannot be used.
 *
 * An answer that is still unusable is a value: `invalid` says why and the diagnosis is inconclusive (cause
 * `unknown`, action `none`, confidence 0). That holds as well when asking again fails: what the model did say
 * must not be forgotten. A model that fails throws {@link ModelError} with what was used up to then.
 */
export async function diagnoseWithModel(
  input: { readonly alert: Alert; readonly evidence: Evidence },
  deps: { readonly model: ModelClient },
): Promise<ModelDiagnosis> {
  const prompt = buildPrompt(input);

  async function turn(user: string): Promise<Turn> {
    let usage: ModelUsage | undefined;
    try {
      const asked = await deps.model.ask({
        system: prompt.system,
        user,
        schemaName: ANSWER_SCHEMA_NAME,
        schema: ANSWER_SCHEMA,
        maxOutputTokens: OUTPUT_TOKENS,
      });
      usage = asked.usage;
      return { kind: "read", answer: readAnswer(asked.text, prompt.ids), usage };
    } catch (error) {
      if (!(error instanceof OpsAgentError)) throw error;
      return {
        kind: "failed",
        error,
        usage: usage ?? (error instanceof ModelError ? error.usage : undefined),
      };
    }
  }

  const first = await turn(prompt.user);
  const problem = problemOf(first);
  if (problem === undefined) return settle(first);
  const second = await turn(prompt.repair(problem));
  const forgotten = first.kind === "read" && second.kind === "failed";
  return forgotten ? settle(first, second) : settle(second, first);
}

/** What asking again may mend. */
function problemOf(turn: Turn): string | undefined {
  if (turn.kind === "read") return turn.answer.invalid;
  return turn.error.code === "model-invalid-answer" ? turn.error.message.replace(/\.$/, "") : undefined;
}

/** The turn that counts, with the use of both. */
function settle(turn: Turn, other?: Turn): ModelDiagnosis {
  if (turn.kind === "failed") throw withUsage(turn.error, addUsage(other?.usage, turn.usage));
  return { ...turn.answer, usage: addUsage(other?.usage, turn.usage) };
}
