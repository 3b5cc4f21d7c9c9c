import { readAccess } from "./access-line.ts";
import { LONGEST_JSON, LONGEST_LINE, plainText } from "./clean-line.ts";
import { readHeader } from "./header.ts";
import { readJson } from "./json-line.ts";
import type { Entry } from "./log-entry.ts";
import { readLogfmt } from "./logfmt-line.ts";

const DEEPEST = 2;

/** Removes a line's envelope: JSON, logfmt, an access log, or a text header. */
export function readEntry(message: string): Entry {
  return unwrap(plainText(message.length > LONGEST_LINE ? head(message) : message), 0);
}

function head(message: string): string {
  const json = message.length <= LONGEST_JSON && /^\s*\{/.test(message);
  return json ? message : message.slice(0, LONGEST_LINE);
}

function unwrap(text: string, depth: number): Entry {
  if (text.charCodeAt(0) === 123 && depth <= DEEPEST) {
    const json = readJson(text);
    if (json !== undefined) return json.text.charCodeAt(0) === 123 ? within(json, depth) : inner(json);
  }
  const access = readAccess(text);
  if (access !== undefined) return access;
  const header = readHeader(text);
  const rest = header.length === 0 ? text : text.slice(header.length);
  if (rest.charCodeAt(0) === 123 && depth < DEEPEST && header.length > 0) {
    const json = readJson(rest);
    if (json !== undefined) return header.level === undefined ? json : { ...json, level: header.level };
  }
  const logfmt = readLogfmt(rest);
  if (logfmt !== undefined)
    return logfmt.level === undefined && header.level !== undefined
      ? { ...logfmt, level: header.level }
      : logfmt;
  return {
    text: rest,
    structured: header.length > 0,
    ...(header.level === undefined ? {} : { level: header.level }),
  };
}

/** Docker and FireLens wrap a line into JSON; the line may be JSON again. */
function within(outer: Entry, depth: number): Entry {
  const inside = unwrap(plainText(outer.text), depth + 1);
  const level = inside.level ?? outer.level;
  return level === undefined ? inside : { ...inside, level };
}

/** A message in JSON can have a header of its own, and escapes are resolved by now. */
function inner(json: Entry): Entry {
  const text = plainText(json.text);
  if (json.level !== undefined) return text === json.text ? json : { ...json, text };
  const access = readAccess(text);
  if (access !== undefined) return access;
  const header = readHeader(text);
  return {
    ...json,
    text: text.slice(header.length),
    structured: header.length > 0,
    ...(header.level === undefined ? {} : { level: header.level }),
  };
}
