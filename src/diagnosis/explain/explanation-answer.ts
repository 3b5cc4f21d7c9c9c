import { z } from "zod";
import { textFor } from "../../domain/exit.ts";
import type { Explanation } from "../../domain/explanation.ts";
import { answerObject } from "../llm/answer-json.ts";
import { cap, oneLine } from "../llm/text.ts";
import type { ShownLine } from "./explanation-prompt.ts";

const Answer = z.object({
  cause: z.string().min(1),
  impact: z.string(),
  nextSteps: z.array(z.string()),
  quotes: z.array(z.string()),
  question: z.string(),
});

/** Strict, as structured outputs want it: https://platform.openai.com/docs/guides/structured-outputs */
export const EXPLANATION_SCHEMA: Record<string, unknown> = {
  type: "object",
  additionalProperties: false,
  required: ["cause", "impact", "nextSteps", "quotes", "question"],
  properties: {
    cause: { type: "string" },
    impact: { type: "string" },
    nextSteps: { type: "array", items: { type: "string" } },
    quotes: { type: "array", items: { type: "string" } },
    question: { type: "string" },
  },
};

const MOST_STEPS = 4;
const MOST_QUOTES = 4;
const LONGEST_SENTENCE = 400;
const LONGEST_QUOTE = 300;
/** A shorter piece stands in nearly every text. */
const SHORTEST_QUOTE = 8;

/**
 * Reads the answer; a quote that does not stand in `shown` is left out and counted. People get the quote with their own
 * addresses, which the model did not see. Throws `model-invalid-answer`.
 */
export function readExplanation(text: string, shown: readonly ShownLine[], by: string): Explanation {
  const answer = Answer.parse(answerObject(text));
  const quotes = answer.quotes.map((quote) => oneLine(quote)).slice(0, MOST_QUOTES);
  const found = quotes.flatMap((quote) => {
    const original = quote.length < SHORTEST_QUOTE ? undefined : originalOf(quote, shown);
    return original === undefined ? [] : [original];
  });
  const question = sentence(answer.question);
  return {
    cause: sentence(answer.cause),
    impact: sentence(answer.impact),
    nextSteps: answer.nextSteps
      .map(sentence)
      .filter((step) => step !== "")
      .slice(0, MOST_STEPS),
    quotes: found.map((quote) => cap(quote, LONGEST_QUOTE)),
    droppedQuotes: quotes.length - found.length,
    ...(question === "" ? {} : { question }),
    by,
  };
}

/** The quote as it stands in the line that people may read. */
function originalOf(quote: string, shown: readonly ShownLine[]): string | undefined {
  const at = shown.find(({ line, original }) => line.includes(quote) || original.includes(quote));
  if (at === undefined || at.original.includes(quote)) return at && quote;
  const pieces = quote
    .split(/\[redacted:ipv[46]\]/)
    .map((piece) => piece.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(pieces.join("\\S{2,60}?")).exec(at.original)?.[0] ?? quote;
}

function sentence(text: string): string {
  return cap(oneLine(textFor("person", text)), LONGEST_SENTENCE);
}
