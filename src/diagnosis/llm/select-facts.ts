import type { Fact } from "../../domain/evidence.ts";
import { factText } from "./fact-text.ts";
import { factValue } from "./fact-value.ts";
import { FOLDED, foldedText } from "./fold-facts.ts";
import { capTokens, estimateTokens, oneLine } from "./text.ts";

/** Tokens of one fact, so that it cannot displace the others. */
const STATEMENT_TOKENS = 130;

/** Tokens for text of the application's log. */
const LOG_TOKENS = 2_000;

/** A fact as one line of the prompt, or as a part of one. */
interface FactLine {
  readonly id: string;
  readonly line: string;
}

/** Facts of one kind that share a line. */
export interface FoldedLine {
  readonly ids: readonly string[];
  readonly line: string;
}

export interface Selection {
  /** Facts that AWS measured or recorded, in the order of the evidence. */
  readonly observed: readonly FactLine[];
  /** Facts that AWS measured or recorded and that say that nothing is wrong, by kind. */
  readonly folded: readonly FoldedLine[];
  /** Facts that the application wrote. */
  readonly written: readonly FactLine[];
  readonly leftOut: number;
}

/** Value above every other fact's. */
const ASKED_FOR = 1_000;

/** Selects the most valuable facts that fit into `tokens`. Facts with an id in `asked` come before all others. */
export function selectFacts(
  facts: readonly Fact[],
  tokens: number,
  asked: ReadonlySet<string> = new Set(),
): Selection {
  const ranked = facts
    .map((fact, index) => ({
      fact,
      index,
      line: foldedText(fact) ?? lineOf(fact),
      value: factValue(fact) + (asked.has(fact.id) ? ASKED_FOR : 0),
    }))
    .sort((a, b) => b.value - a.value || a.index - b.index);
  const kept: typeof ranked = [];
  let left = tokens;
  let logLeft = LOG_TOKENS;
  for (const candidate of ranked) {
    const cost = estimateTokens(`${candidate.line}\n`);
    const fromLog = isWritten(candidate.fact);
    if (fromLog && cost > logLeft) continue;
    if (cost > left) break;
    kept.push(candidate);
    left -= cost;
    if (fromLog) logLeft -= cost;
  }
  kept.sort((a, b) => a.index - b.index);
  const lines = (written: boolean): FactLine[] =>
    kept
      .filter(({ fact }) => isWritten(fact) === written && foldedText(fact) === undefined)
      .map(({ fact, line }) => ({ id: fact.id, line }));
  const folded = Object.entries(FOLDED).flatMap(([kind, title]) => {
    const alike = kept.filter(({ fact }) => fact.kind === kind && foldedText(fact) !== undefined);
    if (alike.length === 0) return [];
    return [
      {
        ids: alike.map(({ fact }) => fact.id),
        line: `${title}: ${alike.map(({ line }) => line).join("; ")}.`,
      },
    ];
  });
  return { observed: lines(false), folded, written: lines(true), leftOut: facts.length - kept.length };
}

/** Whether the text comes from the application, and so from whoever sends it requests. */
function isWritten(fact: Fact): boolean {
  return fact.kind === "log-pattern" || fact.provenance === "log";
}

function lineOf(fact: Fact): string {
  const at = fact.at === undefined ? "" : ` ${fact.at}`;
  return `${fact.id} [${fact.provenance}, ${fact.kind}${at}] ${capTokens(oneLine(factText(fact)), STATEMENT_TOKENS)}`;
}
