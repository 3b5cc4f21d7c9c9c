/** `opsagent eval`: judges the agent, or another one, by faults whose truth is known. */

import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { positiveInteger } from "../number-options.ts";

export interface EvalFlags {
  readonly live?: boolean;
  readonly diagnoser: "rules" | "model";
  readonly model?: string;
  readonly repeat: number;
  readonly faults?: readonly string[];
  readonly classes?: readonly string[];
  readonly jobs?: number;
  readonly json?: string;
  readonly html?: string;
  readonly generated?: number;
  readonly seed: string;
  readonly variations?: number;
  readonly leaveOneOut?: boolean;
  readonly compare?: readonly string[];
  readonly localise?: string;
  readonly agent?: string;
  readonly pass?: readonly string[];
}

/** What the evaluation's module offers; only the program loads it, since it needs what is not part of the product. */
export type LoadEvaluation = () => Promise<{ evalCommand(flags: EvalFlags): Promise<number> }>;

/** Adds `eval` to the program. `exit` is told the exit code. */
export function addEvalCommand(program: Command, exit: (code: number) => void, load: LoadEvaluation): void {
  program
    .command("eval")
    .description(
      "judge diagnosis, action and recovery by faults whose truth is known, or compare two reports",
    )
    .addOption(
      new Option("--live", "run the faults live, each in a sandbox of its own").conflicts("recorded"),
    )
    .option("--recorded", "judge recorded evidence; the default")
    .addOption(
      new Option("--generated <n>", "judge n generated incidents of each set of families")
        .conflicts(["live", "recorded"])
        .argParser(positiveInteger),
    )
    .option("--seed <text>", "another seed draws other incidents", "1")
    .option(
      "--leave-one-out",
      "with --recorded: also without the knowledge of each case's class, and with a stand-in for a model",
    )
    .option(
      "--variations <n>",
      "with --recorded: judge each case again with n changes that should not matter",
      positiveInteger,
    )
    .addOption(new Option("--diagnoser <who>", "who diagnoses").choices(["rules", "model"]).default("rules"))
    .option("--model <slug>", "the model, as LLM_MODEL takes it; implies --diagnoser model")
    .option("--repeat <n>", "how often each case is run", positiveInteger, 1)
    .option("--faults <names>", "only these, separated by commas", list)
    .option("--classes <causes>", "only faults of these cause classes, separated by commas", list)
    .option("--jobs <n>", "how many at a time (default: 2 live, 6 recorded)", positiveInteger)
    .option("--json <file>", "write the report as JSON (- prints it)")
    .option("--html <file>", "write the report as one HTML page")
    .addOption(
      new Option("--compare <files...>", "is B.json better than A.json?").conflicts(["live", "recorded"]),
    )
    .addOption(
      new Option(
        "--localise <file>",
        "rank services by where a fault sits: services, edges, series and an alarm as JSON",
      ).conflicts(["live", "recorded", "generated", "compare"]),
    )
    .option("--agent <command>", "judge another agent: the command that starts it (see docs/evaluation.md)")
    .option("--pass <names>", "variables of the environment that this agent gets too", list)
    .addHelpText(
      "after",
      `
Exit codes: 0 all was run and nothing harmful or ungated was done; 1 otherwise; 2 usage.
With --compare: 1 when B is shown to be worse.`,
    )
    .action(async (flags: EvalFlags) => {
      const { evalCommand } = await load();
      exit(await evalCommand(flags));
    });
}

function list(text: string): readonly string[] {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (parts.length === 0) throw new InvalidArgumentError("It must be a list of names, separated by commas.");
  return parts;
}
