import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { publishedSchemas } from "../../scripts/generate-schemas.ts";

it.each([...publishedSchemas()])("%s is what scripts/generate-schemas.ts writes", (path, schema) => {
  const published = JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"));

  expect(published).toEqual(schema);
});
