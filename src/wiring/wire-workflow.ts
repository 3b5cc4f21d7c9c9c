/** Config -> the workflow's dependencies, for any durable engine. */
import { createAwsAdapters } from "../adapters/aws/index.ts";
import type { CallbackClient } from "../approval/ports.ts";
import type { ModelClient } from "../diagnosis/ports.ts";
import { readBrakeState } from "../domain/brake-state.ts";
import type { Incident } from "../domain/incident/incident.ts";
import type { EventListener, IncidentStore, Logger, PolicySource, Telemetry } from "../domain/ports.ts";
import { pastIncidentsOf } from "../evidence/facts/past-incident-facts.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";
import type { Config } from "./config.ts";
import { withModelBudget, withStrangerBudget } from "./hourly-budgets.ts";
import { wireChannels } from "./wire-channels.ts";

/** What differs between the engines. */
export interface EngineSide {
  readonly store: IncidentStore;
  readonly policySource: PolicySource;
  readonly logger: Logger;
  /** Identifies the engine; see `WorkflowDependencies`. */
  readonly engine: () => string;
  readonly reported?: ((incident: Incident) => void) | undefined;
  readonly steadyNow?: (() => Date) | undefined;
  readonly tellLater?: WorkflowDependencies["tellLater"];
  readonly callbackClient?: CallbackClient | undefined;
  readonly listener?: EventListener | undefined;
  readonly telemetry?: Telemetry | undefined;
  /** The process ends soon: Slack gets fewer and shorter tries. */
  readonly hurried?: boolean | undefined;
}

/** Wires the configured adapters. Nothing is connected before it is used. */
export function wireWorkflow(config: Config, side: EngineSide): WorkflowDependencies {
  const { actuator, changeLog, actionLogs, ...aws } = createAwsAdapters({
    region: config.aws.region,
    ...(config.aws.endpoint === undefined ? {} : { endpoint: config.aws.endpoint }),
  });
  const { store, logger, hurried } = side;
  const brakeState = () => readBrakeState(store, new Date(), side.policySource);
  return {
    readers: {
      ...aws,
      ...(config.policy.evidence.cloudTrail ? { changeLog } : {}),
      ...(config.policy.evidence.actionLogs ? { actionLogs } : {}),
      pastIncidents: pastIncidentsOf(side.store),
    },
    actuator,
    diagnoser: config.diagnoser,
    model: withModelBudget(modelFactory(config), config.policy.limits.modelCallsPerHour, logger),
    ...withStrangerBudget(
      wireChannels(config, { book: store, trail: store, brakeState, logger, hurried }),
      config.policy.limits.strangersPerHour,
      logger,
    ),
    store: side.store,
    engine: side.engine,
    reported: side.reported,
    policy: config.policy,
    policySource: side.policySource,
    ceiling: config.mode,
    logGroupPrefix: config.logGroupPrefix,
    now: () => new Date(),
    steadyNow: side.steadyNow,
    callbackClient: side.callbackClient,
    tellLater: side.tellLater,
    logger: side.logger,
    listener: side.listener,
    telemetry: side.telemetry,
  };
}

function modelFactory(config: Config): WorkflowDependencies["model"] {
  const { apiKey, baseUrl, slugs } = config.model;
  if (config.diagnoser === "rules" || apiKey === undefined) return undefined;
  return () => {
    // Loaded when it is asked: an incident that the signs decide reads none of it at the start of a function.
    let client: Promise<ModelClient> | undefined;
    const load = async () =>
      (await import("../adapters/openrouter/client.ts")).createOpenRouterClient({
        apiKey,
        baseURL: baseUrl,
        models: slugs,
        timeoutSeconds: config.policy.timing.modelTimeoutSeconds,
        budgetUsd: config.policy.limits.modelBudgetUsd,
      });
    return {
      ask: async (request) => {
        client ??= load();
        return (await client).ask(request);
      },
    };
  };
}
