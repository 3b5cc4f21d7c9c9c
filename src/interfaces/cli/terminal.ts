/** What commands print: results on stdout, everything else on stderr. */
import { stripVTControlCharacters } from "node:util";
import { createJsonLog } from "../../adapters/json-log/json-log.ts";
import { OpsAgentError } from "../../domain/errors.ts";
import type { Logger } from "../../domain/ports.ts";
import type { Config, ConfigResult } from "../../wiring/config.ts";

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

export function print(text: string): void {
  process.stdout.write(`${printable(text)}\n`);
}

export function complain(text: string): void {
  process.stderr.write(`${printable(text)}\n`);
}

/** Text of strangers stands in what is printed: nothing of it steers the terminal or turns the reading direction. */
function printable(text: string): string {
  return stripVTControlCharacters(text).replace(/(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu, "\u{fffd}");
}

/** Where to begin; told by the bare command, and wherever the configuration is not usable. */
export const FIRST_STEPS = `New here?
  opsagent drill     a real incident on this machine: no account, no key, no settings
  opsagent init      look at your account (reads only) and write a policy file
  opsagent doctor    check every setting and permission, each with its remedy`;

/** The logger of the command line: JSON lines on stderr. */
export function stderrLog(): Logger {
  return createJsonLog((line) => complain(line));
}

/** The configuration, or an error that lists every problem at once. */
export function usableConfig(result: ConfigResult): Config {
  if (result.ok) return result.config;
  throw new OpsAgentError({
    code: "config-invalid",
    message: `The configuration has ${result.problems.length === 1 ? "a problem" : `${result.problems.length} problems`}:\n${result.problems.map((problem) => `  - ${problem}`).join("\n")}`,
    remedy: `Correct the environment variables or the policy file; .env.example lists them all.\n${FIRST_STEPS}`,
  });
}
