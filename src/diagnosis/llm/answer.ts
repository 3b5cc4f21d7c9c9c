import type { Diagnosis } from "../../domain/diagnosis.ts";
import { textFor } from "../../domain/exit.ts";
import { answerObject } from "./answer-json.ts";
import { problemOf } from "./answer-problem.ts";
import { type Answer, FirstAnswer, type MoreAsked } from "./answer-schema.ts";
import { checkCitations } from "./citations.ts";
import { inconclusive } from "./inconclusive.ts";
import { cap, manyLines, oneLine } from "./text.ts";

const SENTENCE = 400;
const REPORT = 4_000;
const ITEMS = 10;

/** The diagnosis of an answer. `invalid` says why the answer could not be used; the diagnosis is then inconclusive. */
export interface ReadAnswer {
  readonly diagnosis: Diagnosis;
  readonly invalid?: string;
  /** The evidence that a first answer requests; the diagnosis is then provisional. */
  readonly more?: readonly MoreAsked[];
  /** True for a final answer that requests more evidence. */
  readonly asksAgain?: boolean;
}

/** The first answer may request more evidence, the final one may not. */
export type AnswerForm = "first" | "final";

/**
 * Reads the text of a model's answer. `ids` are the facts it was shown.
 *
 * A JSON object with a bad value (an unknown action, a confidence that is not a number from 0 to 1, an extra key)
 * gives an inconclusive diagnosis, which leads to no action and has the reason. Text that is not a JSON object throws
 * {@link ModelError} `model-invalid-answer`.
 */
export function readAnswer(text: string, ids: ReadonlySet<string>, form: AnswerForm = "first"): ReadAnswer {
  // Servers without strict schemas may leave `more` out, or add it where it was not asked for.
  const { more = null, ...object } = answerObject(text) as { more?: unknown };
  if (form === "final" && asksForMore(more)) {
    const invalid = "the model asked for more evidence again instead of answering";
    return { diagnosis: inconclusive(invalid), invalid, asksAgain: true };
  }
  const given = { ...object, more: form === "first" ? more : null };
  const answer = FirstAnswer.safeParse(given);
  if (!answer.success) {
    const invalid = problemOf(given, answer.error.issues);
    return { diagnosis: inconclusive(invalid), invalid };
  }
  const diagnosis = checkCitations(cleaned(answer.data), ids);
  const asked = answer.data.more ?? [];
  return asked.length === 0 ? { diagnosis } : { diagnosis, more: asked };
}

function asksForMore(more: unknown): boolean {
  return more !== null && !(Array.isArray(more) && more.length === 0);
}

/** Caps the answer's texts and removes invisible characters. Renderers escape them. */
function cleaned(answer: Answer): Diagnosis {
  return {
    cause: answer.cause,
    rootCause: sentence(answer.rootCause) || "The model gave no sentence for it.",
    action: answer.action,
    confidence: answer.confidence,
    severity: answer.severity,
    rca: cap(manyLines(textFor("model", answer.rca)), REPORT),
    evidence: answer.evidence,
    against: answer.against,
    ruledOut: answer.ruledOut.slice(0, ITEMS).map(({ cause, why }) => ({ cause, why: sentence(why) })),
    missing: sentences(answer.missing),
    nextSteps: sentences(answer.nextSteps),
    by: "model",
  };
}

function sentence(text: string): string {
  return cap(oneLine(textFor("model", text)), SENTENCE);
}

function sentences(texts: readonly string[]): string[] {
  return texts
    .map(sentence)
    .filter((text) => text !== "")
    .slice(0, ITEMS);
}
