/** Judges one cell of the table of remedies on evidence. Pure. */
import type { Action, Cause } from "../domain/cause.ts";
import type { Evidence } from "../domain/evidence.ts";
import type { Condition, Reading } from "./conditions/condition.ts";
import { remediesOf, remedyFor } from "./remedies.ts";
import { trustedOnly } from "./trusted.ts";

/** `clauses`: what was read, for a sentence. Where it refuses or asks, those that do so come alone. */
export interface RemedyJudgement {
  readonly outcome: "pass" | "ask" | "refuse";
  readonly clauses: readonly string[];
}

/** Judges by trusted facts only. What is not known refuses. */
export function judgeRemedy(cause: Cause, action: Action, evidence: Evidence): RemedyJudgement {
  const remedy = remedyFor(cause, action);
  if (remedy === undefined) return { outcome: "refuse", clauses: [] };
  const trusted = trustedOnly(evidence);
  const readings = [
    ...remedy.only.map((condition) => outcomeOf(condition, trusted, cause, false)),
    ...remedy.unless.map((condition) => outcomeOf(condition, trusted, cause, true)),
  ];
  const of = (outcome: RemedyJudgement["outcome"]) =>
    readings.filter((one) => one.outcome === outcome).map(({ says }) => says);
  if (of("refuse").length > 0) return { outcome: "refuse", clauses: of("refuse") };
  if (of("ask").length > 0) return { outcome: "ask", clauses: of("ask") };
  return { outcome: remedy.at === "ask" ? "ask" : "pass", clauses: of("pass") };
}

const WANTED = { yes: "pass", partly: "ask", no: "refuse", "not-known": "refuse" } as const;
const UNWANTED = { yes: "refuse", partly: "ask", no: "pass", "not-known": "pass" } as const;

function outcomeOf(condition: Condition, trusted: Evidence, cause: Cause, unwanted: boolean) {
  const { is, says }: Reading = condition.read(trusted, cause);
  return { outcome: (unwanted ? UNWANTED : WANTED)[is], says };
}

/**
 * Returns the action that the table proposes for a cause: the first one that its conditions allow, or leave to a
 * person; `none` where they refuse all.
 */
export function proposeAction(cause: Cause, evidence: Evidence): Action {
  const proposed = remediesOf(cause).find(
    (action) =>
      remedyFor(cause, action)?.proposed === true &&
      judgeRemedy(cause, action, evidence).outcome !== "refuse",
  );
  return proposed ?? "none";
}
