import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { Incident } from "../src/domain/incident.ts";

/** `node scripts/generate-schemas.ts` writes the published JSON Schemas from the zod schemas of the domain. */

const root = new URL("../", import.meta.url);

/** Every published schema by its path below the project's root. */
export function publishedSchemas(): ReadonlyMap<string, unknown> {
  const { $schema, ...incident } = z.toJSONSchema(Incident, {
    // Open objects: a field that is added later must not break those who validate against version 1.
    io: "input",
    override({ jsonSchema }) {
      if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
    },
  });
  const title = "OpsAgent incident, version 1";
  const description =
    "The record of one incident, as `opsagent handle` prints it. A breaking change raises schemaVersion; fields may be added without one.";
  return new Map([["docs/schemas/incident.v1.json", { $schema, title, description, ...incident }]]);
}

if (import.meta.main) {
  for (const [path, schema] of publishedSchemas()) {
    const file = new URL(path, root);
    mkdirSync(new URL(".", file), { recursive: true });
    writeFileSync(file, JSON.stringify(schema, null, 2));
    const biome = fileURLToPath(new URL("node_modules/.bin/biome", root));
    execFileSync(biome, ["format", "--write", fileURLToPath(file)], { cwd: fileURLToPath(root) });
  }
}
