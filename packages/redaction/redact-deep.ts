import type { Audience } from "./audience.ts";
import { isWeakSecret } from "./key-value.ts";
import { namedSecretKind } from "./named-values.ts";
import { redact } from "./redact.ts";
import { isRedactionToken, redactionToken } from "./rule.ts";
import { secretKindOf } from "./secret-names.ts";

const DEEPEST = 100;
/** Arguments before one that are looked at: the command and its option. */
const MOST_ARGUMENTS = 12;

/**
 * Redacts every string of a JSON-like value, keys included. Under a key that names a secret the whole value is
 * replaced. Returns a new value; what JSON cannot hold is returned as it is.
 */
export function redactDeep<T>(value: T, audience: Audience = "model"): T {
  // A string stays a string, an object an object of redacted values: the shape that the caller gave.
  return redactStructure(value, { audience, isRecord: false }) as T;
}

interface Rules {
  readonly audience: Audience;
  /** Whether the value has a schema, by which numbers are measurements and objects stay objects. */
  readonly isRecord: boolean;
}

/** Redacts a value of any shape; used by `redactDeep` and `redactRecord`. */
export function redactStructure(value: unknown, rules: Rules): unknown {
  return redactValue(value, 0, rules);
}

function redactValue(value: unknown, depth: number, rules: Rules): unknown {
  if (typeof value === "string") return redact(value, rules.audience);
  if (typeof value === "number") return rules.isRecord ? value : redactNumber(value, rules.audience);
  if (value === null || typeof value !== "object" || value instanceof Date) return value;
  if (depth >= DEEPEST) return redactionToken("too-deep");
  if (Array.isArray(value)) return redactList(value, depth, rules);
  const named = namedField(value as Record<string, unknown>);
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      redact(key, rules.audience),
      key === named?.field ? redactionToken(named.kind) : redactField(key, item, depth, rules),
    ]),
  );
}

/** A field that holds a secret by the name in the field beside it: `{ name: "DB_PASSWORD", value: "x" }`. */
function namedField(value: Record<string, unknown>): { field: string; kind: string } | undefined {
  const name = value["name"] ?? value["Name"] ?? value["key"] ?? value["Key"];
  const field = "value" in value ? "value" : "Value";
  const text = value[field];
  if (typeof name !== "string" || typeof text !== "string") return undefined;
  const kind = namedSecretKind(name, text);
  return kind === undefined ? undefined : { field, kind };
}

/** A list of texts can be a command line, in which an option is one item and its value the next. */
function redactList(list: readonly unknown[], depth: number, rules: Rules): unknown[] {
  if (!list.some((item) => typeof item === "string" && item.startsWith("-"))) {
    return list.map((item) => redactValue(item, depth + 1, rules));
  }
  return list.map((item, i) => {
    const before = list.slice(Math.max(0, i - MOST_ARGUMENTS), i).filter((one) => typeof one === "string");
    if (typeof item !== "string" || before.length === 0) return redactValue(item, depth + 1, rules);
    return redactArgument(before, item, rules.audience);
  });
}

/** Redacts an argument as it stands in the command line, after the arguments before it. */
function redactArgument(before: readonly string[], argument: string, audience: Audience): string {
  const alone = redact(argument, audience);
  if (alone !== argument || argument.startsWith("--") || /["\n]/.test(argument)) return alone;
  const start = `${before.map((one) => redact(one, audience).replaceAll(/["\n]/g, " ")).join('","')}","`;
  const line = redact(`["${start}${argument}"]`, audience);
  const end = line.lastIndexOf('","');
  return end === -1 ? alone : line.slice(end + 3, -2);
}

function redactField(key: string, value: unknown, depth: number, rules: Rules): unknown {
  const weak = typeof value === "string" && isWeakSecret(key, value) ? "secret" : undefined;
  const kind = secretKindOf(key) ?? weak;
  const empty = value === null || value === undefined || value === "" || typeof value === "boolean";
  if (kind === undefined || empty || (rules.isRecord && typeof value !== "string"))
    return redactValue(value, depth + 1, rules);
  return typeof value === "string" && isRedactionToken(value) ? value : redactionToken(kind);
}

/** A number can be a card number, too. */
function redactNumber(value: number, audience: Audience): number | string {
  if (!Number.isInteger(value) || Math.abs(value) < 1e11) return value;
  const text = redact(String(value), audience);
  return text === String(value) ? value : text;
}
