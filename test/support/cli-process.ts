import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { childEnvironment } from "./child-environment.ts";

const entry = join(import.meta.dirname, "../../src/interfaces/cli/main.ts");

export interface CliResult {
  /** The exit code, or the signal that ended the process. */
  readonly exit: number | NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliRun {
  readonly process: ChildProcess;
  readonly result: Promise<CliResult>;
}

export interface CliOptions {
  readonly cwd: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** Leaves standard input open, for whoever writes to it later. */
  readonly keepOpen?: boolean;
}

/** Starts `opsagent ARGUMENTS` with nothing of this process's environment but PATH. */
export function startCli(argv: readonly string[], options: CliOptions): CliRun {
  const child = spawn(process.execPath, [entry, ...argv], {
    cwd: options.cwd,
    env: {
      ...childEnvironment(),
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      OPSAGENT_DIAGNOSER: "rules",
      ...options.variables,
    },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  if (!options.keepOpen) child.stdin.end(options.stdin);
  const result = once(child, "close").then(([code, signal]) => ({ exit: code ?? signal, stdout, stderr }));
  return { process: child, result };
}

/** Runs `opsagent ARGUMENTS` to its end. */
export function runCliProcess(argv: readonly string[], options: CliOptions): Promise<CliResult> {
  return startCli(argv, options).result;
}
