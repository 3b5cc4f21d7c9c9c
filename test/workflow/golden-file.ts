/** The golden list of durable operations: a text that people read in a diff, one heading a path, one line an operation. */
import type { OperationSummary } from "../../packages/durable-sqlite/types.ts";
import type { Running } from "../support/workflow.ts";

const KIND: Readonly<Record<string, string>> = {
  Step: "step",
  WaitForCondition: "poll",
  Wait: "wait",
  Callback: "question",
};

/** Every execution of the engine in the order in which they began, each with its end and its operations in order. */
export async function operationsOf({ engine }: Pick<Running, "engine">): Promise<string[]> {
  const lines: string[] = [];
  for (const { name } of (await engine.list()).reverse()) {
    const result = await engine.result(name);
    const end = result.status === "SUCCEEDED" ? result.output.status : result.status;
    lines.push(`[${name.replace(/^incident-/, "")}: ${end}]`, ...(await engine.operations(name)).map(lineOf));
  }
  return lines;
}

function lineOf({ type, subType = type, name = "" }: OperationSummary): string {
  return `${KIND[subType] ?? subType} ${name}`;
}

/** The name of the operation of a line; undefined for any other line. */
export function operationName(line: string): string | undefined {
  return /^[\w]+ (.+)$/.exec(line)?.[1];
}

/** Path by name -> its lines. */
export function parseGolden(text: string): Map<string, string[]> {
  const paths = new Map<string, string[]>();
  let lines: string[] | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith("## ")) {
      lines = [];
      paths.set(line.slice(3), lines);
    } else if (line !== "") lines?.push(line);
  }
  return paths;
}

export function formatGolden(paths: Iterable<readonly [string, readonly string[]]>): string {
  const parts = [...paths].map(([name, lines]) => `\n## ${name}\n\n${lines.join("\n")}\n`);
  return `${HEAD}${parts.join("")}`;
}

const HEAD = `# What the workflow does durably, path by path: the kind and the name of each operation, in order. A poll is named
# once, however often it looks. Written by \`UPDATE_GOLDEN=1 npm test -- golden-steps\`; a change here means that incidents
# which wait through an upgrade end under the version that began them (docs/decisions/2026-11-30-replay-version.md).
`;
