/** What went wrong, by the fields of a JSON line: exceptions as objects, lists and texts, with their causes. */

import { type Fields, fieldsOf, isObject, type Json, textOf } from "./json-fields.ts";

/** A failure as a record words it; the cause is the innermost one. */
export interface JsonFault {
  readonly text: string;
  readonly stack: string;
  readonly cause: string;
}

const DEEPEST = 5;
const LONGEST_FIELD = 8_192;

/** Returns the failure that the record, or an object in it, holds; its texts are empty where there is none. */
export function faultOf(record: Json, fields: Fields): JsonFault {
  const own = faultIn(record, fields);
  if (own.text !== "" || own.stack !== "") return own;
  for (const part of fields.parts) {
    const found = faultIn(part, fieldsOf(part));
    if (found.text !== "" || found.stack !== "") return found;
  }
  return own;
}

function faultIn(record: Json, { of: { error, type, stack } }: Fields): JsonFault {
  if (error === undefined && stack === undefined && type === undefined) return NO_FAULT;
  const details = Array.isArray(error) ? error.find(isObject) : isObject(error) ? error : undefined;
  const words = details === undefined ? textOf(error) : wordsOf(details);
  return {
    text: named(textOf(type) || (details === undefined ? "" : typeOf(details)), words),
    stack:
      textOf(stack) ||
      textOf(details?.["stack"] ?? details?.["stack_trace"] ?? details?.["stacktrace"] ?? details?.["trace"]),
    cause: innermost(record, error, details),
  };
}

const NO_FAULT: JsonFault = { text: "", stack: "", cause: "" };

function named(type: string, words: string): string {
  return type !== "" && !words.startsWith(type) ? (words === "" ? type : `${type}: ${words}`) : words;
}

function wordsOf(details: Json): string {
  return textOf(
    pick(details, ["message", "msg", "reason", "exc_value", "localizedMessage", "detail", "value"]),
  );
}

function typeOf(details: Json): string {
  return textOf(pick(details, ["type", "name", "class", "className", "exc_type", "code"]));
}

/** The end of the chain of causes: nested, or the last of a list whose first is what was thrown. */
function innermost(record: Json, error: unknown, details: Json | undefined): string {
  const listed = Array.isArray(error) ? error.findLast(isObject) : undefined;
  let at = listed !== undefined && listed !== details ? listed : undefined;
  let next: unknown = (details ?? (error === undefined ? record : undefined))?.["cause"];
  for (let depth = 0; depth < DEEPEST && next !== undefined && next !== null; depth++) {
    if (typeof next === "string") return next.slice(0, LONGEST_FIELD);
    const one = Array.isArray(next) ? next.find(isObject) : next;
    if (!isObject(one)) break;
    at = one;
    next = one["cause"] ?? one["innerException"] ?? one["InnerException"] ?? one["errors"];
  }
  return at === undefined ? "" : named(typeOf(at), wordsOf(at));
}

/** Fields of a request, a person or an envelope: whatever words they hold, they are no statement of the program. */
const NO_STATEMENT =
  /^(?:@?time|ts$|date|host|logger|thread|caller|service|app$|env|version|user|email|login|path|url|uri|query|search|q$|agent|refer|ip$|\w*id$|body|payload|input|title|name|source|stream|container|ecs_|tag|request|param|header|cookie|file|func|class|method|comment|text|level|severity|lvl|@|msg|message|event|log$|stack|trace)/i;
const MOST_STATEMENTS = 3;

/** Returns words of other fields: those that `tells` accepts, a few. */
export function otherWords(record: Json, tells: (words: string) => boolean): string {
  const found: string[] = [];
  for (const key of Object.keys(record)) {
    const value = record[key];
    if (typeof value !== "string" || value.length < 4 || NO_STATEMENT.test(key) || !tells(value)) continue;
    found.push(value.slice(0, LONGEST_FIELD));
    if (found.length === MOST_STATEMENTS) break;
  }
  return found.join(" : ");
}

function pick(record: Json, keys: readonly string[]): unknown {
  for (const key of keys) {
    const value = record[key];
    if (value !== undefined && value !== null && value !== "") return value;
  }
  return undefined;
}
