/** The policy file: YAML text -> Policy, with every problem and its line. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import type { z } from "zod";
import { Policy } from "../domain/policy.ts";
import { hintForKey, hintForValue } from "./policy-hints.ts";

/** One problem of a policy file; `line` counts from 1 where it is known. */
export interface PolicyProblem {
  readonly line?: number;
  readonly path: string;
  readonly message: string;
  /** What the author probably meant. */
  readonly hint?: string;
}

export type PolicyResult =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** Parses and validates. An empty file is the default policy. Never throws. */
export function readPolicy(text: string): PolicyResult {
  const { document, lines } = parse(text);
  if (document.errors.length > 0) {
    return {
      ok: false,
      problems: document.errors.map((error) => ({
        line: lineAt(error.pos[0], lines),
        path: "",
        message: error.message.split("\n")[0] ?? error.message,
      })),
    };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 50 }) ?? {};
  } catch (error) {
    return {
      ok: false,
      problems: [{ path: "", message: error instanceof Error ? error.message : "not readable" }],
    };
  }
  const parsed = Policy.safeParse(value);
  if (parsed.success) return { ok: true, policy: parsed.data };
  const problems = parsed.error.issues.flatMap((issue) => problemsOf(issue, value));
  const placed = problems.map(({ at, ...problem }): PolicyProblem => {
    const line = lineOf(document, at, lines);
    return { ...(line === undefined ? {} : { line }), path: at.map(String).join("."), ...problem };
  });
  return { ok: false, problems: placed.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)) };
}

/** Finds the lines of keys in a valid file: the line of the deepest existing part of the path. */
export function policyLines(text: string): (path: readonly PropertyKey[]) => number | undefined {
  const { document, lines } = parse(text);
  return (path) => lineOf(document, path, lines);
}

function parse(text: string) {
  const lines = new LineCounter();
  return {
    lines,
    document: parseDocument(text, { lineCounter: lines, uniqueKeys: true, logLevel: "error" }),
  };
}

interface Found {
  readonly at: readonly PropertyKey[];
  readonly message: string;
  readonly hint?: string;
}

function problemsOf(issue: z.core.$ZodIssue, value: unknown): Found[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      at: [...issue.path, key],
      message: `Unknown key "${key.slice(0, 80)}"`,
      ...hinted(hintForKey(issue.path, key)),
    }));
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map(({ message }) => ({ at: issue.path, message }));
  }
  const given = issue.path.reduce<unknown>(
    (inner, part) => (inner as Record<PropertyKey, unknown> | undefined)?.[part],
    value,
  );
  return [{ at: issue.path, message: issue.message, ...hinted(hintForValue(issue, given)) }];
}

function hinted(hint: string | undefined): { hint?: string } {
  return hint === undefined ? {} : { hint };
}

/** Counts from 1, also in an empty file. */
function lineAt(offset: number, lines: LineCounter): number {
  return Math.max(1, lines.linePos(offset).line);
}

type Document = ReturnType<typeof parseDocument>;

/** The line of the deepest key or list item on the path that exists in the text, else of its first content. */
function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number | undefined {
  let node: unknown = document.contents;
  let found: Node | undefined = document.contents ?? undefined;
  for (const part of path) {
    if (isAlias(node)) node = node.resolve(document);
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
      if (pair === undefined || !isScalar(pair.key)) break;
      found = pair.key;
      node = pair.value;
    } else if (isSeq<Node>(node)) {
      node = node.items[Number(part)];
      if (node === undefined) break;
      found = node as Node;
    } else break;
  }
  return found?.range ? lineAt(found.range[0], lines) : undefined;
}
