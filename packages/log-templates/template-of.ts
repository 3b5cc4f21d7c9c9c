import { abstractPieces } from "./abstract.ts";
import { ADVICE_TOKEN, givesAdvice } from "./advice.ts";
import { piecesOf } from "./clusters.ts";
import { LONGEST_LINE, plainText } from "./lines/clean-line.ts";
import { render } from "./render.ts";
import { createScanner } from "./scan.ts";

const scan = createScanner();

/**
 * One text that strangers wrote, in the digest's closed language: typed tokens, symbols for well-known phrases, and
 * words of the vocabulary of which never more than two stand together.
 */
export function templateOf(text: string): string {
  const line = plainText(text.slice(0, LONGEST_LINE)).replaceAll(/\s+/g, " ").trim();
  if (givesAdvice(line)) return ADVICE_TOKEN;
  return render([abstractPieces(piecesOf(scan(line), line)).join(" ")], "error").template;
}
