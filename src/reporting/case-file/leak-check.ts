/** Checks a case file before it is written: is any name of the incident still in it? */
import { wholeNames } from "./anonymise-text.ts";
import { isTelling } from "./names.ts";
import { isSettingWord, stemsOf } from "./public-vocabulary.ts";

/**
 * Returns the paths (`alert.title`, `rounds.0...`) at which one of `names` stands as a whole word. Public words and
 * technical words, which settings and pseudonyms keep, are not names here.
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

/** Fields filled from OpsAgent's own closed lists, where a name can only match by chance. */
const OURS =
  /^(?:kind|schemaVersion|status|model\.model|alert\.region)$|\.(?:kind|rule|provenance|unit)$|\.gaps\.\d+\.(?:source|code)$/;

/** Visits every text with its path, and keys that are names rather than the schema's. */
function visit(value: unknown, place: string, found: (text: string, place: string) => void): void {
  if (typeof value === "string") found(value, place);
  if (value === null || typeof value !== "object") return;
  for (const [key, item] of Object.entries(value)) {
    const own = place === "" ? key : `${place}.${key}`;
    if (/(?:^|\.)(?:dimensions|services|parameters)$/.test(place)) found(key, own);
    visit(item, own, found);
  }
}
