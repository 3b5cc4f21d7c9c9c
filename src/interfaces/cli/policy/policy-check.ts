import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { OpsAgentError } from "../../../domain/errors.ts";
import type { Mode, Policy } from "../../../domain/policy.ts";
import { type PolicyProblem, policyLines, readPolicy } from "../../../policy/policy-file.ts";
import { approvalsText, limitsText, permissionsText } from "../../../policy/policy-text.ts";
import { nameWarnings, type PolicyWarning, warningsOf } from "../../../policy/policy-warnings.ts";
import { readConfig } from "../../../wiring/read-config.ts";
import { EXIT } from "../exit-code.ts";
import { wrap } from "../plain-text.ts";
import { print, printJson, usableConfig } from "../terminal.ts";

/** Time limit of reading the cluster's services. */
const READ_MS = 30_000;

/** Checks a policy file (`-`: standard input). Returns 0 valid or 1 invalid; throws `config-invalid` if unreadable. */
export async function checkCommand(
  file: string,
  options: { cluster?: string; json?: boolean },
): Promise<number> {
  const content = await contentOf(file);
  const name = file === "-" ? "standard input" : file;
  const result = readPolicy(content);
  if (!result.ok) {
    if (options.json) printJson({ valid: false, file: name, problems: result.problems });
    else print(result.problems.map((problem) => describeProblem(name, problem)).join("\n"));
    return EXIT.failed;
  }
  const named =
    options.cluster === undefined
      ? []
      : nameWarnings(result.policy, await servicesOf(options.cluster), options.cluster);
  const checked = describe(result.policy, content, named);
  if (options.json) printJson({ valid: true, file: name, ...checked });
  else printValid(name, checked);
  return EXIT.done;
}

interface Checked {
  readonly permits: readonly string[];
  readonly limits: readonly string[];
  readonly approvals: string;
  readonly warnings: readonly PolicyProblem[];
}

/** The services of a cluster in AWS. Throws `aws-...` and `config-invalid`. */
async function servicesOf(cluster: string) {
  const config = usableConfig(readConfig({ overrides: { OPSAGENT_POLICY: undefined } }));
  const { composeDoctor } = await import("../../../wiring/compose-doctor.ts");
  return composeDoctor(config).inventory.services(cluster, { signal: AbortSignal.timeout(READ_MS) });
}

function describe(policy: Policy, content: string, named: readonly PolicyWarning[]): Checked {
  const ceiling = modeCeiling();
  const lineOf = policyLines(content);
  const now = new Date().toISOString();
  const warnings = [...warningsOf(policy, { ceiling, now }), ...named];
  return {
    permits: permissionsText(policy, ceiling, now),
    limits: limitsText(policy),
    approvals: approvalsText(policy),
    warnings: warnings.map(({ path, message }) => {
      const line = path.length === 0 ? undefined : lineOf(path);
      return { ...(line === undefined ? {} : { line }), path: path.map(String).join("."), message };
    }),
  };
}

/** OPSAGENT_MODE; a policy can be checked where the rest of the environment is not set up. */
function modeCeiling(): Mode | undefined {
  const result = readConfig({ overrides: { OPSAGENT_POLICY: undefined } });
  return result.ok ? result.config.mode : undefined;
}

function printValid(name: string, { permits, limits, approvals, warnings }: Checked): void {
  print(`${name} is valid. What it permits:\n`);
  for (const line of permits) print(wrap(line, "  "));
  print("");
  for (const line of [...limits, approvals]) print(wrap(line, "  "));
  print(warnings.length === 0 ? "\nNo warnings." : `\nWarnings (${warnings.length}):`);
  for (const warning of warnings) print(describeProblem(name, warning));
}

/** One problem in a line: file, line, key, what is wrong, and what was probably meant. */
export function describeProblem(name: string, { line, path, message, hint }: PolicyProblem): string {
  const place = path === "" && line === undefined ? "" : `${name}${line === undefined ? "" : `:${line}`}: `;
  return `${place}${path === "" ? "" : `${path}: `}${message}${hint === undefined ? "" : ` (${hint})`}`;
}

/** The text of a file, or of standard input (`-`). Throws `config-invalid` when it cannot be read. */
export async function contentOf(file: string): Promise<string> {
  try {
    return await (file === "-" ? text(process.stdin) : readFile(file, "utf8"));
  } catch (cause) {
    throw new OpsAgentError({
      code: "config-invalid",
      message: `The policy file "${file}" cannot be read: ${cause instanceof Error ? cause.message : "unknown error"}`,
      remedy: "Give the path of a YAML file, or - for standard input.",
      cause,
    });
  }
}
