/** Suggests what the author of a policy file probably meant. */
import { z } from "zod";
import { Policy } from "../domain/policy.ts";

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape;
}

type Path = readonly PropertyKey[];

/** Returns a hint for an unknown key: a similar key, the section where it belongs, or the known keys. */
export function hintForKey(parent: Path, key: string): string | undefined {
  const shape = shapeAt(parent);
  const known = Object.keys(shape?.properties ?? {});
  const similar = nearest(key, known);
  if (similar !== undefined) return `did you mean "${similar}"?`;
  const home = homeOf(key, policyShape());
  if (home !== undefined) return home === "" ? "it belongs at the top" : `it belongs under "${home}"`;
  return known.length === 0 ? undefined : `known here: ${known.join(", ")}`;
}

/** Returns a hint for an invalid value. */
export function hintForValue(issue: z.core.$ZodIssue, given: unknown): string | undefined {
  if (issue.code === "invalid_value" && typeof given === "string") {
    const similar = nearest(given, issue.values.map(String));
    return similar === undefined ? undefined : `did you mean "${similar}"?`;
  }
  if (issue.code !== "invalid_type") return undefined;
  if (given === null) return "leave the key out to have its default";
  if (issue.expected === "boolean") return "write true or false";
  if (issue.expected === "number" && typeof given === "string") return "write a number, without quotes";
  return issue.expected === "array" ? "write a list: [one, two]" : undefined;
}

/**
 * Returns the most similar candidate, ignoring case; undefined when more than a third of the letters differ, since a
 * wrong hint misleads.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  const [best] = candidates
    .map((candidate) => ({ candidate, edits: editDistance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.edits - b.edits);
  return best?.candidate;
}

/** Longer words are no keys; the cost of a comparison grows with the square of the length. */
const LONGEST_WORD = 64;

/** Insertions, deletions, substitutions and swaps of neighbours, row by row (optimal string alignment). */
function editDistance(from: string, to: string): number {
  const [a, b] = [[...from], [...to]];
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [index, letter] of a.entries()) {
    const next = [index + 1];
    for (const [at, other] of b.entries()) {
      const substituted = (row[at] ?? 0) + (letter === other ? 0 : 1);
      const swapped = at > 0 && letter === b[at - 1] && other === a[index - 1];
      const swap = swapped ? (before[at - 1] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(substituted, swap, (row[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1));
    }
    [before, row] = [row, next];
  }
  return row.at(-1) ?? 0;
}

let shape: Shape | undefined;

function policyShape(): Shape {
  shape ??= z.toJSONSchema(Policy, { io: "input" }) as Shape;
  return shape;
}

function shapeAt(path: Path): Shape | undefined {
  return path.reduce<Shape | undefined>(
    (outer, part) => (outer ? within(outer, part) : undefined),
    policyShape(),
  );
}

function within(
  { properties = {}, additionalProperties, items }: Shape,
  part: PropertyKey,
): Shape | undefined {
  if (Object.hasOwn(properties, part)) return properties[String(part)];
  return items ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
}

/** Returns the section that has this key; sections of single services do not count. */
function homeOf(key: string, from: Shape): string | undefined {
  const properties = from.properties ?? {};
  if (Object.hasOwn(properties, key)) return "";
  return Object.entries(properties).find(([, section]) => Object.hasOwn(section.properties ?? {}, key))?.[0];
}
