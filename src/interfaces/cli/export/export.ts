/** The command that turns a stored incident into a file that can be shared. */
import { type Command, Option } from "commander";
import { CAUSES } from "../../../domain/cause.ts";
import type { ExportFlags } from "./export-flags.ts";

/** Adds `export` to the program. `exit` is told the exit code. */
export function addExportCommand(program: Command, exit: (code: number) => void): void {
  program
    .command("export")
    .description("write an incident as a case file under pseudonyms, to share, replay or evaluate it")
    .argument("<incident>", "its id; `opsagent incidents` lists them")
    .option("--out <file>", "a file; without it the case file is printed")
    .option("--force", "overwrite the file if it is there")
    .addOption(
      new Option("--truth <cause>", "what it really was, for the evaluation").choices(Object.keys(CAUSES)),
    )
    .option("--keep-logs", "keep the last log lines, in which only known names and secrets are replaced")
    .option("--json", "print JSON, which a case file is anyway")
    .action(async (incident: string, options: ExportFlags) => {
      const { exportCommand } = await import("./export-case.ts");
      exit(await exportCommand(incident, options));
    });
}
