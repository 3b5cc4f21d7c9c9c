import type { Audience } from "./audience.ts";
import { redactStructure } from "./redact-deep.ts";

/**
 * Redacts every text of a record, keys included. Numbers stay: they are measurements by their schema, and replacing
 * one that looks like a card number would make the record invalid. So do objects under a name that says secret.
 */
export function redactRecord<T>(value: T, audience: Audience = "model"): T {
  return redactStructure(value, { audience, isRecord: true }) as T;
}
