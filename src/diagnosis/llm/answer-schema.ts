import { z } from "zod";
import { Action, Cause, Severity } from "../../domain/cause.ts";
import { MetricRole, TASK_ROLES } from "../../domain/evidence.ts";

const texts = z.array(z.string());

/**
 * What a model may request: a closed list. Nothing in it reaches AWS as the model wrote it: the id is looked up among
 * the facts shown, the rest are enum values.
 */
export const MoreAsked = z.union([
  z.strictObject({
    read: z.enum(["log-pattern"]),
    pattern: z
      .string()
      .describe("id of a log-pattern fact: its lines by minute, and what stands before them"),
  }),
  z.strictObject({
    read: z.enum(["metric"]),
    role: MetricRole.exclude(TASK_ROLES),
    window: z.enum(["3h", "24h", "same-hour-yesterday"]),
  }),
  z.strictObject({
    read: z.enum(["older-window"]),
    minutes: z.literal([15, 30, 60]).describe("log patterns of so many minutes before the logs shown"),
  }),
]);
export type MoreAsked = z.infer<typeof MoreAsked>;

/** The model's answer. It writes fields in this order, so it weighs the evidence before it names the cause. */
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

/** The first answer: the same, or with requests for more evidence, which make it provisional. */
export const FirstAnswer = Answer.extend({ more: z.array(MoreAsked).nullable() });

export const ANSWER_SCHEMA_NAME = "diagnosis";

/** Keywords that every provider accepts in strict mode. Some refuse bounds and patterns, which zod checks anyway. */
const STRICT_KEYS = new Set([
  "type",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "enum",
  "description",
  "anyOf",
]);

/** {@link Answer} as JSON Schema in the subset of strict mode: all properties required, no others. */
export const ANSWER_SCHEMA: Record<string, unknown> = strict(z.toJSONSchema(Answer));

/** {@link FirstAnswer} in the same subset. */
export const FIRST_ANSWER_SCHEMA: Record<string, unknown> = strict(z.toJSONSchema(FirstAnswer));

function strict(schema: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([key]) => STRICT_KEYS.has(key))
      .map(([key, value]) => [key, key === "properties" ? mapValues(value) : nested(key, value)]),
  );
}

function nested(key: string, value: unknown): unknown {
  if (key === "anyOf" && Array.isArray(value)) return value.filter(isSchema).map(strict);
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
