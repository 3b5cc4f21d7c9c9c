/** Every path's durable operations, in order, as the golden list has them: none changes unseen. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { env } from "node:process";
import { afterAll, expect, it } from "vitest";
import { workflowShape } from "../../src/workflow/version/index.ts";
import { codeOf } from "../../src/workflow/version/read-module.ts";
import { formatGolden, operationName, operationsOf, parseGolden } from "./golden-file.ts";
import { PATHS } from "./golden-paths.ts";

const FILE = join(import.meta.dirname, "golden-steps.txt");
const updates = env["UPDATE_GOLDEN"] === "1";
const golden = parseGolden(readFileSync(FILE, { encoding: "utf8", flag: updates ? "a+" : "r" }));

const CHANGED = `The durable operations of this path are not those of test/workflow/golden-steps.txt. Incidents that wait through an
upgrade to this code cannot go on under it: on Lambda they end under the version that began them, embedded they end with a
report (docs/deploying.md, Updating). If that is meant, accept it: UPDATE_GOLDEN=1 npm test -- golden-steps`;

/** What a person answered is part of a name, too; it is data, and kept with the answer. */
const VERDICTS: ReadonlySet<string> = new Set(["approved", "denied", "expired", "voided", "withdrawn"]);

it.each([...PATHS.keys()])("%s", async (path) => {
  const played = await PATHS.get(path)?.();
  const operations = played && (await operationsOf(played));

  if (updates && operations !== undefined) golden.set(path, operations);
  expect(operations, CHANGED).toEqual(golden.get(path));
});

it("the list has no path that is not played", () => {
  const left = [...golden.keys()].filter((path) => !PATHS.has(path));

  expect(updates ? [] : left).toEqual([]);
});

it("every name is written in a module that the workflow's version covers", () => {
  const root = join(import.meta.dirname, "../..");
  const code = workflowShape().modules.flatMap((path) =>
    codeOf(readFileSync(join(root, path), "utf8")).split("\n"),
  );
  const texts = code.filter((token) => /^["'`}]/.test(token)).join("\n");
  const words = [...golden.values()].flat().flatMap((line) => operationName(line)?.split("-") ?? []);

  const unwritten = [...new Set(words)].filter(
    (word) => !/^\d+$/.test(word) && !VERDICTS.has(word) && !new RegExp(`\\b${word}\\b`).test(texts),
  );

  expect(unwritten).toEqual([]);
});

afterAll(() => {
  if (!updates) return;
  const played = [...PATHS.keys()].flatMap((path) => {
    const lines = golden.get(path);
    return lines === undefined ? [] : [[path, lines] as const];
  });
  writeFileSync(FILE, formatGolden(played));
});
