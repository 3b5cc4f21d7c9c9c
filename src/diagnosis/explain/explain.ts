/** Asks a model to explain an incident to people. Nothing is decided by the answer. */
import type { ModelUsage } from "../../domain/diagnosis.ts";
import type { Explanation } from "../../domain/explanation.ts";
import { ModelError } from "../../domain/model-error.ts";
import { type Room, whyNoRoom } from "../llm/follow-up.ts";
import { addUsage } from "../llm/usage.ts";
import type { ModelClient } from "../ports.ts";
import { EXPLANATION_SCHEMA, readExplanation } from "./explanation-answer.ts";
import { type ExplanationInput, explanationPrompt } from "./explanation-prompt.ts";

interface ExplainDependencies {
  readonly model: ModelClient;
  readonly room: Omit<Room, "used">;
  /** What the incident's earlier questions used: all share one budget. */
  readonly used?: ModelUsage | undefined;
}

/** Enough for the answer and for the reasoning of models that reason first. */
const OUTPUT_TOKENS = 2_500;

export interface Explained {
  /** Absent where the model failed or its answer cannot be used: the quoted log lines then have to do. */
  readonly explanation?: Explanation;
  /** Of all questions of the incident so far, where this one used anything. */
  readonly model?: ModelUsage;
}

/** Asks once, where time and budget allow it. Never throws. */
export async function explain(input: ExplanationInput, deps: ExplainDependencies): Promise<Explained> {
  const { model, room, used } = deps;
  if (used !== undefined && whyNoRoom({ ...room, used }) !== undefined) return {};
  let usage: ModelUsage | undefined;
  try {
    const { system, user, shown } = explanationPrompt(input);
    const answer = await model.ask({
      system,
      user,
      schemaName: "explanation",
      schema: EXPLANATION_SCHEMA,
      maxOutputTokens: OUTPUT_TOKENS,
    });
    usage = answer.usage;
    return { explanation: readExplanation(answer.text, shown, usage.model), model: addUsage(used, usage) };
  } catch (thrown) {
    const spent = usage ?? (thrown instanceof ModelError ? thrown.usage : undefined);
    return spent === undefined ? {} : { model: addUsage(used, spent) };
  }
}
