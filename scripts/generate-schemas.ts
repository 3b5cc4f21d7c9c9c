import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { EvalReport } from "../evals/report/eval-report.ts";
import { LocalisationInput } from "../packages/localisation/index.ts";
import { CaseFile } from "../src/domain/incident/case-file.ts";
import { Incident } from "../src/domain/incident/incident.ts";
import { WebhookEvent } from "../src/domain/incident/webhook-event.ts";
import { Policy } from "../src/domain/policy.ts";
import { policyReference, withReference } from "./policy-reference.ts";

/**
 * `node scripts/generate-schemas.ts` writes the published JSON Schemas from the zod schemas of the domain, and the
 * table of keys in docs/policy.md from the policy's.
 */

const root = new URL("../", import.meta.url);

/** Returns every published schema by its path below the project's root. */
export function publishedSchemas(): ReadonlyMap<string, unknown> {
  return new Map([
    [
      "docs/schemas/case.v1.json",
      published(CaseFile, {
        $id: "urn:opsagent:schema:case:v1",
        title: "OpsAgent case file, version 1",
        description:
          "An incident under pseudonyms, as `opsagent export` writes it and `opsagent replay` reads it. A breaking change raises schemaVersion; fields may be added without one.",
      }),
    ],
    [
      "docs/schemas/incident.v1.json",
      published(Incident, {
        title: "OpsAgent incident, version 1",
        description:
          "The record of one incident, as `opsagent handle` prints it. A breaking change raises schemaVersion; fields may be added without one.",
      }),
    ],
    [
      "docs/schemas/webhook.v1.json",
      published(WebhookEvent, {
        $id: "urn:opsagent:schema:webhook:v1",
        title: "OpsAgent webhook event, version 1",
        description:
          "What OPSAGENT_WEBHOOK_URL is sent. A breaking change raises schemaVersion; fields and moments may be added without one.",
      }),
    ],
    [
      "docs/schemas/eval.v1.json",
      published(EvalReport, {
        $id: "urn:opsagent:schema:eval:v1",
        title: "OpsAgent evaluation, version 1",
        description:
          "What `opsagent eval --json` writes and `--compare` reads. A breaking change raises schemaVersion; fields may be added without one.",
      }),
    ],
    [
      "docs/schemas/localisation.v1.json",
      published(LocalisationInput, {
        $id: "urn:opsagent:schema:localisation:v1",
        title: "OpsAgent localisation input, version 1",
        description:
          "What `opsagent eval --localise` reads: services, edges, series and an alarm. Unknown keys are errors.",
      }),
    ],
    [
      "docs/schemas/policy.v1.json",
      published(Policy, {
        $id: "urn:opsagent:schema:policy:v1",
        title: "OpsAgent policy, version 1",
        description:
          "The file that OPSAGENT_POLICY names: what OpsAgent may do, to what, and how it measures. Unknown keys are errors.",
      }),
    ],
  ]);
}

/** Returns docs/policy.md with the generated part replaced. */
export function policyDocument(current: string): string {
  return withReference(current, policyReference(publishedSchemas().get("docs/schemas/policy.v1.json")));
}

function published(schema: z.ZodType, heading: Readonly<Record<string, string>>): unknown {
  const { $schema, ...rest } = z.toJSONSchema(schema, {
    // The schema of the input: keys with defaults are optional, and open objects stay open, so that a later field
    // does not break those who validate with version 1.
    io: "input",
    override({ jsonSchema }) {
      if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });
  return { $schema, ...heading, ...rest };
}

if (import.meta.main) {
  for (const [path, schema] of publishedSchemas()) {
    const file = new URL(path, root);
    mkdirSync(new URL(".", file), { recursive: true });
    writeFileSync(file, JSON.stringify(schema, null, 2));
    const biome = fileURLToPath(new URL("node_modules/.bin/biome", root));
    execFileSync(biome, ["format", "--write", fileURLToPath(file)], { cwd: fileURLToPath(root) });
  }
  const document = new URL("docs/policy.md", root);
  writeFileSync(document, policyDocument(readFileSync(document, "utf8")));
}
