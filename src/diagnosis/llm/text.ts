/** Cleans and measures untrusted text: log lines, alarm descriptions, the model's answers. */

/** Characters per token of ordinary English and JSON. */
const CHARACTERS_PER_TOKEN = 3.5;

/** UTF-8 bytes per token of other scripts and symbols. */
const BYTES_PER_TOKEN = 2;

/** Returns an upper estimate of a text's tokens; never below its length divided by 3.5. */
export function estimateTokens(text: string): number {
  let ascii = 0;
  let otherBytes = 0;
  for (const sign of text) {
    const bytes = bytesOf(sign);
    if (bytes === 1) ascii += 1;
    else otherBytes += bytes;
  }
  return ascii / CHARACTERS_PER_TOKEN + otherBytes / BYTES_PER_TOKEN;
}

/** Returns the UTF-8 length of one code point. */
function bytesOf(sign: string): number {
  const code = sign.codePointAt(0) ?? 0;
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code < 0x10000 ? 3 : 4;
}

/**
 * Returns one line without invisible characters: control characters, bidirectional overrides, zero-width and tag
 * characters (which can hide an instruction from a person but not from a model), line separators, lone surrogates.
 */
export function oneLine(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cf}\p{Co}\p{Variation_Selector}]/gu, "")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim();
}

/** As {@link oneLine}, line by line: line breaks stay. */
export function manyLines(text: string): string {
  return text
    .split(/\r\n|\r|\n/)
    .map(oneLine)
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** Cuts to at most `limit` UTF-16 units, with an ellipsis where something was cut. */
export function cap(text: string, limit: number): string {
  return text.length <= limit
    ? text
    : `${text
        .slice(0, limit - 1)
        .toWellFormed()
        .trimEnd()}…`;
}

/** Cuts to at most `limit` estimated tokens, with an ellipsis where something was cut. */
export function capTokens(text: string, limit: number): string {
  let total = 0;
  let end = 0;
  for (const sign of text) {
    total += estimateTokens(sign);
    if (total > limit) return `${text.slice(0, end).trimEnd()}…`;
    end += sign.length;
  }
  return text;
}
