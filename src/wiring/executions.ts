/** Incidents as executions of the durable engine: start one, wait for its end, notice when the engine fails. */
import { setTimeout as sleep } from "node:timers/promises";
import {
  type DurableEngine,
  DurableEngineError,
  type ExecutionError,
} from "../../packages/durable-sqlite/index.ts";
import type { Alert } from "../domain/alert.ts";
import { asOpsAgentError, OpsAgentError } from "../domain/errors.ts";
import type { Incident } from "../domain/incident/incident.ts";
import { incidentId } from "../domain/incident/incident-fold.ts";
import type { IncidentStore } from "../domain/ports.ts";
import type { Executions } from "../ingestion/intake.ts";
import { executionName } from "../workflow/execution-name.ts";
import type { IncidentInput } from "../workflow/incident-input.ts";

/** Faults of one execution, or of the engine itself, after which it is given up and reported. */
const MAX_FAULTS = 5;
/** How often the store is read for an incident that another process works on. Milliseconds. */
const LOOK_MS = 1_000;
/** The engine's error for an execution that another version began. */
const OUTDATED = "CodeVersionMismatch";
/** The SDK's error when a replay reaches another step than the recorded one. */
const CONTRADICTED = "NonDeterministicExecutionError";
/** The newest records among which the report of an incident is looked for that was just given up. */
const REPORTED_AMONG = 500;

export interface ExecutionWatch {
  readonly executions: Executions;
  /** Resolves with the record when the execution has ended, including what comes after the report. */
  ended(name: string): Promise<Incident>;
  /** For the workflow: called when people were notified of the incident. */
  readonly reported: (incident: Incident) => void;
  /** For the engine: called for a fault that ended an invocation, or the engine's own. */
  readonly fault: (error: Error, execution: string | undefined) => void;
}

/**
 * Creates the watch. `engine` is read lazily, since the engine's options need the watch. `lost` reports an incident
 * whose execution ended without a report.
 */
export function createExecutionWatch(
  engine: () => DurableEngine<IncidentInput, Incident>,
  store: Pick<IncidentStore, "get" | "list" | "open">,
  lost: (alert: Alert, fault: OpsAgentError) => Promise<Incident>,
): ExecutionWatch {
  const counts = new Map<string | undefined, number>();
  const failing = new Map<string, (fault: OpsAgentError) => void>();
  const here = new Set<string>();
  const telling = new Map<string, (incident: Incident) => void>();
  const reports = new Map<string, Promise<Incident>>();

  const end = async (name: string): Promise<Incident> => {
    const result = await engine().waitFor(name);
    if (result.status === "SUCCEEDED") return result.output;
    if (result.error.type === OUTDATED) {
      // It was reported when that was found; its record has the report.
      const about = ({ alert, closedAt }: Incident) =>
        closedAt !== undefined && executionName(alert) === name;
      const record = (await store.list({ limit: REPORTED_AMONG })).find(about);
      if (record !== undefined) return record;
    }
    const fault = endedBadly(result.error);
    const open = (await store.open()).find(({ alert }) => executionName(alert) === name);
    // A second caller comes after the report, which has closed the incident.
    const report = reports.get(name) ?? (open && lost(open.alert, fault));
    if (report === undefined) throw fault;
    reports.set(name, report);
    return report;
  };

  const runToReport = async (name: string, input: IncidentInput): Promise<Incident> => {
    const { created } = await engine().start(name, input);
    here.add(incidentId(input.alert));
    const elsewhere = new AbortController();
    const ways = [
      end(name),
      new Promise<Incident>((resolve) => telling.set(name, resolve)),
      new Promise<never>((_, reject) => failing.set(name, reject)),
      ...(created ? [] : [toldElsewhere(incidentId(input.alert), store, elsewhere.signal)]),
    ];
    try {
      return await Promise.race(ways);
    } finally {
      elsewhere.abort();
      here.delete(incidentId(input.alert));
      telling.delete(name);
      failing.delete(name);
      for (const way of ways) way.catch(() => undefined);
    }
  };

  return {
    executions: {
      begin: async (name, input) => {
        // Set at once, so that alerts that attach meanwhile need not read the store.
        const id = incidentId(input.alert);
        here.add(id);
        const over = () => here.delete(id);
        try {
          await engine().start(name, input);
        } catch (fault) {
          over();
          asStoreFault(fault);
        }
        end(name).then(over, over);
      },
      isHere: (id) => here.has(id),
      run: (name, input) => runToReport(name, input).catch(asStoreFault),
    },
    ended: end,
    reported: (incident) => telling.get(executionName(incident.alert))?.(incident),
    fault: (error, execution) => {
      const count = (counts.get(execution) ?? 0) + 1;
      counts.set(execution, count);
      if (count < MAX_FAULTS) return;
      const fault = new OpsAgentError({
        code: "store-failed",
        message: `The store of executions keeps failing: ${error.message}`,
        remedy: "Handle the incident by hand, and check the path in OPSAGENT_STORE, its rights and the disk.",
        cause: error,
      });
      for (const [name, give] of failing) if (execution === undefined || execution === name) give(fault);
    },
  };
}

function endedBadly({ type, message = "no message" }: ExecutionError): OpsAgentError {
  if (type === CONTRADICTED) {
    return new OpsAgentError({
      code: "superseded",
      message: `The incident cannot go on: its next steps are not those that were recorded (${message})`,
      remedy:
        "Handle the incident by hand. The settings were changed while it waited, or this is a bug in OpsAgent.",
    });
  }
  return new OpsAgentError({
    code: "internal",
    message: `The incident's workflow ended without a report: ${message}`,
    remedy: "Handle the incident by hand; `opsagent show` has what was recorded. Report this as a bug.",
  });
}

/** An engine that is stopping is no fault: unfinished executions continue at the next start. */
function asStoreFault(fault: unknown): never {
  const stopped = fault instanceof DurableEngineError && fault.code === "engine-stopped";
  throw stopped ? fault : asOpsAgentError(fault);
}

/** Another process may have reported the incident long before the execution ends. */
async function toldElsewhere(
  id: string,
  store: Pick<IncidentStore, "get">,
  signal: AbortSignal,
): Promise<Incident> {
  for (;;) {
    const record = await store.get(id).catch(() => undefined);
    if (record?.closedAt !== undefined) return record;
    await sleep(LOOK_MS, undefined, { signal, ref: false });
  }
}
