/** The policy file: YAML text -> Policy, with every problem and its line. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { Policy } from "../domain/policy.ts";

/** One thing wrong with a policy file; `line` counts from 1 where it is known. */
export interface PolicyProblem {
  readonly line?: number;
  readonly path: string;
  readonly message: string;
}

export type PolicyResult =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] };

/** Parses and validates. An empty file is the default policy. */
export function readPolicy(text: string): PolicyResult {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, logLevel: "error" });
  if (document.errors.length > 0) {
    return {
      ok: false,
      problems: document.errors.map((error) => ({
        line: lines.linePos(error.pos[0]).line,
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
  return {
    ok: false,
    problems: parsed.error.issues.flatMap((issue) => {
      const unknown = issue.code === "unrecognized_keys" ? issue.keys : [];
      const at = (path: readonly PropertyKey[], message: string): PolicyProblem => {
        const line = lineOf(document, path, lines);
        return { path: path.map(String).join("."), message, ...(line === undefined ? {} : { line }) };
      };
      return unknown.length === 0
        ? [at(issue.path, issue.message)]
        : unknown.map((key) => at([...issue.path, key], `Unknown key "${key}"`));
    }),
  };
}

type Document = ReturnType<typeof parseDocument>;

/** The line of the deepest key or list item on the path that exists in the text. */
function lineOf(document: Document, path: readonly PropertyKey[], lines: LineCounter): number | undefined {
  let node: unknown = document.contents;
  let found: Node | undefined;
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
  return found?.range ? lines.linePos(found.range[0]).line : undefined;
}
