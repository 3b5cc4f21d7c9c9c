import { readAnswer } from "../../diagnosis/llm/answer.ts";
import { OpsAgentError } from "../../domain/errors.ts";
import { textFor } from "../../domain/exit.ts";
import { type Check, type Finding, failed, ok } from "../check.ts";
import type { ModelProbe } from "../ports.ts";
import { modelOf } from "./model-key.ts";

/** Enough for a short answer and for the reasoning of models that reason first. */
const OUTPUT_TOKENS = 1_500;

const QUESTION = {
  system: textFor(
    "model",
    "This is a connection test of an incident responder. There is no incident. Answer with the JSON object of the schema and nothing else.",
  ),
  user: textFor(
    "model",
    'Facts: E1: this is a test. Use cause "no-fault", action "none", confidence 1, severity "P4", evidence ["E1"], more null, short texts and empty lists for the rest.',
  ),
  maxOutputTokens: OUTPUT_TOKENS,
};

export const modelAnswer: Check = {
  id: "model-answer",
  area: "model",
  does: "Each model of LLM_MODEL answers a tiny question through the production client and keeps to the schema of a diagnosis. It costs a fraction of a cent, which is shown.",
  remedy: "Set LLM_MODEL to models that exist and offer structured outputs (names carry a vendor prefix).",
  async run(examination) {
    const model = modelOf(examination);
    const { slugs } = examination.configured().config.model;
    return Promise.all(slugs.map((slug) => attempt(model, slug)));
  },
};

async function attempt(model: ModelProbe, slug: string): Promise<Finding> {
  try {
    const { text, usage } = await model.ask(slug, QUESTION);
    const cost = usage.costUsd === undefined ? "cost not reported" : `$${usage.costUsd.toFixed(5)}`;
    const paid = `${usage.inputTokens} + ${usage.outputTokens} tokens, ${cost}, ${(usage.milliseconds / 1000).toFixed(1)} s`;
    const { invalid } = readAnswer(text, new Set(["E1"]));
    if (invalid !== undefined) {
      return failed(`its answer does not keep to the schema: ${invalid} (${paid})`, modelAnswer.remedy, slug);
    }
    const other = usage.model === slug ? "" : ` as ${usage.model}`;
    return ok(`answers by the schema${other}: ${paid}`, slug);
  } catch (thrown) {
    if (!(thrown instanceof OpsAgentError)) throw thrown;
    return failed(thrown.message, thrown.remedy, slug);
  }
}
