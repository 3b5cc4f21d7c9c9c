/** Commands about the policy file: is it right, and what does it allow? */
import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { CAUSES, type Cause } from "../../../domain/cause.ts";

/** Adds `policy check` and `policy explain` to the program. `exit` is told the exit code. */
export function addPolicyCommands(program: Command, exit: (code: number) => void): void {
  const policy = program.command("policy").description("check the policy file, or explain what it allows");

  policy
    .command("check <file>")
    .description(
      "list every problem of a policy file with its line, or what it permits (- reads standard input)",
    )
    .option("--json", "print JSON")
    .addHelpText("after", "\nExit codes: 0 valid, 1 invalid, 2 usage. Warnings do not change them.")
    .action(async (file: string, options: { json?: boolean }) => {
      const { checkCommand } = await import("./policy-check.ts");
      exit(await checkCommand(file, options));
    });

  policy
    .command("explain")
    .description("say what would be allowed on a service now, and why")
    .requiredOption("--service <name>", "the ECS service")
    .option("--cluster <name>", "its cluster (default: ECS_CLUSTER)")
    .addOption(new Option("--cause <cause>", "only this cause, with reasons").choices(Object.keys(CAUSES)))
    .option("--at <time>", "another time than now, such as 2026-12-24T00:00:00Z", isoTime)
    .option("--policy <file>", "another file than OPSAGENT_POLICY")
    .option("--policy-only", "do not read the service from AWS (nor with --at)")
    .option("--json", "print JSON")
    .action(async (options: ExplainFlags) => {
      const { explainCommand } = await import("./policy-explain.ts");
      exit(await explainCommand(options));
    });
}

interface ExplainFlags {
  service: string;
  cluster?: string;
  cause?: Cause;
  at?: string;
  policy?: string;
  policyOnly?: boolean;
  json?: boolean;
}

/** With its offset, as in the policy file: a time without one would mean something else on another machine. */
function isoTime(text: string): string {
  const time = /^\d{4}-\d{2}-\d{2}T.+(Z|[+-]\d{2}:\d{2})$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new InvalidArgumentError("It must be a time such as 2026-12-24T00:00:00Z.");
  return new Date(time).toISOString();
}
