/** A `ModelClient` that answers by fixed rules from the prompt alone. */
import type { ModelClient } from "../../src/diagnosis/ports.ts";
import { factsIn } from "./prompt-facts.ts";
import { READINGS, type Reading } from "./readings.ts";

/** Creates a stand-in: the same prompt gives the same answer. */
export function createStandIn(): ModelClient {
  return {
    ask: async ({ user }) => {
      const text = JSON.stringify(answerTo(user));
      // A stand-in costs nothing; its usage has the size of what a model would be sent.
      const usage = {
        model: "stand-in",
        calls: 1,
        inputTokens: Math.ceil(user.length / 4),
        outputTokens: Math.ceil(text.length / 4),
        costUsd: 0,
        milliseconds: 0,
      };
      return { text, usage };
    },
  };
}

function answerTo(prompt: string) {
  const facts = factsIn(prompt);
  const [first] = facts;
  const unknown: Reading = {
    cause: "unknown",
    action: "none",
    confidence: 0.3,
    evidence: first === undefined ? [] : [first.id],
  };
  const reading = READINGS.reduce<Reading | undefined>((found, read) => found ?? read(facts), undefined);
  const { cause, action, confidence, evidence } = reading ?? unknown;
  return {
    evidence: [...new Set(evidence)],
    against: [],
    ruledOut: [],
    cause,
    rootCause: `By fixed rules: ${cause}.`,
    action,
    confidence,
    severity: "P2",
    rca: `By fixed rules: ${cause}.`,
    missing: [],
    nextSteps: [],
    more: null,
  };
}
