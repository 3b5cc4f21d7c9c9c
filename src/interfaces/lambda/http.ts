/** The HTTP function behind a Lambda function URL: Slack's buttons, and answers of clients with a token. */
import { handle } from "hono/aws-lambda";
import { createLambdaCallbacks } from "../../adapters/lambda/callbacks.ts";
import { createLambdaApi } from "../../adapters/lambda/client.ts";
import { createApprovals } from "../../approval/approvals.ts";
import { createBrakeControl } from "../../approval/brake-control.ts";
import { wirePolicy } from "../../wiring/wire-policy.ts";
import { createHttpApp } from "../http/app.ts";
import type { Started } from "./start.ts";

/** Creates its handler. An answer resumes the incident, which waits in Lambda; no stage of the workflow runs here. */
export function createHttpFunction({ config, store, logger }: Started) {
  const now = () => new Date();
  const policySource = wirePolicy(config, { store, logger, packed: true });
  const approvals = createApprovals({
    book: store,
    events: store,
    callbackClient: createLambdaCallbacks(createLambdaApi(config.aws.region)),
    policySource,
    now,
    logger,
  });
  const app = createHttpApp({
    approvals,
    brake: createBrakeControl({ brake: store, policySource, now, logger }),
    records: store,
    book: store,
    slack: config.slackSigningSecret === undefined ? undefined : { signingSecret: config.slackSigningSecret },
    tokens: config.httpTokens,
    logger,
    now,
    frozenAfterAnswer: true,
  });
  return handle(app);
}
