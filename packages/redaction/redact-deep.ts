import type { Audience } from "./audience.ts";
import { redact } from "./redact.ts";
import { isRedactionToken, redactionToken } from "./rule.ts";
import { secretKindOf } from "./secret-names.ts";

const DEEPEST = 100;

/**
 * Redacts every string of a JSON-like value, keys included. Under a key that names a secret the whole value is
 * replaced. Returns a new value; what JSON cannot hold is returned as it is.
 */
export function redactDeep<T>(value: T, audience: Audience = "model"): T {
  // A string stays a string, an object an object of redacted values: the shape that the caller gave.
  return redactValue(value, 0, audience) as T;
}

function redactValue(value: unknown, depth: number, audience: Audience): unknown {
  if (typeof value === "string") return redact(value, audience);
  if (typeof value === "number") return redactNumber(value, audience);
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  if (depth >= DEEPEST) return redactionToken("too-deep");
  if (Array.isArray(value)) return value.map((item) => redactValue(item, depth + 1, audience));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      redact(key, audience),
      redactField(key, item, depth, audience),
    ]),
  );
}

function redactField(key: string, value: unknown, depth: number, audience: Audience): unknown {
  const kind = secretKindOf(key);
  const empty = value === null || value === undefined || value === "" || typeof value === "boolean";
  if (kind === undefined || empty) return redactValue(value, depth + 1, audience);
  return typeof value === "string" && isRedactionToken(value) ? value : redactionToken(kind);
}

/** A number can be a card number, too. */
function redactNumber(value: number, audience: Audience): number | string {
  if (!Number.isInteger(value) || Math.abs(value) < 1e11) return value;
  const text = redact(String(value), audience);
  return text === String(value) ? value : text;
}
