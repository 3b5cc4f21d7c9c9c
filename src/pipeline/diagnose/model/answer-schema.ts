import { z } from "zod";
import { Action, Cause, Severity } from "../../../domain/cause.ts";

const texts = z.array(z.string());

/**
 * What the model answers. The order of the fields is the order in which it writes them: the evidence is weighed
 * before the cause is named.
 */
export const Answer = z.strictObject({
  evidence: texts.describe("ids of the facts that support the cause"),
  against: texts.describe("ids of the facts that speak against it"),
  ruledOut: z.array(z.strictObject({ cause: Cause, why: z.string() })),
  cause: Cause,
  rootCause: z.string().describe("one sentence"),
  action: Action,
  confidence: z.number().min(0).max(1).describe("probability from 0 to 1 that the cause is right"),
  severity: Severity,
  rca: z.string(),
  missing: texts,
  nextSteps: texts,
});
export type Answer = z.infer<typeof Answer>;

export const ANSWER_SCHEMA_NAME = "diagnosis";

/** What strict mode takes with every provider; bounds and patterns are refused by some, and zod checks them anyway. */
const STRICT_KEYS = new Set([
  "type",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "enum",
  "description",
]);

/** {@link Answer} as JSON Schema in the subset of strict mode: all properties required, none besides. */
export const ANSWER_SCHEMA: Record<string, unknown> = strict(z.toJSONSchema(Answer));

function strict(schema: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => STRICT_KEYS.has(key))
      .map(([key, value]) => [key, key === "properties" ? mapValues(value) : nested(key, value)]),
  );
}

function nested(key: string, value: unknown): unknown {
  return key === "items" && isSchema(value) ? strict(value) : value;
}

function mapValues(properties: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [key, isSchema(value) ? strict(value) : value]),
  );
}

function isSchema(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
