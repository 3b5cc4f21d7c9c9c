import { MARK, VARIABLE } from "./scan.ts";
import { isFunctionWord, wordWeight } from "./vocabulary.ts";

/** A word, a mark or a variable of a template. `varies` says that it was seen with other contents. */
export interface Piece {
  readonly kind: number;
  readonly text: string;
  /** The program's own statement, which is never a variable: `opened` is not `closed`. */
  readonly statement: boolean;
  varies: boolean;
}

/** Drain's similarity threshold. */
const THRESHOLD = 0.65;

/**
 * How alike a line of the same shape is to a template: the share of words that are the same, or 0 when they
 * are not of one template. Beyond Drain: two words of the operational vocabulary in one place (`opened` and
 * `closed`) are two statements and not one with a variable.
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

/** Endings of English verbs and nouns of action, and names of functions: what a program calls its own doings. */
const DOING = /^[A-Z]?[a-z]+(?:ed|ing|ion|ment|ly)$|^[a-z]+[A-Z]|^[A-Z]{2,}$/;

export function isStatement(text: string): boolean {
  const lower = text.toLowerCase();
  return DOING.test(text) || (wordWeight(lower) ?? 0) > 1 || isFunctionWord(lower);
}

/** Learns from a line of the template: where it differs, the template varies. */
export function mergeInto(template: readonly Piece[], line: readonly Piece[]): void {
  for (let i = 0; i < template.length; i++) {
    const known = template[i] as Piece;
    if (!known.varies && known.text !== line[i]?.text) known.varies = true;
  }
}
