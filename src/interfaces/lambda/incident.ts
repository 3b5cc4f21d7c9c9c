/** The incident function: the workflow as a Lambda durable function, over the table that all functions share. */
import {
  type DurableContext,
  type DurableExecutionHandler,
  withDurableExecution,
} from "@aws/durable-execution-sdk-js";
import { z } from "zod";
import { createEmf } from "../../adapters/emf/emf.ts";
import { createLambdaCallbacks } from "../../adapters/lambda/callbacks.ts";
import { createCheckpoints } from "../../adapters/lambda/checkpoints.ts";
import { createLambdaApi } from "../../adapters/lambda/client.ts";
import { Alert } from "../../domain/alert.ts";
import { OpsAgentError } from "../../domain/errors.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { incidentId } from "../../domain/incident/incident-fold.ts";
import { refuseEvent } from "../../ingestion/unreadable-event.ts";
import { wirePolicy } from "../../wiring/wire-policy.ts";
import { wireTelemetry } from "../../wiring/wire-telemetry.ts";
import { wireWorkflow } from "../../wiring/wire-workflow.ts";
import type { WorkflowDependencies } from "../../workflow/dependencies.ts";
import { createIncidentWorkflow } from "../../workflow/incident-workflow.ts";
import type { Started } from "./start.ts";

/** What the dispatcher sends. There is no deadline: a durable execution waits for as long as it has to. */
const Input = z.object({ alert: Alert, left: z.string().exactOptional() });

/** What Lambda calls a durable function with, and nothing else does. */
export function isDurableInvocation(event: unknown): boolean {
  return (
    typeof event === "object" &&
    event !== null &&
    "DurableExecutionArn" in event &&
    "CheckpointToken" in event
  );
}

/** The handler of a durable function. */
export function createIncidentFunction({ config, store, logger, write }: Started) {
  const deps = wireWorkflow(config, {
    store,
    policySource: wirePolicy(config, { store, logger, packed: true }),
    logger,
    engine: () => "lambda",
    callbackClient: createLambdaCallbacks(createLambdaApi(config.aws.region)),
    telemetry: wireTelemetry(config, [createEmf(write)], logger),
  });
  return withDurableExecution(createWorkflow(deps), {
    durableExecutionClient: createCheckpoints(createLambdaApi(config.aws.region)),
  });
}

/**
 * The workflow for whatever comes in. Each incident is an engine of its own: only Lambda goes on with it, so that one
 * whose execution ended without a report is given up once its time is over, and the next alarm opens another.
 */
export function createWorkflow(deps: WorkflowDependencies): DurableExecutionHandler<unknown, Incident> {
  return async (input: unknown, context: DurableContext) => {
    const parsed = Input.safeParse(input);
    if (!parsed.success) return refuse(input, context, deps);
    const { alert } = parsed.data;
    const engine = () => `lambda:${incidentId(alert)}`;
    return createIncidentWorkflow({ ...deps, engine })({ ...parsed.data, settles: true }, context);
  };
}

/** An event that did not come through the dispatcher: kept, told to people, and the execution fails so that it alarms. */
async function refuse(input: unknown, context: DurableContext, deps: WorkflowDependencies): Promise<never> {
  const why =
    "not what the dispatcher sends: alarms go to the dispatcher function, which begins an incident each";
  await context.step("refuse-event", async () => (await refuseEvent(input, why, deps)).id);
  throw new OpsAgentError({
    code: "event-unreadable",
    message: `The incident function got an event that is ${why}.`,
    remedy: "Subscribe the dispatcher function to the topic or the rule in place of this one.",
  });
}
