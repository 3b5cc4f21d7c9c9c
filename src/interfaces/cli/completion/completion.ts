/** `opsagent completion SHELL`. */
import { Argument, type Command } from "commander";
import { EXIT } from "../exit-code.ts";
import { print, printJson } from "../terminal.ts";
import { completionScript, SHELLS, type Shell } from "./completion-scripts.ts";

/** Adds `completion`. */
export function addCompletionCommand(program: Command, exit: (code: number) => void): void {
  program
    .command("completion")
    .description("print a script that completes commands and options at a press of Tab")
    .addArgument(new Argument("<shell>", "the shell").choices(SHELLS))
    .option("--json", "print the script as JSON")
    .action((shell: Shell, options: { json?: boolean }) => {
      const script = completionScript(program, shell);
      if (options.json) printJson({ shell, script });
      else print(script.trimEnd());
      exit(EXIT.done);
    });
}
