import type { Diagnosis } from "../../../domain/diagnosis.ts";
import { answerObject } from "./answer-json.ts";
import { problemOf } from "./answer-problem.ts";
import { Answer } from "./answer-schema.ts";
import { checkCitations } from "./citations.ts";
import { inconclusive } from "./inconclusive.ts";
import { cap, manyLines, oneLine } from "./text.ts";

const SENTENCE = 400;
const REPORT = 4_000;
const ITEMS = 10;

/** What an answer comes to. `invalid` says why it could not be used; the diagnosis is then inconclusive. */
export interface ReadAnswer {
  readonly diagnosis: Diagnosis;
  readonly invalid?: string;
}

/**
 * Reads the text of a model's answer. `ids` are the facts it was shown.
 *
 * A JSON object with a bad value (an action that does not exist, a confidence that is no number from 0 to 1, a key
 * too many) is an unusable diagnosis: a value that leads to no action and tells the reason. Text that is not a JSON
 * object is a failure of the model: throws {@link ModelError} `model-invalid-answer`.
 */
export function readAnswer(text: string, ids: ReadonlySet<string>): ReadAnswer {
  const object = answerObject(text);
  const answer = Answer.safeParse(object);
  if (!answer.success) {
    const invalid = problemOf(object, answer.error.issues);
    return { diagnosis: inconclusive(invalid), invalid };
  }
  return { diagnosis: checkCitations(cleaned(answer.data), ids) };
}

/** The answer with its texts capped and without characters that do not show. Escaping is up to who prints them. */
function cleaned(answer: Answer): Diagnosis {
  return {
    cause: answer.cause,
    rootCause: sentence(answer.rootCause) || "The model gave no sentence for it.",
    action: answer.action,
    confidence: answer.confidence,
    severity: answer.severity,
    rca: cap(manyLines(answer.rca), REPORT),
    evidence: answer.evidence,
    against: answer.against,
    ruledOut: answer.ruledOut.slice(0, ITEMS).map(({ cause, why }) => ({ cause, why: sentence(why) })),
    missing: sentences(answer.missing),
    nextSteps: sentences(answer.nextSteps),
    by: "model",
  };
}

function sentence(text: string): string {
  return cap(oneLine(text), SENTENCE);
}

function sentences(texts: readonly string[]): string[] {
  return texts
    .map(sentence)
    .filter((text) => text !== "")
    .slice(0, ITEMS);
}
