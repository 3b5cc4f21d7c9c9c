/** Commands about the policy file: is it right, and what does it allow? */
import type { Command } from "commander";
import { InvalidArgumentError, Option } from "commander";
import { CAUSES, type Cause } from "../../../domain/cause.ts";

/** Adds `policy check`, `explain`, `publish`, `withdraw` and `versions` to the program. `exit` is told the exit code. */
export function addPolicyCommands(program: Command, exit: (code: number) => void): void {
  const policy = program
    .command("policy")
    .description("check the policy file, explain what it allows, or publish it in the store");

  policy
    .command("check <file>")
    .description(
      "list every problem of a policy file with its line, or what it permits (- reads standard input)",
    )
    .option("--cluster <name>", "also compare the names in it with the services of this cluster in AWS")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExit codes: 0 valid, 1 invalid, 2 usage. Warnings do not change them.")
    .action(async (file: string, options: { cluster?: string; json?: boolean }) => {
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

  addPublishing(policy, exit);
}

/** The policy that is published in the store: for Lambda, which has no file to change. */
function addPublishing(policy: Command, exit: (code: number) => void): void {
  policy
    .command("publish <file>")
    .description("put a policy file into the store, where Lambda goes by it at once (- reads standard input)")
    .option("--why <text>", "the reason, for the audit trail")
    .option("--by <name>", "who publishes it (default: the user of this machine)")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExit codes: 0 published, 1 invalid and not published, 2 usage.")
    .action(async (file: string, options: PublishFlags) => {
      const { publishCommand } = await import("./policy-publish.ts");
      exit(await publishCommand(file, options));
    });

  policy
    .command("withdraw")
    .description("let the deployed policy count again instead of the published one")
    .option("--why <text>", "the reason, for the audit trail")
    .option("--by <name>", "who withdraws it (default: the user of this machine)")
    .option("--json", "print JSON")
    .action(async (options: PublishFlags) => {
      const { withdrawCommand } = await import("./policy-publish.ts");
      exit(await withdrawCommand(options));
    });

  policy
    .command("versions")
    .description("list the published policies, newest first")
    .option("--show <version>", "print the policy of one as JSON", count)
    .option("--json", "print JSON")
    .action(async (options: { json?: boolean; show?: number }) => {
      const { versionsCommand } = await import("./policy-publish.ts");
      exit(await versionsCommand(options));
    });
}

interface PublishFlags {
  why?: string;
  by?: string;
  json?: boolean;
}

function count(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be the number of a version.");
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
