/**
 * One kind of secret. `pattern` is global and linear: every quantifier is bounded or follows a look-behind that lets
 * it start only once in a run of its own characters.
 */
export interface RedactionRule {
  /** The type in the token: `[redacted:<name>]`. */
  readonly name: string;
  /** A text without any of these (case-insensitive) cannot match, which saves the search. */
  readonly hints: readonly string[];
  readonly pattern: RegExp;
  /** Rejects matches that the pattern alone cannot exclude. */
  readonly accept?: (match: string) => boolean;
  /** Whether a match is an address of the system itself, which its team may see. */
  readonly isOwn?: (match: string) => boolean;
}

/** Returns the typed token that replaces a secret. */
export function redactionToken(name: string): string {
  return `[redacted:${name}]`;
}

/** Whether `text` is a typed token, which must not be replaced again. */
export function isRedactionToken(text: string): boolean {
  return text.startsWith("[redacted:") && /^\[redacted:[a-z0-9-]{1,40}\]$/.test(text);
}
