/** Arguments -> a command -> an exit code. */

import { Command, CommanderError } from "commander";
import { asOpsAgentError } from "../../domain/errors.ts";
import { VERSION } from "../../version.ts";
import { addApprovalCommands } from "./approvals/approvals.ts";
import { addAuditCommands } from "./audit/audit.ts";
import { addBrakeCommands } from "./brake/brake.ts";
import { commandsOf } from "./command-tree.ts";
import { addCompletionCommand } from "./completion/completion.ts";
import { addDoctorCommand } from "./doctor/doctor.ts";
import { addEvalCommand } from "./eval/eval.ts";
import { addExamples } from "./examples.ts";
import { EXIT } from "./exit-code.ts";
import { addExportCommand } from "./export/export.ts";
import { addInitCommand } from "./init/init.ts";
import { addMcpCommand } from "./mcp/mcp.ts";
import { positiveInteger } from "./number-options.ts";
import { addPolicyCommands } from "./policy/policy.ts";
import { addReplayCommand } from "./replay/replay.ts";
import { addScorecardCommands } from "./scorecard/scorecard.ts";
import { addServeCommand } from "./serve/serve.ts";
import { complain, FIRST_STEPS } from "./terminal.ts";

/** Runs one command line (without the program's name) and returns its exit code. Never throws. */
export async function runCli(argv: readonly string[]): Promise<number> {
  let exitCode: number = EXIT.done;
  const program = createProgram((code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...argv], { from: "user" });
    return exitCode;
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.usage;
    const error = asOpsAgentError(thrown);
    complain(`opsagent: ${error.message}\n${error.remedy}`);
    return error.code === "config-invalid" || error.code === "event-unreadable" ? EXIT.usage : EXIT.failed;
  }
}

/** Every command; `exit` is told the exit code of the one that ran. */
export function createProgram(exit: (code: number) => void): Command {
  const program = new Command("opsagent")
    .description(
      "Incident responder for Amazon ECS: finds the root cause, fixes what is safe to fix, proves the fix.",
    )
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError("Run `opsagent --help` for the commands.")
    .addHelpText(
      "after",
      `
${FIRST_STEPS}

Exit codes: 0 done, 1 failed, 2 usage, 3 escalated to a person.

Examples:
  opsagent drill                      a real incident on this machine, no account and no key
  opsagent drill --list               the faults that can be drilled
  opsagent handle --event alarm.json  one SNS event through the same code as the Lambda
  opsagent approvals                  what waits for a person
  opsagent pause                      stop every change at once, in every process
  opsagent rca INCIDENT --out rca.html`,
    );

  program
    .command("drill [fault]")
    .description(
      "run a live incident on this machine: sandbox, fault, alarm, diagnosis, action, proof, report",
    )
    .option("--list", "list the faults")
    .option("--no-agent", "break the service, but let nobody mend it")
    .option("--headless", "plain lines only, also on a terminal")
    .option("--ask", "wait for your answer to questions instead of playing the person on call")
    .option("--keep-open", "keep the dashboard and all else running after the end, until Ctrl-C")
    .option("--json", "print the result as JSON")
    .action(async (fault: string | undefined, options: DrillFlags) => {
      const { drillCommand } = await import("../../../drill/command.ts");
      exit(await drillCommand(fault, options));
    });

  addInitCommand(program, exit);
  addDoctorCommand(program, exit);

  program
    .command("handle")
    .description(
      "handle one event (SNS envelope with a CloudWatch alarm or the simple form) and print the incident",
    )
    .requiredOption("--event <file>", "a JSON file, or - for standard input")
    .option("--no-wait", "do not wait until borrowed capacity is given back")
    .option("--quiet", "say nothing of what is being done, but for questions and problems")
    .option("--json", "JSON is what this command prints anyway")
    .action(async (options: { event: string; wait: boolean; quiet?: boolean }) => {
      const { handleCommand } = await import("./handle/handle.ts");
      exit(await handleCommand(options));
    });

  program
    .command("continue")
    .description("go on with incidents that a stopped process left unfinished, and wait for their end")
    .option("--quiet", "say nothing of what is being done, but for questions and problems")
    .option("--json", "print JSON")
    .action(async (options: { json?: boolean; quiet?: boolean }) => {
      const { continueCommand } = await import("./handle/handle.ts");
      exit(await continueCommand(options));
    });

  addServeCommand(program, exit);
  addApprovalCommands(program, exit);
  addBrakeCommands(program, exit);

  program
    .command("incidents")
    .description("list the incidents in the store, newest first")
    .option("--limit <n>", "how many", positiveInteger, 20)
    .option("--json", "print JSON")
    .action(async (options: { json?: boolean; limit: number }) => {
      const { incidentsCommand } = await import("./incidents/incidents.ts");
      exit(await incidentsCommand(options));
    });

  program
    .command("show <id>")
    .description("show one incident as people were told of it")
    .option("--json", "print the whole record as JSON")
    .action(async (id: string, options: { json?: boolean }) => {
      const { showCommand } = await import("./incidents/incidents.ts");
      exit(await showCommand(id, options));
    });

  program
    .command("rca <id>")
    .description("write one incident's root cause analysis")
    .option("--out <file>", "a file; .html gives a self-contained page, anything else Markdown")
    .option("--force", "overwrite the file if it is there")
    .option("--json", "print JSON")
    .action(async (id: string, options: { out?: string; force?: boolean; json?: boolean }) => {
      const { rcaCommand } = await import("./incidents/incidents.ts");
      exit(await rcaCommand(id, options));
    });

  addPolicyCommands(program, exit);
  addScorecardCommands(program, exit);
  addAuditCommands(program, exit);
  addExportCommand(program, exit);
  addReplayCommand(program, exit);
  addMcpCommand(program, exit);
  addEvalCommand(program, exit, () => import("../../../evals/command.ts"));
  addCompletionCommand(program, exit);
  addExamples(program);
  for (const { path, command } of commandsOf(program)) {
    command.showHelpAfterError(`Run \`opsagent ${path} --help\` for what it takes.`);
  }

  return program;
}

interface DrillFlags {
  list?: boolean;
  agent: boolean;
  headless?: boolean;
  keepOpen?: boolean;
  json?: boolean;
}
