/** Runs commands in this process, with what they print. */
import { Command, CommanderError } from "commander";
import { vi } from "vitest";
import { asOpsAgentError } from "../../src/domain/errors.ts";
import { runCli } from "../../src/interfaces/cli/program.ts";

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

/** Runs a whole command line in this process, as `opsagent` does. Environment variables hold for this run only. */
export async function runCliHere(
  argv: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<{ readonly exit: number; readonly stdout: string; readonly stderr: string }> {
  const said = { stdout: "", stderr: "" };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((text) => {
      said[stream] += String(text);
      return true;
    }),
  );
  try {
    const exit = await runCli(argv);
    return { exit, ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
    vi.unstubAllEnvs();
  }
}
