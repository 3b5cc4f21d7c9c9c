import { MARK, VARIABLE } from "./scan.ts";
import { isFunctionWord, wordWeight } from "./vocabulary.ts";

/** A word, mark or variable of a template. `varies`: it was seen with other content. */
export interface Piece {
  readonly kind: number;
  readonly text: string;
  /** Part of the program's own statement, which is never a variable: `opened` is not `closed`. */
  readonly statement: boolean;
  varies: boolean;
}

/** Drain's similarity threshold. */
const THRESHOLD = 0.65;

/**
 * Returns the similarity of a line of the same shape to a template: the share of equal words, or 0 when they are of
 * different templates. Beyond Drain: two words of the operational vocabulary in one position (`opened` and `closed`)
 * are two statements.
 */
export function likeness(template: readonly Piece[], line: readonly Piece[]): number {
  if (template.length !== line.length) return 0;
  let words = 0;
  let same = 0;
  let open = 0;
  for (let i = 0; i < template.length; i++) {
    const known = template[i] as Piece;
    const other = line[i] as Piece;
    if (known.kind === MARK || (known.kind === VARIABLE && other.kind === VARIABLE)) continue;
    words++;
    if (known.varies) open++;
    else if (known.text === other.text) same++;
    else if (known.statement || other.statement) return 0;
  }
  if (words === 0) return 1;
  const score = (same + open * 0.01) / words;
  return score >= THRESHOLD ? score : 0;
}

/** Endings of English verbs and nouns of action, and names of functions: what a program calls its operations. */
const DOING = /^[A-Z]?[a-z]+(?:ed|ing|ion|ment|ly)$|^[a-z]+[A-Z]|^[A-Z]{2,}$/;

export function isStatement(text: string): boolean {
  const lower = text.toLowerCase();
  return DOING.test(text) || (wordWeight(lower) ?? 0) > 1 || isFunctionWord(lower);
}

/** Merges a line into the template: positions that differ become variables. */
export function mergeInto(template: readonly Piece[], line: readonly Piece[]): void {
  for (let i = 0; i < template.length; i++) {
    const known = template[i] as Piece;
    if (!known.varies && known.text !== line[i]?.text) known.varies = true;
  }
}
