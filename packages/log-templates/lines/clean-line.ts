/** Characters of a line that are read. The longest CloudWatch event is 1 MB; its meaning is not in its tail. */
export const LONGEST_LINE = 4_096;
/** JSON is read whole up to this, because a cut object is not JSON. */
export const LONGEST_JSON = 65_536;
/** One character can become eighteen by NFKC, so text with unusual characters is read only this far. */
const LONGEST_UNUSUAL = 2_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]{0,512}(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;
const UNUSUAL = /[^\t\n\r\u0020-\u007e]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: the same
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffd]+/g;
/** Format characters (zero width, bidi), marks that combine, private use and lone surrogates. */
const INVISIBLE = /[\p{Cf}\p{Mn}\p{Me}\p{Co}\p{Cs}\p{Variation_Selector}]+/gu;

/**
 * Normalises text: removes ANSI colours, control and invisible characters, and folds compatibility forms (fullwidth,
 * ligatures, mathematical letters) by NFKC (Unicode TR 15). Plain ASCII is returned unchanged.
 */
export function plainText(text: string): string {
  if (!UNUSUAL.test(text)) return text;
  const short = text.slice(0, LONGEST_UNUSUAL);
  return short.replace(ANSI, "").replace(CONTROL, " ").normalize("NFKC").replace(INVISIBLE, "");
}

/** For people: one line of at most `limit` characters without anything that moves a cursor or hides text. */
export function printable(text: string, limit: number): string {
  const plain = plainText(text).replaceAll(/\s+/g, " ").trim();
  return plain.length > limit ? `${plain.slice(0, limit - 1).trimEnd()}…` : plain;
}
