import { WORD } from "./scan.ts";
import { isFunctionWord, wordWeight } from "./vocabulary.ts";

/** A word, a mark or a variable of a template. `varies` says that it was seen with other contents. */
export interface Piece {
  readonly kind: number;
  readonly text: string;
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
    if (known.kind !== WORD) continue;
    words++;
    if (known.varies) {
      open++;
      continue;
    }
    const text = (line[i] as Piece).text;
    if (known.text === text) same++;
    else if (isStatement(known.text) || isStatement(text)) return 0;
  }
  if (words === 0) return 1;
  const score = (same + open * 0.01) / words;
  return score >= THRESHOLD ? score : 0;
}

/** Endings of English verbs and nouns of action, and names of functions: what a program calls its own doings. */
const DOING = /[a-z](?:ed|ing|ion|ment|ly)$|^[a-z]+[A-Z]|^[A-Z]{2,}$/;

function isStatement(word: string): boolean {
  const lower = word.toLowerCase();
  return DOING.test(word) || wordWeight(lower) !== undefined || isFunctionWord(lower);
}

/** Learns from a line of the template: where it differs, the template varies. */
export function mergeInto(template: readonly Piece[], line: readonly Piece[]): void {
  for (let i = 0; i < template.length; i++) {
    const known = template[i] as Piece;
    if (!known.varies && known.text !== line[i]?.text) known.varies = true;
  }
}
