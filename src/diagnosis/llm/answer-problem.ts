import type { z } from "zod";
import { cap, oneLine } from "./text.ts";

type Issue = z.core.$ZodIssue;

const PROBLEMS_TOLD = 3;
const VALUE_LENGTH = 40;

/** Returns what is wrong with a well-formed answer: a sentence that names the field and quotes the bad value. */
export function problemOf(answer: unknown, issues: readonly Issue[]): string {
  const shown = issues.slice(0, PROBLEMS_TOLD).map((issue) => describe(answer, issue));
  const more = issues.length > shown.length ? ` (and ${issues.length - shown.length} more)` : "";
  return `the model answered ${shown.join("; ")}${more}`;
}

function describe(answer: unknown, issue: Issue): string {
  if (issue.code === "unrecognized_keys") {
    return `with keys that were not asked for: ${cap(issue.keys.map(quote).join(", "), 3 * VALUE_LENGTH)}`;
  }
  const path = pathText(issue.path);
  const value = valueAt(answer, issue.path);
  if (value === undefined) return `without the field ${path}`;
  const shown = `${path} ${quote(value)}`;
  if (issue.code === "invalid_value") return `${shown}, which does not exist`;
  if (issue.code === "too_big") return `${shown}, which is above ${issue.maximum}`;
  if (issue.code === "too_small") return `${shown}, which is below ${issue.minimum}`;
  if (issue.code === "invalid_type") return `${shown}, which is not ${nounOf(issue.expected)}`;
  return `${shown}, which is not valid`;
}

function nounOf(expected: string): string {
  if (expected === "string") return "text";
  return expected === "array" || expected === "object" ? `an ${expected}` : `a ${expected}`;
}

/** `ruledOut[0].cause` */
function pathText(path: readonly PropertyKey[]): string {
  const text = path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
  return text === "" ? "something" : cap(oneLine(text), 2 * VALUE_LENGTH);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (current, key) =>
      typeof current === "object" && current !== null && Object.hasOwn(current, key)
        ? Reflect.get(current, key)
        : undefined,
    value,
  );
}

/** Returns the value as JSON; the model's text is as untrusted as what it read. */
function quote(value: unknown): string {
  if (typeof value === "number") return String(value);
  const shown = typeof value === "string" ? cap(oneLine(value), VALUE_LENGTH) : value;
  return cap(JSON.stringify(shown) ?? "nothing", VALUE_LENGTH + 2);
}
