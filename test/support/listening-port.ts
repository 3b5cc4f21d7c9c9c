import type { CliRun } from "./cli-process.ts";

/** The port that `opsagent serve --port 0` says it listens on. */
export async function listeningPort(cli: CliRun): Promise<number> {
  let said = "";
  for await (const chunk of cli.process.stderr ?? []) {
    said += String(chunk);
    const port = /"event":"server-listening".*?"port":(\d+)/.exec(said)?.[1];
    if (port !== undefined) {
      // Leaving the loop destroyed nothing that matters: what follows is collected elsewhere, if at all.
      cli.process.stderr?.resume();
      return Number(port);
    }
  }
  throw new Error(`It did not listen: ${said}`);
}
