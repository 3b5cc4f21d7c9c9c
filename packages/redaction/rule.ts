/**
 * One thing to look for. `pattern` is global and takes linear time: every quantifier is bounded or stands
 * behind a look-behind that lets it start only once in a run of its own characters.
 */
export interface RedactionRule {
  /** The type that the reader sees: `[redacted:<name>]`. */
  readonly name: string;
  /** A text without any of these (lower case, compared without case) cannot match; spares the search. */
  readonly hints: readonly string[];
  readonly pattern: RegExp;
  /** Says no to what the pattern alone cannot tell apart. */
  readonly accept?: (match: string) => boolean;
}

/** The typed token that stands where a secret stood. */
export function redactionToken(name: string): string {
  return `[redacted:${name}]`;
}

/** Whether `text` is nothing but one typed token, which must not be replaced again. */
export function isRedactionToken(text: string): boolean {
  return text.startsWith("[redacted:") && /^\[redacted:[a-z0-9-]{1,40}\]$/.test(text);
}
