/** The policy file: YAML text -> Policy, with every problem and its line. */
import { LineCounter, parseDocument } from "yaml";
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
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
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
    problems: parsed.error.issues.map((issue) => {
      const unknownKey = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
      const path = unknownKey === undefined ? issue.path : [...issue.path, unknownKey];
      const line = lineOf(document, path, lines);
      return {
        path: path.map(String).join("."),
        message: issue.message,
        ...(line === undefined ? {} : { line }),
      };
    }),
  };
}

/** The line of the deepest node on the path that exists in the text. */
function lineOf(
  document: ReturnType<typeof parseDocument>,
  path: readonly PropertyKey[],
  lines: LineCounter,
): number | undefined {
  for (let length = path.length; length > 0; length--) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    const range = typeof node === "object" && node !== null && "range" in node ? node.range : undefined;
    if (Array.isArray(range) && typeof range[0] === "number") return lines.linePos(range[0]).line;
  }
  return undefined;
}
