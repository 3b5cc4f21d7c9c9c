import { textFor } from "../exit.ts";
import type { AuditInput } from "./audit.ts";

/** Characters (UTF-16 units) of a detail that are kept. */
export const MAX_AUDIT_DETAIL = 2_000;

/**
 * What goes into the trail, before it is sealed: the detail redacted, then cut, so that no secret is cut into
 * something that redaction does not know. Half surrogate pairs are replaced: a store that keeps UTF-8 would change
 * them, and the seal would not match what is read back.
 */
export function keptInput(input: AuditInput): AuditInput {
  const { incidentId, key, event, detail, at, digest } = input;
  return {
    incidentId: incidentId.toWellFormed(),
    key: key.toWellFormed(),
    event: event.toWellFormed(),
    detail: cut(textFor("store", detail).toWellFormed()),
    at,
    ...(digest === undefined ? {} : { digest }),
  };
}

function cut(text: string): string {
  if (text.length <= MAX_AUDIT_DETAIL) return text;
  return text.slice(0, MAX_AUDIT_DETAIL).replace(/[\uD800-\uDBFF]$/, "");
}
