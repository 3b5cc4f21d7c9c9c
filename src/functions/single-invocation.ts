/**
 * The whole incident inside one plain invocation, for a function without durable execution: it cannot wait for people,
 * for slow proofs, or to give capacity back. Only with `OPSAGENT_INVOCATION=single`, since this is less than promised.
 */
import { createJsonLog } from "../adapters/json-log/json-log.ts";
import { compose, type OpsAgent } from "../compose.ts";
import { readConfig } from "../config.ts";
import type { Incident } from "../domain/incident.ts";

/** Time kept back for the report, so that an invocation never ends in silence. Slack gets its retries from it. */
const REPORT_RESERVE_MS = 20_000;

const logger = createJsonLog((line) => void process.stdout.write(`${line}\n`));
let agent: OpsAgent | undefined;

function start(secrets: Readonly<Record<string, string>>): OpsAgent {
  // Only /tmp can be written in Lambda; it outlives the invocation as long as the environment is warm.
  const result = readConfig({ defaults: { OPSAGENT_STORE: "sqlite:/tmp/opsagent.db", ...secrets } });
  if (!result.ok) {
    logger.error("config-invalid", { problems: result.problems });
    throw new Error(`OpsAgent is not configured: ${result.problems.join("; ")}`);
  }
  return compose(result.config, { logger, executionsPath: ":memory:", hurried: true });
}

/** Returns the incidents of the event. Throws only when nothing could be done, so that Lambda retries. */
export async function handleInOneInvocation(
  event: unknown,
  remainingMs: number,
  secrets: () => Promise<Readonly<Record<string, string>>>,
): Promise<{ incidents: Incident[] }> {
  agent ??= start(await secrets());
  const deadline = new Date(Date.now() + remainingMs - REPORT_RESERVE_MS).toISOString();
  const incidents = await agent.handle(event, deadline);
  for (const { id, status, summary } of incidents)
    logger.info("incident-closed", { incident: id, status, summary });
  return { incidents };
}
