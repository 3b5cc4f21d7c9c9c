import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const CLI = join(import.meta.dirname, "../../src/entrypoints/cli.ts");

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line in a process of its own, with nothing in its environment but what is given. */
export async function runCliProcess(
  args: readonly string[],
  options: { readonly env: Readonly<Record<string, string | undefined>>; readonly stdin?: string },
): Promise<CliResult> {
  const given = Object.entries(options.env).filter(([, value]) => value !== undefined);
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], ...Object.fromEntries(given) },
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => {});
  child.stdin.end(options.stdin ?? "");
  const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, stdout, stderr };
}
