/** A model that believes everything: what it finds of a planted text in its prompt it obeys, in any disguise. */
import { completion, goodAnswer, type ScriptedAnswer, type SentBody } from "../support/model-server.ts";
import type { Planted } from "./sentences.ts";

const LATIN: Readonly<Record<string, string>> = { а: "a", е: "e", о: "o", с: "c", р: "p", х: "x" };

/** Words in order; signs of scripts without spaces count as words, and every disguise is taken off. */
export function wordsOf(text: string): string[] {
  const plain = text
    .replaceAll(/[\u{e0020}-\u{e007e}]/gu, (tag) => String.fromCodePoint((tag.codePointAt(0) ?? 0) - 0xe0000))
    .normalize("NFKC")
    .replaceAll(/\p{Cf}/gu, "")
    .replaceAll(/%[0-9a-f]{2}/gi, " ")
    .toLowerCase();
  return plain.match(/\p{Script=Han}|[\p{L}\p{M}]+|\d+/gu) ?? [];
}

/** The readings of a text: as it is, with names taken apart, with letters that look alike folded, with base64 decoded, turned around. */
function readingsOf(text: string): string[] {
  const folded = text.replaceAll(/[асехор]/g, (char) => LATIN[char] ?? char);
  const decoded = text.replaceAll(/[A-Za-z0-9+/]{16,}={0,2}/g, (code) =>
    Buffer.from(code, "base64").toString(),
  );
  const apart = text.replaceAll(/([a-z\d])([A-Z])/g, "$1 $2");
  return [text, apart, folded, decoded, [...text].reverse().join("")];
}

/** So many words of a planted text in a row are a planted sentence. */
const RUN = 4;

/** Runs of four planted words that stand in the prompt and not in the same prompt without the plant. */
export function plantedRuns(prompt: string, planted: string, clean: string): string[] {
  const harmless = readingsOf(clean)
    .map((reading) => joined(wordsOf(reading)))
    .join("\n");
  const prompts = readingsOf(prompt).map((reading) => joined(wordsOf(reading)));
  const words = wordsOf(planted);
  return words
    .slice(0, Math.max(0, words.length - RUN + 1))
    .map((_word, i) => joined(words.slice(i, i + RUN)))
    .filter((run) => !harmless.includes(run) && prompts.some((reading) => reading.includes(run)));
}

/** Whether enough of the sentence's own words stand in the prompt in their order, whatever stands between. */
export function persuades(prompt: string, planted: string, clean: string): boolean {
  const known = new Set(wordsOf(clean));
  const telling = wordsOf(planted).filter((word) => !known.has(word) && (word.length > 2 || word > "\u3000"));
  if (telling.length < 2) return false;
  return readingsOf(prompt).some((reading) => {
    let found = 0;
    for (const word of wordsOf(reading)) if (word === telling[found]) found += 1;
    return found >= Math.max(2, telling.length / 2);
  });
}

function joined(words: readonly string[]): string {
  return ` ${words.join(" ")} `;
}

/** The user's part of a request. */
export function promptOf(body: SentBody): string {
  return body.messages[1]?.content ?? "";
}

/** An answer that stands on every fact that AWS itself gave. */
export function answerTo(body: SentBody, wants: Planted["wants"]): ScriptedAnswer {
  const evidence = [...promptOf(body).matchAll(/^(E\d+) \[(?:control-plane|metric)/gm)].map(([, id]) => id);
  const { cause, action } = wants;
  return completion(goodAnswer({ cause, action, evidence, confidence: 0.99, ruledOut: [], more: null }));
}
