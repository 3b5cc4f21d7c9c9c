/** Runs commands in this process, with what they print. */
import { Command, CommanderError } from "commander";
import { vi } from "vitest";
import { asOpsAgentError } from "../../src/domain/errors.ts";

export interface CommandResult {
  /** Undefined where the command refused before it ran. */
  readonly exit: number | undefined;
  readonly stdout: string;
  /** What commander or the command threw. */
  readonly error: string;
}

/** Runs one command line of those that `add` gives. Environment variables hold for this run only. */
export async function runCommand(
  add: (program: Command, exit: (code: number) => void) => void,
  argv: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<CommandResult> {
  let exit: number | undefined;
  let stdout = "";
  let error = "";
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const out = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  const program = new Command("opsagent").exitOverride().configureOutput({ writeErr: () => {} });
  add(program, (code) => {
    exit = code;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (thrown) {
    const fault = thrown instanceof CommanderError ? thrown : asOpsAgentError(thrown);
    error = `${fault.code}: ${fault.message}`;
  } finally {
    out.mockRestore();
    vi.unstubAllEnvs();
  }
  return { exit, stdout, error };
}
