/** The commands as a list: what completion, the reference and the tests go by. */
import type { Command } from "commander";

export interface ListedCommand {
  /** Without the program's name, such as `policy check`. */
  readonly path: string;
  readonly command: Command;
  readonly options: readonly ListedOption[];
}

export interface ListedOption {
  /** `--json`, or `-V`. */
  readonly flag: string;
  /** As help shows it: `--out <file>`. */
  readonly usage: string;
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
}

/** Every command that does something, in the order of the help; `help` itself is left out. */
export function commandsOf(command: Command, prefix = ""): ListedCommand[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== "help")
    .flatMap((one) => {
      const path = prefix === "" ? one.name() : `${prefix} ${one.name()}`;
      const inner = commandsOf(one, path);
      return inner.length > 0 ? inner : [{ path, command: one, options: optionsOf(one) }];
    });
}

export function optionsOf(command: Command): ListedOption[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map(({ long, short, flags, description, required, optional, argChoices }) => ({
      flag: long ?? short ?? "",
      usage: flags,
      description,
      takesValue: required || optional,
      choices: argChoices ?? [],
    }));
}
