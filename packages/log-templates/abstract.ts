import { isKnownName } from "./known-names.ts";
import { MARK, WORD } from "./scan.ts";
import type { Piece } from "./similarity.ts";
import { isFunctionWord, isPhraseWord, wordWeight } from "./vocabulary.ts";

/** Replaces one hidden word. */
export const HIDDEN_WORD = "<word>";
/** Replaces several hidden words. */
export const HIDDEN_TEXT = "<text>";

/** After these words and a `:`, the text was very likely entered by a user. */
const INTRODUCERS = new Set(
  "user username login email mail name input query search q param parameter params value field comment text title subject body payload agent referer referrer header cookie path uri url args arguments content description feedback review prompt question term keyword filename tag label bio said says wrote chat sms reply received got note message_body data literal token near".split(
    " ",
  ),
);

/** The name of an environment variable, as shells and containers have them. */
const SETTING = /^["'`]?[A-Z][A-Z0-9]{1,30}(?:_[A-Z0-9]{1,30}){1,6}["'`]?$/;

const TYPES: readonly (readonly [type: string, pattern: RegExp])[] = [
  ["<setting>", SETTING],
  ["<str>", /^["'`]/],
  ["<uuid>", /^[{(]?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i],
  ["<url>", /^[a-z][a-z0-9+.-]{1,12}:\/\//i],
  ["<email>", /^[^@\s]{1,64}@[^@\s]+\.[a-z]{2,}$/i],
  ["<ip>", /^\d{1,3}(?:\.\d{1,3}){3}(?:[:/]\d+)?$|^[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){3,7}$/i],
  ["<time>", /^\d{4}-\d{2}-\d{2}|^\d{1,2}:\d{2}(?::\d{2})?/],
  ["<duration>", /^[\d.]+(?:ns|us|µs|ms|s|m|h|sec|secs|min|mins|d)$/i],
  ["<size>", /^[\d.]+(?:[kmgt]i?)?b$|^[\d.]+[kmgt]i?$/i],
  ["<percent>", /^[\d.]+%$/],
  ["<num>", /^[-+#$]?\d[\d.,_]*$/],
  ["<hex>", /^(?:0x)?[0-9a-f]{6,}$/i],
  ["<path>", /[/\\]/],
];

/** Returns the typed token for a variable. */
export function typeOf(text: string): string {
  const inner = text.replace(/^[-#*$.]+(?=\w)|[.*]+$/g, "");
  return TYPES.find(([, pattern]) => pattern.test(inner))?.[0] ?? "<id>";
}

/** Converts the pieces of a template to words that may be shown, and typed tokens for everything else. */
export function abstractPieces(pieces: readonly Piece[]): string[] {
  const out: string[] = [];
  let hiding: "no" | "value" | "rest" = "no";
  for (let i = 0; i < pieces.length; i++) {
    const piece = pieces[i] as Piece;
    const startsPair = piece.kind === WORD && isMark(pieces[i + 1], "=");
    if (hiding === "value" && startsPair) hiding = "no";
    if (piece.kind === MARK) {
      hiding = hidingAfter(piece, pieces[i - 1], hiding);
      continue;
    }
    if (hiding !== "no") out.push(piece.kind === WORD ? HIDDEN_WORD : typeOf(piece.text));
    else if (piece.kind === WORD) out.push(...(piece.varies ? [HIDDEN_WORD] : lexemes(piece.text)));
    else out.push(typeOf(piece.text));
  }
  return out;
}

function isMark(piece: Piece | undefined, mark: string): boolean {
  return piece?.kind === MARK && piece.text === mark;
}

/** Hides a value after `key=`, and all the rest after `input:` and similar words. */
function hidingAfter(
  mark: Piece,
  before: Piece | undefined,
  hiding: "no" | "value" | "rest",
): "no" | "value" | "rest" {
  if (hiding === "rest" || before?.kind !== WORD) return hiding;
  if (mark.text === "=") return "value";
  if (mark.text === ":" && INTRODUCERS.has(before.text.toLowerCase())) return "rest";
  return hiding;
}

const CLASS_NAME = /^[A-Z][A-Za-z]*(?:Error|Exception|Failure|Fault|Timeout)$/;

/** Returns the parts of a program's word that may be shown. */
export function lexemes(text: string): string[] {
  const word = text.replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, "");
  if (isKnownName(word) || /^[45]\d\d$/.test(word)) return [word];
  if (SETTING.test(word)) return ["<setting>"];
  const simple = word.slice(word.lastIndexOf(".") + 1);
  if (isKnownName(simple)) return [simple];
  if (CLASS_NAME.test(simple)) return [shortClassName(simple)];
  const parts = word.toLowerCase().split(/[-_]/);
  if (parts.length > 3 || !parts.every(isReadable)) return [HIDDEN_WORD];
  return parts;
}

function isReadable(word: string): boolean {
  return wordWeight(word) !== undefined || isFunctionWord(word) || isPhraseWord(word);
}

/**
 * `PaymentGatewayTimeoutException` becomes `*GatewayTimeoutException`: at most two words of the vocabulary before the
 * suffix, since a class name can also be a sentence.
 */
function shortClassName(name: string): string {
  const parts = name.match(/[A-Z][a-z]*|[A-Z]+(?![a-z])/g) ?? [];
  const suffix = parts.at(-1) ?? "Error";
  const kept: string[] = [];
  for (let i = parts.length - 2; i >= 0 && kept.length < 1; i--) {
    const part = parts[i] as string;
    if (wordWeight(part.toLowerCase()) === undefined) break;
    kept.unshift(part);
  }
  return `${kept.length === parts.length - 1 ? "" : "*"}${kept.join("")}${suffix}`;
}
