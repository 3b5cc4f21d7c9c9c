/** The last look at a case file before it is given out: is any name of the incident still in it? */
import { wholeNames } from "./anonymise-text.ts";
import { isTelling } from "./names.ts";
import { isSettingWord, stemsOf } from "./public-vocabulary.ts";

/**
 * The places (`alert.title`, `rounds.0...`) where one of `names` stands as a whole word. Public words are no names here,
 * and neither are the technical words that settings and pseudonyms keep.
 */
export function leakedNames(file: unknown, names: ReadonlySet<string>, keptLogs: boolean): string[] {
  const pattern = wholeNames([...names].filter((name) => !isOrdinary(name)));
  if (pattern === undefined) return [];
  const places: string[] = [];
  visit(file, "", (text, place) => {
    const skipped = OURS.test(place) || (keptLogs && place.includes(".lastLines."));
    if (!skipped && text.search(pattern) >= 0) places.push(place);
  });
  return places;
}

function isOrdinary(name: string): boolean {
  return !isTelling(name) || isSettingWord(name) || stemsOf(name) === `-${name.toLowerCase()}`;
}

/** What is filled from OpsAgent's own closed lists, where a name can only stand by chance. */
const OURS =
  /^(?:kind|schemaVersion|status|model\.model|alert\.region)$|\.(?:kind|rule|provenance|unit)$|\.gaps\.\d+\.(?:source|code)$/;

/** Every text with its place. Keys are told too where they are names and not the schema's. */
function visit(value: unknown, place: string, told: (text: string, place: string) => void): void {
  if (typeof value === "string") told(value, place);
  if (value === null || typeof value !== "object") return;
  for (const [key, item] of Object.entries(value)) {
    const own = place === "" ? key : `${place}.${key}`;
    if (/(?:^|\.)(?:dimensions|services|parameters)$/.test(place)) told(key, own);
    visit(item, own, told);
  }
}
