/** The person at the terminal: who it is, and what they say. */
import { userInfo } from "node:os";
import { OpsAgentError } from "../../domain/errors.ts";

/** Asks a yes/no question; anything but a yes is a no. */
export type Confirm = (question: string) => Promise<boolean>;

/** Returns how to ask; undefined where nobody can be asked. */
export function confirmHere(): Confirm | undefined {
  return process.stdin.isTTY ? confirmOnTerminal : undefined;
}

async function confirmOnTerminal(question: string): Promise<boolean> {
  const { createInterface } = await import("node:readline/promises");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-D and Ctrl-C close the terminal without an answer, which means no.
  const closed = new Promise<string>((resolve) => terminal.once("close", () => resolve("")));
  try {
    return /^y(es)?$/i.test((await Promise.race([terminal.question(question), closed])).trim());
  } finally {
    terminal.close();
  }
}

/** Returns the user of this machine. Throws `config-invalid` where it has no name. */
export function osUserName(): string {
  try {
    return userInfo().username;
  } catch (cause) {
    throw new OpsAgentError({
      code: "config-invalid",
      message: "This machine has no name for its user.",
      remedy: "Say who it is with --by NAME.",
      cause,
    });
  }
}
