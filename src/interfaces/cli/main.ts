/** The command line: `opsagent COMMAND`. Exit codes: 0 done, 1 failed, 2 usage, 3 escalated. */
import { runCli } from "./program.ts";

for (const stream of [process.stdout, process.stderr]) {
  // Whoever reads our output may leave early (`| head -1`); an incident goes on to its end nevertheless.
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

process.exitCode = await runCli(process.argv.slice(2));
