/** The command line: `opsagent COMMAND`. Exit codes: 0 done, 1 failed, 2 usage, 3 escalated. */
import { runCli } from "../cli/program.ts";

process.exitCode = await runCli(process.argv.slice(2));
