/** Commands about how right OpsAgent is: the scorecard, and a person's word on one incident. */

import { Argument, type Command } from "commander";
import { positiveDays } from "../number-options.ts";

/** Adds `scorecard` and `judge` to the program. `exit` is told the exit code. */
export function addScorecardCommands(program: Command, exit: (code: number) => void): void {
  program
    .command("scorecard")
    .description("how often actions were right, or would have been in mode observe")
    .option("--service <name>", "only this service, with each case and its reason")
    .option("--days <n>", "incidents of so many days", positiveDays, 30)
    .option("--json", "print JSON, with every case and its reason")
    .action(async (options: { service?: string; days: number; json?: boolean }) => {
      const { scorecardCommand } = await import("./scorecard-report.ts");
      exit(await scorecardCommand(options));
    });

  program
    .command("judge")
    .description("say whether OpsAgent did, or would have done, the right thing in an incident")
    .argument("<incident>", "its id; `opsagent incidents` lists them")
    .addArgument(
      new Argument("<verdict>", "your word; the newest counts").choices(["right", "wrong", "unclear"]),
    )
    .option("--note <text>", "why", "")
    .option("--by <name>", "who says so (default: your user name)")
    .option("--json", "print JSON")
    .action(async (incident: string, verdict: "right" | "wrong" | "unclear", options: JudgeFlags) => {
      const { judgeCommand } = await import("./judge.ts");
      exit(await judgeCommand(incident, verdict, options));
    });
}

interface JudgeFlags {
  note: string;
  by?: string;
  json?: boolean;
}
