import { readFileSync } from "node:fs";
import { compose } from "../compose.ts";
import { readConfig } from "../config.ts";
import { OpsAgentError } from "../domain/errors.ts";
import { exitCodeOf } from "./exit-code.ts";
import { printJson, stderrLog, usableConfig } from "./terminal.ts";

/**
 * Runs one event through the same code as the Lambda and prints the incident as JSON; several incidents of one
 * event are printed as an array. Returns the exit code.
 */
export async function handleCommand(options: { event: string }): Promise<number> {
  const event = readEventFile(options.event);
  const agent = compose(usableConfig(readConfig()), { logger: stderrLog() });
  try {
    const incidents = await agent.handle(event);
    printJson(incidents.length === 1 ? incidents[0] : incidents);
    return exitCodeOf(incidents);
  } finally {
    await agent.stop();
  }
}

function readEventFile(path: string): string {
  try {
    return readFileSync(path === "-" ? 0 : path, "utf8");
  } catch (cause) {
    throw new OpsAgentError({
      code: "event-unreadable",
      message: `The event file "${path}" cannot be read: ${cause instanceof Error ? cause.message : "unknown error"}`,
      remedy: "Give the path of a JSON file, or - for standard input.",
      cause,
    });
  }
}
