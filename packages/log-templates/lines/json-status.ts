/** The method and status of a request in a JSON line: an access log, or a line about one request. */
import { accessEntry } from "./access-line.ts";
import { type Fields, fieldsOf, type Json, type Role, textOf } from "./json-fields.ts";
import type { Entry } from "./log-entry.ts";

/** Returns the status of a server's error, `503`; else nothing. */
export function serverErrorOf(fields: Fields): string {
  const status = statusOf(fields);
  return status.startsWith("5") ? status : "";
}

function statusOf(fields: Fields): string {
  const status = first(fields, "status");
  return /^[1-5]\d\d$/.test(status) ? status : "";
}

/** Reads an access log in JSON, which has no message. As of text, only method and status are kept. */
export function accessOf(record: Json, fields: Fields): Entry | undefined {
  const status = statusOf(fields);
  if (status === "") return undefined;
  const asked = /^([A-Z]{3,7}) \S+ HTTP\//.exec(textOf(record["request"]))?.[1] ?? "";
  const method = first(fields, "method") || asked;
  if (method !== "") return accessEntry(method, status);
  return first(fields, "path") === "" ? undefined : { text: `<path> status ${status}`, ...levelled(status) };
}

function first({ of, parts }: Fields, role: Role): string {
  const own = textOf(of[role]);
  if (own !== "") return own;
  for (const part of parts) {
    const found = textOf(fieldsOf(part).of[role]);
    if (found !== "") return found;
  }
  return "";
}

function levelled(status: string): Pick<Entry, "level" | "structured" | "access"> {
  return { level: status.startsWith("5") ? "error" : "info", structured: true, access: true };
}
