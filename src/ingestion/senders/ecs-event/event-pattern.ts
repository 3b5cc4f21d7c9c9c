/**
 * The part of EventBridge's event patterns that the table of ECS events uses: exact values, prefixes, nested fields.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */

type Condition = string | number | { readonly prefix: string };

export interface EventPattern {
  readonly [field: string]: readonly Condition[] | EventPattern;
}

/** Returns whether an event has every field of the pattern with one of its values. In a list, one element is enough. */
export function matchesPattern(pattern: EventPattern, event: unknown): boolean {
  return Object.entries(pattern).every(([field, wanted]) => {
    const values = valuesOf(event, field);
    return isNested(wanted)
      ? values.some((value) => matchesPattern(wanted, value))
      : values.some((value) => wanted.some((one) => meets(one, value)));
  });
}

function isNested(wanted: readonly Condition[] | EventPattern): wanted is EventPattern {
  return !Array.isArray(wanted);
}

function valuesOf(event: unknown, field: string): unknown[] {
  if (typeof event !== "object" || event === null || !Object.hasOwn(event, field)) return [];
  const value = (event as Readonly<Record<string, unknown>>)[field];
  return Array.isArray(value) ? value : [value];
}

function meets(wanted: Condition, value: unknown): boolean {
  if (typeof wanted !== "object") return wanted === value;
  return typeof value === "string" && value.startsWith(wanted.prefix);
}
