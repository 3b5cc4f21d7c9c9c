/**
 * The process under an alarm storm, as `opsagent serve` is one: `node storm-process.ts SERVICES ALARMS SECONDS FIRED_AT`, with the agent's configuration in
 * the environment. Every alarm goes through the product's own door when its time has come, whether or not the earlier
 * ones are accepted yet. Prints what it measured as one line of JSON.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { createJsonLog } from "../../src/adapters/json-log/json-log.ts";
import { boundMemory } from "../../src/interfaces/cli/serve/bounded-memory.ts";
import { usableConfig } from "../../src/interfaces/cli/terminal.ts";
import { compose } from "../../src/wiring/compose.ts";
import { readConfig } from "../../src/wiring/read-config.ts";
import { stormEvent } from "./leaking-fleet.ts";

export interface StormReport {
  readonly accepted: number;
  readonly refused: readonly string[];
  /** Milliseconds from the first alarm. */
  readonly allAcceptedMs: number;
  readonly allEndedMs: number;
  readonly slowestAcceptMs: number;
  readonly peakMiB: number;
  /** Kinds of error and warning lines that the agent logged, with how many. */
  readonly complaints: Readonly<Record<string, number>>;
}

const LOOK_MS = 250;

async function main(services: number, alarms: number, seconds: number, firedAt: number): Promise<void> {
  boundMemory();
  const complaints: Record<string, number> = {};
  const logger = createJsonLog((line) => {
    const { level, event } = JSON.parse(line) as { level: string; event: string };
    if (level !== "info") complaints[event] = (complaints[event] ?? 0) + 1;
  });
  const agent = compose(usableConfig(readConfig()), { logger });
  const began = performance.now();
  const since = () => Math.round(performance.now() - began);
  const refused: string[] = [];
  let accepted = 0;
  let slowest = 0;
  const send = async (index: number) => {
    const event = stormEvent(index, services, firedAt);
    const sentAt = since();
    try {
      await agent.accept(event);
      accepted += 1;
    } catch (error) {
      refused.push(error instanceof Error ? error.message : String(error));
    }
    slowest = Math.max(slowest, since() - sentAt);
  };

  const sent: Promise<void>[] = [];
  for (let index = 0; index < alarms; index++) {
    const early = (index * seconds * 1_000) / alarms - since();
    if (early > 0) await sleep(early);
    sent.push(send(index));
  }
  await Promise.all(sent);
  const allAcceptedMs = since();
  while ((await agent.unfinished()).length > 0) await sleep(LOOK_MS);
  const allEndedMs = since();
  await agent.stop();
  const peakMiB = process.resourceUsage().maxRSS / 1_024;
  const told: StormReport = {
    accepted,
    refused: [...new Set(refused)],
    allAcceptedMs,
    allEndedMs,
    slowestAcceptMs: slowest,
    peakMiB,
    complaints,
  };
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

if (import.meta.main) {
  const [services = 1, alarms = 1, seconds = 0, firedAt = Date.now()] = process.argv.slice(2).map(Number);
  await main(services, alarms, seconds, firedAt);
  process.exit(0);
}
