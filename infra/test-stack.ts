/** A stack from a policy's text, without files of its own: for tests. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, Validations } from "aws-cdk-lib";
import { Annotations, Match, Template } from "aws-cdk-lib/assertions";
import { AwsSolutionsChecks } from "cdk-nag";
import { HANDLERS } from "./code.ts";
import { readSettings } from "./settings.ts";
import { OpsAgentStack } from "./stack.ts";

export interface Synthesised {
  readonly template: Template;
  readonly warnings: readonly string[];
}

export interface SynthesisOptions {
  readonly policy: string;
  readonly context?: Readonly<Record<string, unknown>>;
  /** Incidents run in an image, made of the stack's own folder instead of the checkout. */
  readonly image?: boolean;
  /** The code of every function; another value simulates an update. */
  readonly code?: string;
  /** Also runs cdk-nag, which takes seconds; a finding throws. */
  readonly nag?: boolean;
}

const root = join(import.meta.dirname, "..");

/** Synthesises with `cluster: prod` and the given context. */
export function synthesise({
  policy,
  context = {},
  image = false,
  code = "export const handler = () => {};",
  nag = false,
}: SynthesisOptions): Synthesised {
  const folder = mkdtempSync(join(tmpdir(), "opsagent-synth-"));
  try {
    writeFileSync(join(folder, "policy.yaml"), policy);
    for (const file of HANDLERS) writeFileSync(join(folder, file), code);
    if (image) {
      writeFileSync(join(folder, "Dockerfile"), "FROM scratch AS lambda\n");
      writeFileSync(join(folder, ".dockerignore"), "out\n");
    }
    const app = new App({ outdir: join(folder, "out") });
    const given: Readonly<Record<string, unknown>> = {
      cluster: "prod",
      ...(image ? { package: "image" } : {}),
      ...context,
    };
    const settings = readSettings((key) => given[key], folder);
    const stack = new OpsAgentStack(app, "OpsAgent", { settings, root: image ? folder : root, dist: folder });
    if (nag) Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    const template = Template.fromStack(stack);
    const warnings = Annotations.fromStack(stack)
      .findWarning("*", Match.stringLikeRegexp(".*"))
      .map(({ entry }) => String(entry.data));
    return { template, warnings };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
