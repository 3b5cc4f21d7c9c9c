const LONGEST_INPUT = 20_000;

/** One line without control, line-separating or invisible characters. Lone surrogates become U+FFFD. */
export function foldLine(text: string): string {
  return text
    .slice(0, LONGEST_INPUT)
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ")
    .replace(/\p{Cf}/gu, "")
    .trim();
}
