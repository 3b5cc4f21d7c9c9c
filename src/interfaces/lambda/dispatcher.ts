/** The dispatcher function: events in, one durable execution an alert out. It decides nothing. */
import { createEmf } from "../../adapters/emf/emf.ts";
import { createLambdaApi } from "../../adapters/lambda/client.ts";
import { createStartExecution } from "../../adapters/lambda/start-execution.ts";
import { readBrakeState } from "../../domain/brake-state.ts";
import { asOpsAgentError, OpsAgentError } from "../../domain/errors.ts";
import { forwardEvent } from "../../ingestion/intake.ts";
import { withStrangerBudget } from "../../wiring/hourly-budgets.ts";
import { createIngestionReaders } from "../../wiring/ingestion-readers.ts";
import { wireChannels } from "../../wiring/wire-channels.ts";
import type { IngestionDependencies } from "../../workflow/dependencies.ts";
import { leftName } from "../../workflow/execution-name.ts";
import { withoutSelfTests } from "./self-test.ts";
import type { Started } from "./start.ts";

export interface Dispatched {
  /** Names of the executions that take care of the event's alerts. */
  readonly executions: readonly string[];
}

/** Its handler. It throws when an alert could not be handed over, so that Lambda repeats the event, then keeps it. */
export function createDispatcher(started: Started): (event: unknown) => Promise<Dispatched> {
  const { config, settings, store, logger, write } = started;
  const metrics = createEmf(write);
  if (settings.incidentFunction === undefined) {
    const fault = new OpsAgentError({
      code: "config-invalid",
      message: "OPSAGENT_INCIDENT_FUNCTION: is not set",
      remedy: "Set it to the incident function's ARN with its alias.",
    });
    logger.error(fault.code, { problem: fault.message, remedy: fault.remedy });
    throw fault;
  }
  const begin = createStartExecution(createLambdaApi(config.aws.region), settings.incidentFunction);
  const deps: IngestionDependencies = {
    readers: createIngestionReaders(config.aws),
    store,
    policy: config.policy,
    diagnoser: config.diagnoser,
    ...withStrangerBudget(
      wireChannels(config, {
        book: store,
        trail: store,
        brakeState: () => readBrakeState(store, new Date()),
        logger,
        hurried: true,
      }),
      config.policy.limits.strangersPerHour,
      logger,
    ),
    tellLater: async ({ id, alert }) => void (await begin(leftName(id), { alert, left: id })),
    now: () => new Date(),
    logger,
    telemetry: metrics,
  };
  return async (event) => {
    const { rest, selfTests } = withoutSelfTests(event);
    try {
      if (selfTests > 0) {
        // A conditional write of one item, always the same: it proves the table, the rights on it and the way there.
        await store.claim("self-test", new Date().toISOString());
        metrics.selfTestPassed();
      }
      if (rest === undefined) return { executions: [] };
      return { executions: await forwardEvent(rest, { cluster: config.cluster }, begin, deps) };
    } catch (thrown) {
      const { code, message } = asOpsAgentError(thrown);
      logger.error("event-not-dispatched", { code, error: message });
      throw thrown;
    }
  };
}
