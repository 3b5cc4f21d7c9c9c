/** The Lambda handler: takes the SNS event itself and runs the incident to its end inside the invocation. */
import { createJsonLog } from "../adapters/json-log/json-log.ts";
import { compose, type OpsAgent } from "../compose.ts";
import { readConfig } from "../config.ts";
import type { Incident } from "../domain/incident.ts";

/** Time kept back for the report, so that an invocation never ends in silence. Slack gets its retries from it. */
const REPORT_RESERVE_MS = 20_000;

/** The one thing of Lambda's context that is used. */
interface LambdaContext {
  getRemainingTimeInMillis(): number;
}

const logger = createJsonLog((line) => console.log(line));
let agent: OpsAgent | undefined;

function start(): OpsAgent {
  // Only /tmp can be written in Lambda; it outlives the invocation as long as the environment is warm.
  const result = readConfig({ defaults: { OPSAGENT_STORE: "sqlite:/tmp/opsagent.db" } });
  if (!result.ok) {
    logger.error("config-invalid", { problems: result.problems });
    throw new Error(`OpsAgent is not configured: ${result.problems.join("; ")}`);
  }
  return compose(result.config, { logger, executionsPath: ":memory:", hurried: true });
}

/** Returns the incidents of the event. Throws only when nothing could be done, so that Lambda retries. */
export async function handler(event: unknown, context: LambdaContext): Promise<{ incidents: Incident[] }> {
  agent ??= start();
  const deadline = new Date(
    Date.now() + context.getRemainingTimeInMillis() - REPORT_RESERVE_MS,
  ).toISOString();
  const incidents = await agent.handle(event, deadline);
  for (const { id, status, summary } of incidents) logger.info("incident-closed", { id, status, summary });
  return { incidents };
}
