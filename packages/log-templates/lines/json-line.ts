import { levelOf } from "./header.ts";
import { faultOf, otherWords } from "./json-fault.ts";
import { type Fields, fieldsOf, isObject, type Json, textOf } from "./json-fields.ts";
import { accessOf, serverErrorOf } from "./json-status.ts";
import { inferLevel } from "./level.ts";
import type { Entry } from "./log-entry.ts";

/** Reads a JSON line: its level, message, failure and stack; everything else is left out. */
export function readJson(text: string): Entry | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isObject(value) ? fromObject(value) : undefined;
}

function fromObject(record: Json): Entry {
  const fields = fieldsOf(record);
  const message = messageOf(record, fields);
  const { text: words, stack, cause } = faultOf(record, fields);
  const told = levelOf(fields.of.level ?? innerLevel(record));
  const fault =
    words !== "" ? (message.includes(words) ? "" : words) : stack === "" ? "" : thrownIn(stack, message);
  if (message === "" && fault === "" && stack === "") {
    const access = accessOf(record, fields);
    if (access !== undefined) return access;
  }
  const status = fault === "" ? serverErrorOf(fields) : "";
  // What other fields say is looked for where the line is about a problem, or has no message.
  const others =
    fault !== "" || (told === "info" && message !== "")
      ? ""
      : otherWords(
          record,
          message === "" && stack === "" ? isStatement : (text) => inferLevel(text) !== "info",
        );
  const parts = fault === "" && others === "" ? message : joined(message, fault, others);
  const text = status === "" || parts === "" ? parts : `${parts} status ${status}`;
  const level = status === "" ? (told ?? (fault !== "" || stack !== "" ? "error" : undefined)) : "error";
  const caused = cause === "" || words === cause ? "" : `Caused by: ${cause}`;
  if (stack !== "" || caused !== "") {
    const trace = stack === "" || caused === "" ? stack + caused : `${stack}\n${caused}`;
    return level === undefined ? { text, structured: true, trace } : { text, structured: true, level, trace };
  }
  return level === undefined ? { text, structured: true } : { text, structured: true, level };
}

function joined(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" : ");
}

/** Rust's tracing puts the message among its fields, and some wrap it into an object. */
function messageOf(record: Json, { of: { message } }: Fields): string {
  if (isObject(message)) return textOf(message["message"] ?? message["msg"]);
  const inner = record["fields"];
  return textOf(message) || (isObject(inner) ? textOf(inner["message"] ?? inner["msg"]) : "");
}

/** Loguru puts its record inside. */
function innerLevel({ record: inner }: Json): unknown {
  const level = isObject(inner) ? inner["level"] : undefined;
  return isObject(level) ? level["name"] : level;
}

/** The line of a stack that says what was thrown, unless the message says it: in Python the last one. */
function thrownIn(stack: string, message: string): string {
  const lines = stack.split("\n", 200);
  const head = stack.startsWith("Traceback") ? lines.findLast((line) => /^\S/.test(line)) : lines[0];
  const said = (head ?? "").replace(/^[\w.$]{1,120}: /, "");
  return said === "" || message.includes(said) ? "" : (head ?? "");
}

/** Words, or a code of a failure; not a name, a number or a time. */
function isStatement(text: string): boolean {
  return /[A-Za-z]{2,} [A-Za-z]{2,}|\bE[A-Z]{5,}\b/.test(text);
}
