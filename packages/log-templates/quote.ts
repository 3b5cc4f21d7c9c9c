/** Real lines for people: without envelope, redacted, on one line. */
import { redact } from "../redaction/index.ts";
import type { Cluster } from "./clusters.ts";
import { printable } from "./lines/clean-line.ts";
import { readEntry } from "./lines/entry.ts";

const LONGEST_QUOTE = 300;
const MOST_LINES = 3;
const MOST_CANDIDATES = 6;
const MOST_FIELDS = 4;
const LONGEST_FIELD = 60;

/** Fields of a JSON line that say nothing of what happened: envelopes, times, identifiers of one request. */
const ENVELOPE =
  /^(?:@?time(?:stamp)?|ts|t|date|start_?time|pid|v|hostname|host\.name|level\w*|lvl|severity\w*|@l|logger\w*|thread\w*|stack\w*|(?:exc|error|err)\w*|traceback|caller|source|stream|(?:trace|span|request|req|correlation)[-_.]?id|log|msg|message|@mt?|event|body|text|version|schema\w*)$/i;

/** Returns a line as people read it: its message, and the fields of a JSON line that add to it. */
export function quoteOf(raw: string): string {
  const line = redact(raw, "person");
  const { text, access } = readEntry(line);
  const message = text.split("\n").find((part) => part.trim() !== "") ?? "";
  if (access === true || message === "") return printable(line, LONGEST_QUOTE);
  return printable(`${message}${fieldsOf(line)}`, LONGEST_QUOTE);
}

function fieldsOf(line: string): string {
  if (!line.startsWith("{")) return "";
  let record: unknown;
  try {
    record = JSON.parse(line);
  } catch {
    return "";
  }
  const fields = Object.entries(record as Record<string, unknown>).flatMap(([name, value]) =>
    ENVELOPE.test(name) || !["string", "number"].includes(typeof value) || value === ""
      ? []
      : [`${name}=${String(value).slice(0, LONGEST_FIELD)}`],
  );
  return fields.length === 0 ? "" : ` (${fields.slice(0, MOST_FIELDS).join(", ")})`;
}

/** Returns the newest line and those that differ most from it; numbers alone make no difference. */
export function linesOf(clusters: readonly Cluster[]): string[] {
  const newestFirst = clusters.toSorted((one, other) => other.lastAt - one.lastAt);
  const raw = newestFirst.flatMap(({ newest, oldest, variants }) => [newest, oldest, ...variants]);
  const quotes = [
    ...new Set(
      raw
        .filter((line) => line !== "")
        .slice(0, MOST_CANDIDATES)
        .map(quoteOf),
    ),
  ];
  const words = quotes.map((quote) => wordsOf(quote));
  const chosen = quotes.length === 0 ? [] : [0];
  while (chosen.length < Math.min(MOST_LINES, quotes.length)) {
    const distances = words.map((own) =>
      Math.min(...chosen.map((at) => distance(own, words[at] ?? new Set()))),
    );
    const farthest = distances.indexOf(Math.max(...distances));
    if ((distances[farthest] ?? 0) === 0) break;
    chosen.push(farthest);
  }
  return chosen.map((at) => quotes[at] ?? "");
}

function wordsOf(quote: string): ReadonlySet<string> {
  return new Set(quote.toLowerCase().match(/[\p{L}_][\p{L}\p{N}_.-]{2,}/gu) ?? []);
}

/** Words that only one of the two has. */
function distance(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const common = [...one].filter((word) => other.has(word)).length;
  return one.size + other.size - 2 * common;
}
