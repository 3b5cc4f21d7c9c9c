import { HIDDEN_TEXT, HIDDEN_WORD } from "./abstract.ts";
import { isKnownName } from "./known-names.ts";
import { namesFault, replacePhrases, SYMBOL_MARK, signalOf } from "./phrases.ts";
import type { LogLevel, LogSignal } from "./types.ts";
import { isFunctionWord, wordWeight } from "./vocabulary.ts";

export interface Rendered {
  readonly template: string;
  readonly signal?: LogSignal;
}

const LONGEST_TEMPLATE = 200;
/** The most words side by side: three could be a sentence from outside. */
const LONGEST_RUN = 2;

/**
 * Returns the template to show, and its signal, from abstracted words (of the line and its trace). It has typed
 * tokens, symbols of well-known phrases, and words of a closed vocabulary, never more than two together, whoever
 * wrote the line and however often.
 */
export function render(parts: readonly string[], level: LogLevel): Rendered {
  const words = parts.map(replacePhrases).join(" ");
  const signal = level === "info" && !namesFault(words) ? undefined : signalOf(words);
  const template = cut(
    collapse(
      limitRuns(
        words
          .split(" ")
          .map(show)
          .filter((word) => word !== ""),
      ),
    ),
  );
  return signal === undefined ? { template } : { template, signal };
}

/** Drops function words, which only matter in phrases, and hides words that are only good for a phrase. */
function show(word: string): string {
  if (isToken(word) || isSymbol(word) || isName(word) || wordWeight(word) !== undefined) return word;
  return isFunctionWord(word) ? "" : HIDDEN_WORD;
}

const isToken = (word: string): boolean => word.startsWith("<");
const isSymbol = (word: string): boolean => word.startsWith(SYMBOL_MARK);
const isName = (word: string): boolean =>
  isKnownName(word) ||
  /^[45]\d\d$/.test(word) ||
  /^\*?[A-Z][A-Za-z]*(?:Error|Exception|Failure|Fault|Timeout)$/.test(word);
const hides = (word: string): boolean => word === HIDDEN_WORD || word === HIDDEN_TEXT;

/** Of any three words in a row the least informative is hidden. Typed tokens between them do not separate. */
function limitRuns(items: string[]): string[] {
  const run: number[] = [];
  items.forEach((item, at) => {
    if (hides(item)) run.length = 0;
    else if (!isToken(item)) {
      run.push(at);
      while (sizeOf(run, items) > LONGEST_RUN && run.length > 1) hideLeast(run, items);
    }
  });
  return items;
}

const sizeOf = (run: readonly number[], items: readonly string[]): number =>
  run.reduce((sum, at) => sum + (isSymbol(items[at] ?? "") ? 2 : 1), 0);

function hideLeast(run: number[], items: string[]): void {
  const weightAt = (at: number): number =>
    isSymbol(items[at] ?? "") ? 5 : isName(items[at] ?? "") ? 4 : (wordWeight(items[at] ?? "") ?? 0);
  const least = run.reduce(
    (best, _at, i) => (weightAt(run[i] ?? 0) < weightAt(run[best] ?? 0) ? i : best),
    0,
  );
  items[run[least] ?? 0] = HIDDEN_WORD;
  run.splice(0, least + 1);
}

/** Joins adjacent hidden words, and drops repeated tokens. */
function collapse(items: readonly string[]): string[] {
  const out: string[] = [];
  for (const item of items) {
    const last = out.at(-1);
    if (last !== undefined && hides(last) && hides(item)) out[out.length - 1] = HIDDEN_TEXT;
    else if (last !== item || !isToken(item))
      out.push(isSymbol(item) ? item.slice(SYMBOL_MARK.length) : item);
  }
  return out;
}

function cut(items: readonly string[]): string {
  let template = "";
  for (const item of items) {
    if (template.length + item.length + 1 > LONGEST_TEMPLATE) return `${template} ${HIDDEN_TEXT}`;
    template += template === "" ? item : ` ${item}`;
  }
  return template === "" ? HIDDEN_TEXT : template;
}
