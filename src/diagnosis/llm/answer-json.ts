import { ModelError } from "../../domain/model-error.ts";
import { parseJson } from "../../domain/parse-json.ts";
import { cap, oneLine } from "./text.ts";

/** Characters; no answer within the output limit is longer. */
const LONGEST_ANSWER = 100_000;

/**
 * Returns the JSON object in an answer's text; one code fence around it is tolerated. Throws {@link ModelError}
 * `model-invalid-answer` when there is none.
 */
export function answerObject(text: string): object {
  const body = withoutCodeFence(text.trim());
  const value =
    body.length > LONGEST_ANSWER ? undefined : (parseJson(body) ?? parseJson(withQuotedNumbers(body)));
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw broken(text);
  return value;
}

function withoutCodeFence(text: string): string {
  return /^```(?:json)?[ \t]*\r?\n([\s\S]*?)\r?\n?```$/i.exec(text)?.[1] ?? text;
}

/** `NaN` is no JSON, but an answer that differs only by it can be read well enough to say what is wrong with it. */
function withQuotedNumbers(text: string): string {
  return text.replace(/(:\s*)([-+]?(?:NaN|Infinity))(?=\s*[,}])/g, '$1"$2"');
}

function broken(text: string): ModelError {
  const start = cap(oneLine(text.slice(0, 200)), 60);
  return new ModelError({
    code: "model-invalid-answer",
    message: `The model's answer is not a JSON object: it begins ${JSON.stringify(start)}.`,
    remedy: "Set another LLM_MODEL, one that offers structured outputs, if this repeats.",
  });
}
