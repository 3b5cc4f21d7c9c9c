/** Everything checked before it is needed. */
import type { Command } from "commander";
import type { DoctorFlags } from "./doctor-flags.ts";

/** Adds `doctor`. `exit` is told the exit code. */
export function addDoctorCommand(program: Command, exit: (code: number) => void): void {
  program
    .command("doctor")
    .description(
      "check every setting, permission, alarm and key before it is needed; each failure has its remedy",
    )
    .option("--service <name>", "look at this service only")
    .option("--only <ids>", "these checks only, by their ids, separated by commas")
    .option("--agent <text>", "what the address that alarms must reach contains, such as the function's name")
    .option(
      "--newest <url>",
      "also ask this address for the newest version: JSON with `version` or `tag_name`",
    )
    .option("--post", "also post a line of test to Slack")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
It only reads, but for three things: a tiny question to each model of LLM_MODEL (its cost is shown), one small
record a day in the store, and with --post a line in Slack. docs/doctor.md has every check.

Exit codes: 0 all is well or only warnings, 1 something failed, 2 usage.`,
    )
    .action(async (options: DoctorFlags) => {
      const { doctorCommand } = await import("./doctor-command.ts");
      exit(await doctorCommand(options));
    });
}
