/**
 * A whole incident in one plain invocation, for a function without durable execution: it cannot wait for people or
 * slow verification, and does not scale in. A handler of its own, since this is a reduced mode.
 */
import { createJsonLog } from "../../../adapters/json-log/json-log.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import { compose, type OpsAgent } from "../../../wiring/compose.ts";
import { readConfigWith } from "../../../wiring/config.ts";
import { readLambdaSettings } from "../../../wiring/lambda-settings.ts";
import { once, readerFor, secretsOf } from "../start.ts";

/** Milliseconds reserved for the report and its Slack retries, so that an invocation never ends without one. */
const REPORT_RESERVE_MS = 20_000;

const logger = createJsonLog((line) => void process.stdout.write(`${line}\n`));

/** The member of Lambda's context that is used. */
interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

const ready = once(async (): Promise<OpsAgent> => {
  // Only /tmp is writable in Lambda; it lasts as long as the environment.
  const settings = readLambdaSettings();
  const defaults = { OPSAGENT_STORE: "sqlite:/tmp/opsagent.db", ...(await secretsOf(settings)) };
  const result = readConfigWith(await readerFor(settings), { defaults });
  if (!result.ok) {
    logger.error("config-invalid", { problems: result.problems });
    throw new Error(`OpsAgent is not configured: ${result.problems.join("; ")}`);
  }
  return compose(result.config, { logger, executionsPath: ":memory:", hurried: true, packedPolicy: true });
});

/** Returns the incidents of the event. Throws only when nothing could be done, so that Lambda retries. */
export async function handler(event: unknown, context: LambdaContext): Promise<{ incidents: Incident[] }> {
  const agent = await ready();
  const deadline = new Date(
    Date.now() + context.getRemainingTimeInMillis() - REPORT_RESERVE_MS,
  ).toISOString();
  const incidents = await agent.handle(event, deadline);
  for (const { id, status, summary } of incidents) {
    logger.info("incident-closed", { incident: id, status, summary });
  }
  return { incidents };
}
