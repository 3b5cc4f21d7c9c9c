/** An incident in words for people, written by a model that decides nothing. */
import { z } from "zod";

export const Explanation = z.object({
  cause: z.string(),
  impact: z.string(),
  nextSteps: z.array(z.string()),
  /** What the model quotes from the evidence; each was found there verbatim. */
  quotes: z.array(z.string()),
  /** Quotes that do not stand in the evidence and were left out. */
  droppedQuotes: z.number().int(),
  /** What it would ask a person. It rests on the log's text. */
  question: z.string().optional(),
  /** The model's name. */
  by: z.string(),
});
export type Explanation = z.infer<typeof Explanation>;

/** Who wrote it, and what it is worth; said wherever it is shown. */
export const EXPLANATION_NOTE =
  "Written by a model from the evidence and the application's log. It decided nothing.";

/** The explanation as labelled sentences, the cause first. */
export function explanationLines(explanation: Explanation): readonly (readonly [string, string])[] {
  const { cause, impact, nextSteps, quotes, droppedQuotes, question } = explanation;
  const dropped = `${droppedQuotes} of its quotes ${droppedQuotes === 1 ? "is" : "are"} not in the evidence and left out`;
  return [
    ["Cause", cause],
    ["Impact", impact],
    ...nextSteps.map((step, index) => [`Next step ${index + 1}`, step] as const),
    ...quotes.map((quote) => ["It quotes", `“${quote}”`] as const),
    ...(droppedQuotes === 0 ? [] : [["Left out", dropped] as const]),
    ...(question === undefined ? [] : [["It asks (rests on log text)", question] as const]),
  ];
}
