import type { Audience } from "./audience.ts";
import { redact } from "./redact.ts";
import { redactDeep } from "./redact-deep.ts";

/**
 * Redacts every text of a record, keys included. Numbers stay: they are measurements by their schema, and replacing
 * one that looks like a card number would make the record invalid.
 */
export function redactRecord<T>(value: T, audience: Audience = "model"): T {
  return redactValue(value, audience) as T;
}

function redactValue(value: unknown, audience: Audience): unknown {
  if (Array.isArray(value)) return value.map((item) => redactValue(item, audience));
  if (typeof value === "string") return redact(value, audience);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [redact(key, audience), redactField(key, item, audience)]),
  );
}

/** Redacts a text together with its field's name, which can say that it is a secret. */
function redactField(key: string, item: unknown, audience: Audience): unknown {
  return typeof item === "string"
    ? Object.values(redactDeep({ [key]: item }, audience))[0]
    : redactValue(item, audience);
}
