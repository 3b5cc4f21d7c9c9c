import { WireError } from "../../wire/service.ts";

/** Whether a message matches. */
export type MessageFilter = (message: string) => boolean;

const TERM = /\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))(?=\s|$)/y;

/**
 * Reads a filter pattern for unstructured messages: terms that must all occur (`ERROR timeout`), terms of which
 * one must (`?ERROR ?WARN`), quoted phrases (`"out of memory"`), terms that must not occur (`-DEBUG`). As on
 * AWS, `?` terms are ignored beside other terms and terms are case-sensitive. Throws
 * `InvalidParameterException` for what AWS rejects and for JSON and column patterns, which are not supported.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function parseFilterPattern(pattern: string): MessageFilter {
  const text = pattern.trim();
  const required: string[] = [];
  const optional: string[] = [];
  const excluded: string[] = [];
  TERM.lastIndex = 0;
  while (TERM.lastIndex < text.length) {
    const match = TERM.exec(text);
    if (match === null) throw invalid();
    const [, sign, phrase, word = ""] = match;
    if (phrase === undefined && !/^\w+$/.test(word)) throw invalid();
    const term = phrase?.replaceAll(/\\(.)/g, "$1") ?? word;
    if (sign === "?") optional.push(term);
    else if (sign === "-") excluded.push(term);
    else required.push(term);
  }
  const isOptionalUsed = required.length === 0 && excluded.length === 0 && optional.length > 0;
  return (message) =>
    required.every((term) => message.includes(term)) &&
    !excluded.some((term) => message.includes(term)) &&
    (!isOptionalUsed || optional.some((term) => message.includes(term)));
}

function invalid(): WireError {
  return new WireError("InvalidParameterException", "Invalid filter pattern");
}
