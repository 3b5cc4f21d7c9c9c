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
  const before = text.charCodeAt(text.length - 1) === 125 ? withFields(rest) : undefined;
  if (before !== undefined) return header.level === undefined ? before : { ...before, level: header.level };
  const structured = header.length > 0;
  return header.level === undefined
    ? { text: rest, structured }
    : { text: rest, structured, level: header.level };
}

/** A message with its fields in JSON behind it, as zap and Lambda's runtimes write it to a console. */
function withFields(text: string): Entry | undefined {
  const at = text.search(/[\s:]\{"/);
  if (at <= 0) return undefined;
  const fields = readJson(text.slice(at + 1));
  if (fields === undefined || fields.access === true) return undefined;
  const message = text.slice(0, at).trimEnd();
  return { ...fields, text: fields.text === "" ? message : `${message} : ${fields.text}` };
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
