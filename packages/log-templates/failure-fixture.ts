/** Lines and the one pattern that they make, for tests of how failures are worded. */
import { expect, test } from "vitest";
import { createLogDigest, type LogPattern } from "./index.ts";

export function patternsOf(lines: readonly string[]): readonly LogPattern[] {
  const digest = createLogDigest({ onset: 0 });
  digest.add(lines.map((message, t) => ({ t, stream: "s", message })));
  return digest.finish().patterns;
}

type Case = readonly [
  name: string,
  lines: string | readonly string[],
  expected: Partial<LogPattern> | undefined,
];

/** Each is one pattern, since all its lines are one statement. */
export function each(cases: readonly Case[]): void {
  test.each(cases)("%s", (_name, lines, expected) => {
    const patterns = patternsOf(typeof lines === "string" ? lines.split("\n") : lines);

    expect(patterns).toHaveLength(1);
    expect(patterns[0]).toMatchObject({ level: "error", ...expected });
  });
}

export const REFUSED = { signal: "connection-refused" } as const;
export const json = (record: object): string[] => [JSON.stringify(record)];
