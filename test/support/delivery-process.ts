/**
 * One of several processes that get the same events: `node delivery-process.ts EVENTS_FILE [EXECUTIONS_PATH]`, with the
 * agent's configuration in the environment. Waits for a line on stdin, so that all begin at once, handles every event
 * of the file (a JSON array) at the same time, and prints the ids that the door answered with as one line of JSON.
 */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { createJsonLog } from "../../src/adapters/json-log/json-log.ts";
import { usableConfig } from "../../src/interfaces/cli/terminal.ts";
import { compose } from "../../src/wiring/compose.ts";
import { readConfig } from "../../src/wiring/read-config.ts";

export interface Delivered {
  /** For each event its incident, or the one it belongs to. */
  readonly incidents: readonly string[];
  readonly statuses: readonly string[];
}

if (import.meta.main) {
  const [, , file = "", executionsPath] = process.argv;
  const events: unknown[] = JSON.parse(readFileSync(file, "utf8"));
  const logger = createJsonLog((line) => process.stderr.write(`${line}\n`));
  const options = executionsPath === undefined ? { logger } : { logger, executionsPath };
  const agent = compose(usableConfig(readConfig()), options);
  const input = createInterface({ input: process.stdin });
  process.stdout.write("ready\n");
  await new Promise((resolve) => input.once("line", resolve));
  input.close();
  const handled = (await Promise.all(events.map((event) => agent.handle(event)))).flat();
  await agent.stop();
  const told: Delivered = {
    incidents: handled.map(({ id, joinedTo }) => joinedTo ?? id),
    statuses: handled.map(({ status }) => status),
  };
  process.stdout.write(`${JSON.stringify(told)}\n`);
  process.exit(0);
}
