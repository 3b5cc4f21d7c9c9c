import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { doctorDocument } from "../../scripts/generate-doctor-reference.ts";
import { CHECKS } from "../../src/doctor/registry.ts";

const document = readFileSync(new URL("../../docs/doctor.md", import.meta.url), "utf8");

it("docs/doctor.md has every check as scripts/generate-doctor-reference.ts writes it", () => {
  expect(doctorDocument(document)).toBe(document);
  for (const { id } of CHECKS) expect(document).toContain(`**\`${id}\`**`);
});

it("no two checks share an id", () => {
  expect(new Set(CHECKS.map(({ id }) => id)).size).toBe(CHECKS.length);
});
