/** The last look at a case file before it is given out: is any name of the incident still in it? */
import { isPublicWord, isSettingWord, stemsOf } from "./public-words.ts";

/**
 * The places (`alert.title`, `rounds.0...`) where one of `names` stands as a whole word. Public words are no names here,
 * and neither are the technical words that settings and pseudonyms keep.
 */
export function survivors(file: unknown, names: ReadonlySet<string>, keptLogs: boolean): string[] {
  const telling = new Set(
    [...names].filter((name) => name.length > 1 && !isOrdinary(name)).map((name) => name.toLowerCase()),
  );
  const places: string[] = [];
  visit(file, "", (text, place) => {
    if ((keptLogs && place.includes(".lastLines")) || OURS.test(place)) return;
    if (wordsOf(text.toLowerCase()).some((word) => telling.has(word))) places.push(place);
  });
  return places;
}

function isOrdinary(name: string): boolean {
  return (
    isPublicWord(name) ||
    isSettingWord(name) ||
    stemsOf(name) === `-${name.toLowerCase()}` ||
    /^\d{1,11}$/.test(name)
  );
}

/** What is filled from OpsAgent's own closed lists, where a name can only stand by chance. */
const OURS = /^(?:kind|schemaVersion|status|model\.model|alert\.region)$|\.(?:kind|rule|provenance|unit)$/;

/** A text as a whole, without its punctuation, and word by word, the longer ones with their parts. */
function wordsOf(text: string): string[] {
  const long = text.match(/[^\s"'(),;]+/gu) ?? [];
  const parts = text.match(/[\p{L}\p{N}_$@]+(?:[-.][\p{L}\p{N}_$@]+)*/gu) ?? [];
  return [text, ...long.map((word) => word.replace(/[.:]+$/, "")), ...parts];
}

function visit(value: unknown, place: string, told: (text: string, place: string) => void): void {
  if (typeof value === "string") told(value, place);
  if (value === null || typeof value !== "object") return;
  for (const [key, item] of Object.entries(value)) {
    const own = place === "" ? key : `${place}.${key}`;
    // Keys of records are names as well; those of the schema are not among the incident's.
    if (place.endsWith("dimensions") || place.endsWith("services") || place.endsWith("parameters"))
      told(key, own);
    visit(item, own, told);
  }
}
