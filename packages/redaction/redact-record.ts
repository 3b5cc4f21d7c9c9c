import { redact } from "./redact.ts";
import { redactDeep } from "./redact-deep.ts";

/**
 * Redacts every text of a record, keys included. Numbers stay: they are measurements by their schema, and replacing
 * one that looks like a card number would make the record invalid.
 */
export function redactRecord<T>(value: T): T {
  return redactValue(value) as T;
}

function redactValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(redactValue);
  if (typeof value === "string") return redact(value);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [redact(key), redactField(key, item)]),
  );
}

/** Redacts a text together with its field's name, which can say that it is a secret. */
function redactField(key: string, item: unknown): unknown {
  return typeof item === "string" ? Object.values(redactDeep({ [key]: item }))[0] : redactValue(item);
}
