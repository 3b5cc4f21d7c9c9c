import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { compose } from "../compose.ts";
import { readConfig } from "../config.ts";
import { OpsAgentError } from "../domain/errors.ts";
import { EXIT, exitCodeOf } from "./exit-code.ts";
import { complain, printJson, stderrLog, usableConfig } from "./terminal.ts";

/**
 * Runs one event through the same code as the Lambda and prints the incident as JSON; several incidents of one
 * event are printed as an array. Returns the exit code. Ctrl-C finishes the running step and stops; the incident
 * then continues when the same event is handled again.
 */
export async function handleCommand(options: { event: string }): Promise<number> {
  const config = usableConfig(readConfig());
  const event = await readEventFile(options.event);
  const agent = compose(config, { logger: stderrLog() });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= agent.stop();
    return stopped;
  };
  const interrupt = () => {
    complain("Stopping after the running step. The incident continues when the same event is handled again.");
    stop().catch(() => {});
  };
  // Only the first signal: a second one ends the process at once.
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    const incidents = await agent.handle(event);
    printJson(incidents.length === 1 ? incidents[0] : incidents);
    return exitCodeOf(incidents);
  } catch (error) {
    if (stopped !== undefined) return EXIT.interrupted;
    throw error;
  } finally {
    await stop();
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

async function readEventFile(path: string): Promise<string> {
  try {
    return await (path === "-" ? text(process.stdin) : readFile(path, "utf8"));
  } catch (cause) {
    throw new OpsAgentError({
      code: "event-unreadable",
      message: `The event file "${path}" cannot be read: ${cause instanceof Error ? cause.message : "unknown error"}`,
      remedy: "Give the path of a JSON file, or - for standard input.",
      cause,
    });
  }
}
