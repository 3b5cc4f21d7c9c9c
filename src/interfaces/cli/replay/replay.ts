/** The command that judges stored incidents and case files again. */

import { type Command, Option } from "commander";
import { positiveDays } from "../number-options.ts";
import type { ReplayFlags } from "./replay-flags.ts";

/** Adds `replay` to the program. `exit` is told the exit code. */
export function addReplayCommand(program: Command, exit: (code: number) => void): void {
  program
    .command("replay")
    .description("judge stored evidence again with another model or policy; nothing is acted on or stored")
    .argument("[incident]", "the id of a stored incident, or a case file as `opsagent export` writes it")
    .addOption(
      new Option(
        "--diagnoser <who>",
        "who diagnoses (default: rules again, a model's word as it was)",
      ).choices(["rules", "model"]),
    )
    .option("--model <slug>", "diagnose with this model instead of LLM_MODEL")
    .option("--policy <file>", "decide by this policy file (default: OPSAGENT_POLICY; the case file's own)")
    .option("--all", "every stored incident: how many decisions would change")
    .option("--days <n>", "with --all, the incidents of so many days (default: 30)", positiveDays)
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExit codes: 0 the same decision, 3 another one, 1 failed (a model did not answer), 2 usage.",
    )
    .action(async (incident: string | undefined, options: ReplayFlags) => {
      const { replayCommand } = await import("./replay-case.ts");
      exit(await replayCommand(incident, options));
    });
}
