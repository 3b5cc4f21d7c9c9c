/** Earned confidence: the diagnosis' own confidence, lowered by code, each time with a reason. */
import { type ActionRecord, hasFailed } from "../domain/action-record.ts";
import type { Cause } from "../domain/cause.ts";
import type { EarnedConfidence } from "../domain/decision.ts";
import type { Diagnosis } from "../domain/diagnosis.ts";
import type { Evidence } from "../domain/evidence.ts";
import { supportsCause } from "./supporting-facts.ts";

interface Lowering {
  readonly rule: string;
  readonly to: number;
  readonly reason: string;
}

export interface ConfidenceInput {
  readonly diagnosis: Diagnosis;
  readonly evidence: Evidence;
  /** Past actions on this service. */
  readonly history: readonly ActionRecord[];
}

/** Lowers a stated confidence by every rule that applies; never raises it. */
export function earnConfidence(input: ConfidenceInput): EarnedConfidence {
  const stated = input.diagnosis.confidence;
  if (!(Number.isFinite(stated) && stated >= 0 && stated <= 1))
    return { stated: 0, earned: 0, lowered: [notANumber(stated)] };
  const lowered = [noCitation, noTrustedSupport, importantGaps, wrongHereBefore]
    .flatMap((rule) => rule(input, stated) ?? [])
    .filter((lowering) => lowering.to < stated);
  const earned = lowered.reduce((least, lowering) => Math.min(least, lowering.to), stated);
  return { stated, earned, lowered };
}

function notANumber(stated: unknown): Lowering {
  const shown = JSON.stringify(typeof stated === "number" ? String(stated) : stated)?.slice(0, 40);
  return {
    rule: "confidence-not-a-number",
    to: 0,
    reason: `The stated confidence ${shown} is not a number between 0 and 1.`,
  };
}

type Rule = (input: ConfidenceInput, start: number) => Lowering | undefined;

const noCitation: Rule = ({ diagnosis, evidence }) => {
  const known = new Set(evidence.facts.map((fact) => fact.id));
  if (diagnosis.evidence.some((id) => known.has(id))) return undefined;
  return { rule: "no-valid-citation", to: 0, reason: "The diagnosis cites no fact that exists." };
};

/** Verdicts without a cause need no supporting facts, and lead to no action. */
const CLAIMS_NOTHING: ReadonlySet<Cause> = new Set(["no-fault", "unknown"]);

const noTrustedSupport: Rule = ({ diagnosis, evidence }) => {
  if (CLAIMS_NOTHING.has(diagnosis.cause)) return undefined;
  const cited = evidence.facts.filter((fact) => diagnosis.evidence.includes(fact.id));
  if (cited.some((fact) => supportsCause(diagnosis.cause, fact))) return undefined;
  return {
    rule: "no-trusted-support",
    to: 0.5,
    reason: `No cited control-plane or metric fact supports ${diagnosis.cause}.`,
  };
};

const GAP_COST = 0.1;

const importantGaps: Rule = ({ evidence }, start) => {
  const gaps = evidence.gaps.filter((gap) => gap.important);
  if (gaps.length === 0) return undefined;
  return {
    rule: "important-gaps",
    to: Math.max(0, start - GAP_COST * gaps.length),
    reason: `Could not read: ${gaps.map((gap) => gap.source).join(", ")}.`,
  };
};

const wrongHereBefore: Rule = ({ diagnosis, history }) => {
  const wrong = history.find((past) => past.cause === diagnosis.cause && hasFailed(past));
  if (wrong === undefined) return undefined;
  return {
    rule: "wrong-here-before",
    to: 0.7,
    reason: `${wrong.action} for ${wrong.cause} was not seen to help in incident ${wrong.incidentId}.`,
  };
};
