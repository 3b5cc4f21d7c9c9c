/** Config -> OpsAgent on the embedded engine: for the command line, the server, and a single Lambda invocation. */
import { createDurableEngine, createEngineClock } from "../../packages/durable-sqlite/index.ts";
import { createEmf } from "../adapters/emf/emf.ts";
import { createUnavailableStore } from "../adapters/unavailable-store/unavailable-store.ts";
import { type Approvals, createApprovals } from "../approval/approvals.ts";
import { type BrakeControl, createBrakeControl } from "../approval/brake-control.ts";
import type { CallbackClient } from "../approval/ports.ts";
import { voidLeftQuestions } from "../approval/void-questions.ts";
import { OpsAgentError } from "../domain/errors.ts";
import type { Incident } from "../domain/incident/incident.ts";
import type { PolicyState } from "../domain/policy-state.ts";
import type { EventListener, IncidentStore, Logger, Telemetry } from "../domain/ports.ts";
import type { EventSender } from "../domain/sender-scope.ts";
import {
  type Accepted,
  abandoned,
  acceptEvent,
  beginAbandoned,
  type Executions,
  handleEvent,
} from "../ingestion/intake.ts";
import { executionName, leftName } from "../workflow/execution-name.ts";
import type { IncidentInput } from "../workflow/incident-input.ts";
import { createIncidentWorkflow } from "../workflow/incident-workflow.ts";
import { reportLost, reportOutdated } from "../workflow/lost-incident.ts";
import { workflowVersion } from "../workflow/version/index.ts";
import type { Config } from "./config.ts";
import { createExecutionWatch } from "./executions.ts";
import { openSealedStore } from "./open-sealed-store.ts";
import type { ClosableStore } from "./open-store.ts";
import { createPrecedence } from "./precedence.ts";
import { type NotReady, readiness } from "./readiness.ts";
import { wirePolicy } from "./wire-policy.ts";
import { wireTelemetry } from "./wire-telemetry.ts";
import { wireWorkflow } from "./wire-workflow.ts";

export interface ComposeOptions {
  readonly logger: Logger;
  /** Called with each event as it happens. */
  readonly listener?: EventListener;
  /** Beside what the configuration asks for. */
  readonly telemetry?: Telemetry;
  /** Where durable executions are kept; `:memory:` where the process's end is the invocation's end. */
  readonly executionsPath?: string;
  /** The process ends soon: Slack gets fewer and shorter tries. */
  readonly hurried?: boolean;
  /** The policy file is part of a deployment: a policy published in the store counts over it. */
  readonly packedPolicy?: boolean;
}

/**
 * The engine forgets executions that ended longer ago, as Lambda does by default; the incident store keeps its
 * records.
 */
const KEPT_EXECUTIONS_MS = 14 * 24 * 3_600_000;

/**
 * The most investigations at a time: each holds a few megabytes of evidence, and more would make each other's reads
 * time out. Incidents that wait for a person or a timer do not count.
 */
const INVESTIGATIONS_AT_ONCE = 24;

export interface OpsAgent {
  readonly store: IncidentStore;
  /** Takes people's answers. */
  readonly approvals: Approvals;
  /** The policy as it is now. Never throws: `problem` says why it cannot be used. */
  policyState(): Promise<PolicyState>;
  /** Takes pauses and their ends. */
  readonly brake: BrakeControl;
  /** Handles one event until its incidents are closed; `deadline` (ISO 8601) is when this process must end. */
  handle(event: unknown, deadline?: string): Promise<Incident[]>;
  /**
   * Stores an event and works on it in the background. Throws when it could not be stored: the sender then has to
   * send it again. `sender` is who sent it over HTTP, whom the policy may bind to services and clusters.
   */
  accept(event: unknown, sender?: EventSender): Promise<Accepted>;
  /** Continues every incident that an earlier process left unfinished. Returns how many. */
  resume(): Promise<number>;
  /** Returns why events cannot be accepted, stored and told now; undefined when they can. Takes a few seconds at most. */
  notReady(): Promise<NotReady | undefined>;
  /** Returns the names of unfinished executions. */
  unfinished(): Promise<readonly string[]>;
  /** Resolves with the record when the execution has ended. */
  ended(name: string): Promise<Incident>;
  /** Resolves once nothing is left to do for the incident, scale-in included. */
  finished(incident: Incident): Promise<Incident>;
  /** Stops gracefully: unfinished incidents continue when the same store is opened again. */
  stop(): Promise<void>;
}

/**
 * Wires the adapters to the workflow. With a store that cannot be opened the agent still investigates and notifies
 * people, each time with that failure, and does nothing else.
 */
export function compose(config: Config, options: ComposeOptions): OpsAgent {
  const executionsPath = options.executionsPath ?? `${config.storePath}-executions`;
  let store: ClosableStore | undefined;
  try {
    ({ store } = openSealedStore(
      config,
      (problem) => options.logger.error("incident-unreadable", { problem: problem.message }),
      options.logger,
    ));
    return wire(config, options, store, executionsPath);
  } catch (fault) {
    store?.close();
    const reason = storeFailure(fault, executionsPath);
    options.logger.error("store-unavailable", { code: reason.code, error: reason.message });
    const agent = wire(config, options, createUnavailableStore(reason), ":memory:");
    return {
      ...agent,
      notReady: async () => ({
        reason: "the store could not be opened when OpsAgent started.",
        remedy: `${reason.remedy} Then start OpsAgent again.`,
      }),
      // The incident is worked on and people are notified, but nothing is stored.
      accept: async (event, sender) => {
        await agent.accept(event, sender);
        throw reason;
      },
    };
  }
}

/** The durable engine throws errors of the file system and SQLite; any other fault is not the store's. */
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
  const watch = createExecutionWatch(
    () => engine,
    store,
    async (alert, fault) => {
      const report = await reportLost(alert, fault, deps);
      await voidLeftQuestions("OpsAgent lost the incident that asked.", deps);
      return report;
    },
  );
  const clock = createEngineClock();
  const { logger, packedPolicy: packed } = options;
  const policySource = wirePolicy(config, { store, logger, packed });
  const { policy } = config;
  const deps = wireWorkflow(config, {
    store,
    policySource,
    logger,
    hurried: options.hurried,
    listener: (event, incident) => {
      precedence.listener(event, incident);
      options.listener?.(event, incident);
    },
    engine: () => engine.identity,
    reported: watch.reported,
    steadyNow: () => new Date(clock.now()),
    ...(executionsPath === ":memory:"
      ? {}
      : {
          tellLater: async ({ id, alert }) => {
            await engine.start(leftName(id, workflowVersion()), { alert, left: id });
          },
        }),
    callbackClient: { resume: (callbackId, verdict) => callbackClient.resume(callbackId, verdict) },
    telemetry: wireTelemetry(config, [options.telemetry, metricsOf(config)], options.logger),
  });
  const precedence = createPrecedence({
    named: [...Object.keys(policy.services), ...policy.alarms.map(({ service }) => service)],
    firingAlarms: deps.readers.firingAlarms,
    store,
  });
  const engine = createDurableEngine<IncidentInput, Incident>({
    database: executionsPath,
    workflow: createIncidentWorkflow(deps),
    clock: clock.now,
    codeVersion: workflowVersion(),
    maxConcurrentInvocations: INVESTIGATIONS_AT_ONCE,
    canWait: precedence.canWait,
    onVersionMismatch: async ({ name, storedVersion }) => {
      try {
        await reportOutdated(name, storedVersion, deps);
        await voidLeftQuestions("OpsAgent was updated while its incident waited.", deps);
        return "fail";
      } catch (error) {
        options.logger.error("execution-outdated", { execution: name, error: String(error) });
        return "keep-waiting";
      }
    },
    onError: (error, execution) => {
      options.logger.error("execution-fault", { execution, error: error.message });
      watch.fault(error, execution);
    },
  });
  const executions: Executions = {
    ...watch.executions,
    begin: (name, input) => {
      precedence.note(input.alert);
      return watch.executions.begin(name, input);
    },
    run: (name, input) => {
      precedence.note(input.alert);
      return watch.executions.run(name, input);
    },
  };
  let stopping = false;
  const callbackClient: CallbackClient = {
    resume: (callbackId, verdict) => engine.completeCallback(callbackId, JSON.stringify(verdict)),
  };
  return {
    store,
    approvals: createApprovals({
      book: store,
      events: store,
      callbackClient,
      policySource,
      now: deps.now,
      logger: options.logger,
    }),
    policyState: policySource.current,
    brake: createBrakeControl({ brake: store, policySource, now: deps.now, logger: options.logger }),
    handle: (event, deadline) => handleEvent(event, { cluster: config.cluster, deadline }, executions, deps),
    accept: (event, sender) => acceptEvent(event, { cluster: config.cluster, sender }, executions, deps),
    resume: async () => {
      await engine.purge(Date.now() - KEPT_EXECUTIONS_MS);
      await beginAbandoned(executions, deps);
      await resumeAnswered(store, callbackClient);
      return engine.resume();
    },
    unfinished: async () => {
      const begun = await engine.list({ status: "RUNNING" });
      const admitted = await abandoned(deps).catch(() => []);
      return [...new Set([...begun.map(({ name }) => name), ...admitted])];
    },
    ended: watch.ended,
    finished: ({ alert }) => watch.ended(executionName(alert)),
    notReady: async () => {
      if (stopping)
        return { reason: "OpsAgent is stopping.", remedy: "Ask the process that takes its place." };
      return readiness({ store, address: config.store, executionsPath, now: deps.now });
    },
    stop: async () => {
      stopping = true;
      // What cannot be released now is taken over later; it is no fault of an incident.
      await engine.stop().catch((error: unknown) => {
        const problem = error instanceof Error ? error.message : String(error);
        options.logger.error("engine-not-stopped", { error: problem });
      });
      store.close();
    },
  };
}

/** Standard error, as the log: standard output belongs to a command's result. */
function metricsOf({ metrics }: Config): Telemetry | undefined {
  return metrics === "emf" ? createEmf((line) => void process.stderr.write(`${line}\n`)) : undefined;
}

/** Resumes incidents whose answer was recorded by a process that died before it resumed them. */
async function resumeAnswered(store: IncidentStore, callbackClient: CallbackClient): Promise<void> {
  for (const { incidentId } of await store.open()) {
    for (const { callbackId, answer } of await store.approvalsOf(incidentId)) {
      if (answer !== undefined) await callbackClient.resume(callbackId, answer.verdict);
    }
  }
}
