import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { referencePages } from "../../scripts/generate-reference.ts";

it.each([...referencePages()])("%s is as `node scripts/generate-reference.ts` writes it", (path, text) => {
  expect(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8")).toBe(text);
});
