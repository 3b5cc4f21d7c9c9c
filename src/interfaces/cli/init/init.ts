/** A policy file from what there is. */
import type { Command } from "commander";
import type { InitFlags } from "./init-flags.ts";

/** Adds `init`. `exit` is told the exit code. */
export function addInitCommand(program: Command, exit: (code: number) => void): void {
  program
    .command("init")
    .description(
      "look at a cluster (reads only) and write a policy file in which every service is on observe",
    )
    .option("--cluster <name>", "the ECS cluster (default: ECS_CLUSTER, or the only one there is)")
    .option("--out <file>", "where to write the policy; - prints it", "policy.yaml")
    .option("--force", "overwrite the file if it is there")
    .option("--topic <arn>", "the SNS topic that leads to the agent, for the alarms that are missing")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
It asks nothing and changes nothing in AWS. The alarms that are missing are printed as commands; look at them, then
paste those that you want. Exit codes: 0 done, 1 failed, 2 usage.`,
    )
    .action(async (options: InitFlags) => {
      const { initCommand } = await import("./init-command.ts");
      exit(await initCommand(options));
    });
}
