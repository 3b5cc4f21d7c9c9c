import { ModelError } from "../../domain/model-error.ts";
import { cap, oneLine } from "./text.ts";

/** Characters; no answer within the output limit is longer. */
const LONGEST_ANSWER = 100_000;

/**
 * Returns the JSON object in an answer's text; one code fence around it is tolerated. Throws {@link ModelError}
 * `model-invalid-answer` when there is none.
 */
export function answerObject(text: string): object {
  const body = withoutCodeFence(text.trim());
  const value = body.length > LONGEST_ANSWER ? undefined : (parse(body) ?? parse(withQuotedNumbers(body)));
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw broken(text);
  return value;
}

function withoutCodeFence(text: string): string {
  return /^```(?:json)?[ \t]*\r?\n([\s\S]*?)\r?\n?```$/i.exec(text)?.[1] ?? text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** `NaN` is not JSON, but an answer that is invalid only by it can be parsed to name the bad field. */
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
