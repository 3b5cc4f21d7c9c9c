import { abstractPieces } from "./abstract.ts";
import { ADVICE_TOKEN, givesAdvice } from "./advice.ts";
import { piecesOf } from "./clusters.ts";
import { LONGEST_LINE, plainText } from "./lines/clean-line.ts";
import { render } from "./render.ts";
import { createScanner } from "./scan.ts";

const scan = createScanner();

/**
 * Abstracts one untrusted text: typed tokens, symbols of well-known phrases, and words of the vocabulary, never more
 * than two together.
 */
export function templateOf(text: string): string {
  const line = plainText(text.slice(0, LONGEST_LINE)).replaceAll(/\s+/g, " ").trim();
  if (givesAdvice(line)) return ADVICE_TOKEN;
  return render([abstractPieces(piecesOf(scan(line), line)).join(" ")], "error").template;
}
