import type { LogLevel, LogPattern } from "./types.ts";

const LEVEL_ORDER: Readonly<Record<LogLevel, number>> = { error: 0, warn: 1, info: 2 };

/** Characters of one token: English with identifiers and punctuation has 3.5 to 4 with usual tokenisers. */
const CHARACTERS_PER_TOKEN = 3.5;
/** Characters of a pattern beside its template: id, level, count, two times, signal. */
const CHARACTERS_AROUND = 60;

function tokensOf(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}

function charactersOf(pattern: Pick<LogPattern, "template" | "signal">): number {
  return pattern.template.length + (pattern.signal?.length ?? 0) + CHARACTERS_AROUND;
}

type Rankable = Pick<LogPattern, "level" | "newSinceOnset" | "signal" | "count" | "firstAt" | "template">;

/** Orders by level, then new since the onset, then with a signal, then by frequency. */
export function byImportance(a: Rankable, b: Rankable): number {
  return (
    LEVEL_ORDER[a.level] - LEVEL_ORDER[b.level] ||
    Number(b.newSinceOnset) - Number(a.newSinceOnset) ||
    Number(b.signal !== undefined) - Number(a.signal !== undefined) ||
    b.count - a.count ||
    a.firstAt - b.firstAt ||
    (a.template < b.template ? -1 : 1)
  );
}

/**
 * Returns as many of the ranked patterns as fit, and their cost. One that is too long does not exclude shorter ones
 * after it.
 */
export function withinBudget<T extends Pick<LogPattern, "template" | "signal">>(
  ranked: readonly T[],
  maxTokens: number,
): { kept: T[]; tokens: number } {
  const kept: T[] = [];
  let characters = 0;
  for (const pattern of ranked) {
    const cost = charactersOf(pattern);
    if (tokensOf(characters + cost) > maxTokens) continue;
    kept.push(pattern);
    characters += cost;
  }
  return { kept, tokens: tokensOf(characters) };
}
