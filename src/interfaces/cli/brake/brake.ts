/** The brake on the command line: `pause`, `resume` and `pauses`. */
import { type Command, InvalidArgumentError } from "commander";
import { MAX_PAUSE_WHY } from "../../../domain/brake.ts";
import type { PauseFlags, ResumeFlags } from "./brake-commands.ts";

/** Adds the commands. Exit codes: 0 as asked, 1 refused or nothing to resume, 2 usage. */
export function addBrakeCommands(program: Command, exit: (code: number) => void): void {
  program
    .command("pause")
    .description(
      "stop every change at once, in every process that uses the store; incidents are still investigated",
    )
    .option("--service <name>", "pause this ECS service only")
    .option("--cluster <name>", "with --service: of this cluster only")
    .option("--for <time>", "so long, such as 30m, 2h or 3d; without it until somebody resumes", duration)
    .option("--why <text>", "a reason, which is shown wherever the pause is", reason)
    .option("--by <name>", "who pauses; the user of this machine unless given")
    .option("--json", "print JSON")
    .action(async (flags: PauseFlags) => {
      const { pauseCommand } = await import("./brake-commands.ts");
      exit(await pauseCommand(flags));
    });

  program
    .command("resume")
    .description("end a pause (to go on with incidents of a stopped process: continue)")
    .option(
      "--service <name>",
      "end the pause of this ECS service, in every cluster; without it that of everything",
    )
    .option("--cluster <name>", "with --service: the pause of this cluster only")
    .option("--by <name>", "who resumes; the user of this machine unless given")
    .option("--yes", "do not ask again; needed without a terminal")
    .option("--json", "print JSON")
    .action(async (flags: ResumeFlags) => {
      const { resumeCommand } = await import("./brake-commands.ts");
      exit(await resumeCommand(flags));
    });

  program
    .command("pauses")
    .description("list what is paused now, by whom, since when and why")
    .option("--json", "print JSON")
    .action(async (flags: { json?: boolean }) => {
      const { pausesCommand } = await import("./brake-commands.ts");
      exit(await pausesCommand(flags));
    });
}

const UNITS = { m: 60_000, h: 3_600_000, d: 24 * 3_600_000 } as const;
/** A year: what is longer is meant to last until somebody resumes. */
const LONGEST_MS = 366 * UNITS.d;

/** Milliseconds of a time such as `90m`, `2h` or `3d`. */
function duration(text: string): number {
  const [, amount = "", unit = ""] = /^(\d+(?:\.\d+)?)([mhd])$/.exec(text.trim()) ?? [];
  const milliseconds = Number(amount) * (UNITS[unit as keyof typeof UNITS] ?? 0);
  if (!(milliseconds >= UNITS.m && milliseconds <= LONGEST_MS))
    throw new InvalidArgumentError(
      "It must be a number with m, h or d, such as 30m, 2h or 3d, from 1m to 366d.",
    );
  return milliseconds;
}

function reason(text: string): string {
  if (text.trim() === "" || text.length > MAX_PAUSE_WHY)
    throw new InvalidArgumentError(`It must be a text of at most ${MAX_PAUSE_WHY} characters.`);
  return text;
}
