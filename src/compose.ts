/** Config -> a wired OpsAgent. The only file that imports everything. */
import { createAwsAdapters } from "./adapters/aws/index.ts";
import { createDurableEngine, DurableEngineError } from "./adapters/durable-sqlite/index.ts";
import { createOpenRouterClient } from "./adapters/openrouter/client.ts";
import { createSlackWebhook } from "./adapters/slack-webhook/slack-webhook.ts";
import { createSqliteStore } from "./adapters/sqlite-store/sqlite-store.ts";
import { createUnavailableStore } from "./adapters/unavailable-store/unavailable-store.ts";
import type { Config } from "./config.ts";
import { asOpsAgentError, OpsAgentError } from "./domain/errors.ts";
import type { Incident } from "./domain/incident.ts";
import type { PipelineDependencies } from "./pipeline/dependencies.ts";
import { type Executions, handleEvent } from "./pipeline/intake.ts";
import { pastIncidentsOf } from "./pipeline/observe/past-incident-facts.ts";
import type { IncidentStore, Logger, Progress } from "./pipeline/ports.ts";
import { renderSlackMessage } from "./pipeline/report/slack-message.ts";
import { createRunIncident, type IncidentInput } from "./pipeline/run-incident.ts";
import { VERSION } from "./version.ts";

export interface ComposeOptions {
  readonly logger: Logger;
  readonly progress?: Progress;
  /** Where durable executions are kept; `:memory:` where the process's end is the invocation's end. */
  readonly executionsPath?: string;
  /** The process ends soon: Slack gets fewer and shorter tries. */
  readonly hurried?: boolean;
}

/** At most 15 s in all, which fits into the time that a Lambda invocation keeps back for its report. */
const HURRIED_SLACK = { maxAttempts: 2, timeoutMs: 5_000, maxWaitMs: 5_000 };

export interface OpsAgent {
  readonly store: IncidentStore;
  /** Handles one event to its end; `deadline` (ISO 8601) is when this process must be done. */
  handle(event: unknown, deadline?: string): Promise<Incident[]>;
  /** Stops gracefully: what is unfinished continues when the same store is opened again. */
  stop(): Promise<void>;
}

/**
 * Wires the adapters to the pipeline. With a store that cannot be opened the agent still investigates and tells
 * people, each time with that failure, and does nothing else.
 */
export function compose(config: Config, options: ComposeOptions): OpsAgent {
  const executionsPath = options.executionsPath ?? `${config.storePath}-executions`;
  let store: ClosableStore | undefined;
  try {
    store = createSqliteStore(config.storePath, {
      onUnreadable: (problem) => options.logger.error("incident-unreadable", { problem: problem.message }),
    });
    return wire(config, options, store, executionsPath);
  } catch (fault) {
    store?.close();
    const reason = storeFailure(fault, executionsPath);
    options.logger.error("store-unavailable", { code: reason.code, error: reason.message });
    return wire(config, options, createUnavailableStore(reason), ":memory:");
  }
}

type ClosableStore = IncidentStore & { close(): void };

/** The durable engine throws what the file system and SQLite throw; any other kind of fault is not the store's. */
function storeFailure(fault: unknown, executionsPath: string): OpsAgentError {
  if (fault instanceof OpsAgentError) {
    if (fault.code !== "store-failed") throw fault;
    return fault;
  }
  return new OpsAgentError({
    code: "store-failed",
    message: `The store of executions ${executionsPath} could not be opened: ${fault instanceof Error ? fault.message : String(fault)}`,
    remedy: "Check the path in OPSAGENT_STORE, its rights and the disk; a damaged file can be moved away.",
    cause: fault,
  });
}

function wire(
  config: Config,
  options: ComposeOptions,
  store: ClosableStore,
  executionsPath: string,
): OpsAgent {
  const { actuator, changeLog, ...aws } = createAwsAdapters({
    region: config.aws.region,
    ...(config.aws.endpoint === undefined ? {} : { endpoint: config.aws.endpoint }),
  });
  const deps: PipelineDependencies = {
    readers: {
      ...aws,
      ...(config.policy.evidence.cloudTrail ? { changeLog } : {}),
      pastIncidents: pastIncidentsOf(store),
    },
    actuator,
    diagnoser: config.diagnoser,
    model: modelFactory(config),
    notifiers:
      config.slackWebhookUrl === undefined
        ? []
        : [
            createSlackWebhook({
              url: config.slackWebhookUrl,
              render: renderSlackMessage,
              ...(options.hurried ? HURRIED_SLACK : {}),
            }),
          ],
    store,
    policy: config.policy,
    ceiling: config.mode,
    logGroupPrefix: config.logGroupPrefix,
    now: () => new Date(),
    logger: options.logger,
    ...(options.progress ? { progress: options.progress } : {}),
  };
  const faults = createFaultWatch();
  const engine = createDurableEngine<IncidentInput, Incident>({
    database: executionsPath,
    workflow: createRunIncident(deps),
    codeVersion: VERSION,
    onError: (error, execution) => {
      options.logger.error("execution-fault", { execution, error: error.message });
      faults.count(error, execution);
    },
  });
  const executions: Executions = {
    run: async (name, input) => {
      const result = await runDurably(name, input).catch((fault: unknown) => {
        const stopped = fault instanceof DurableEngineError && fault.code === "engine-stopped";
        throw stopped ? fault : asOpsAgentError(fault);
      });
      if (result.status === "SUCCEEDED") return result.output;
      throw new OpsAgentError({
        code: "internal",
        message: `The incident's workflow ended without a report: ${result.error.message ?? "no message"}`,
        remedy: "Handle the incident by hand; `opsagent show` has what was recorded. Report this as a bug.",
      });
    },
  };
  const runDurably = async (name: string, input: IncidentInput) => {
    await engine.start(name, input);
    return Promise.race([engine.waitFor(name), faults.tooMany(name)]);
  };
  return {
    store,
    handle: (event, deadline) => handleEvent(event, { cluster: config.cluster, deadline }, executions, deps),
    stop: async () => {
      await engine.stop();
      store.close();
    },
  };
}

/** So many faults of one execution, or of the engine itself, and it is given up: a person must know. */
const MAX_FAULTS = 5;

/** Counts the engine's faults, so that an execution whose store broke does not wait in silence. */
function createFaultWatch() {
  const counts = new Map<string | undefined, number>();
  const waiting = new Map<string, (fault: OpsAgentError) => void>();
  return {
    count: (error: Error, execution: string | undefined) => {
      const count = (counts.get(execution) ?? 0) + 1;
      counts.set(execution, count);
      if (count < MAX_FAULTS) return;
      const fault = new OpsAgentError({
        code: "store-failed",
        message: `The store of executions keeps failing: ${error.message}`,
        remedy: "Handle the incident by hand, and check the path in OPSAGENT_STORE, its rights and the disk.",
        cause: error,
      });
      for (const [name, give] of waiting) if (execution === undefined || execution === name) give(fault);
    },
    tooMany: (name: string) => new Promise<never>((_, reject) => waiting.set(name, reject)),
  };
}

function modelFactory(config: Config): PipelineDependencies["model"] {
  const { apiKey, baseUrl, slugs } = config.model;
  if (config.diagnoser === "rules" || apiKey === undefined) return undefined;
  return () =>
    createOpenRouterClient({
      apiKey,
      baseURL: baseUrl,
      models: slugs,
      timeoutSeconds: config.policy.timing.modelTimeoutSeconds,
      budgetUsd: config.policy.limits.modelBudgetUsd,
    });
}
