/** An OpsAgent for the time of one command. */
import type { Logger, Telemetry } from "../../domain/ports.ts";
import { compose, type OpsAgent } from "../../wiring/compose.ts";
import type { Config } from "../../wiring/config.ts";
import { readConfig } from "../../wiring/read-config.ts";
import { stderrLog, usableConfig } from "./terminal.ts";

/** What the commands about questions need. */
export type AnsweringAgent = Pick<OpsAgent, "store" | "approvals">;

/** What a server needs. */
export type ServingAgent = Pick<
  OpsAgent,
  "store" | "approvals" | "brake" | "accept" | "resume" | "notReady" | "stop"
>;

/** Composes an agent, and stops it when the work is done, whatever happens. Throws `config-invalid`. */
export async function withAgent<T>(work: (agent: AnsweringAgent) => Promise<T>): Promise<T> {
  const agent = startAgent(usableConfig(readConfig()), stderrLog());
  try {
    return await work(agent);
  } finally {
    await agent.stop();
  }
}

/** Composes an agent that stays. */
export function startAgent(config: Config, logger: Logger, telemetry?: Telemetry): OpsAgent {
  return compose(config, { logger, ...(telemetry === undefined ? {} : { telemetry }) });
}
