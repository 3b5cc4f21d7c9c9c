/** The workflow on the embedded engine, with the small world behind every port. */
import { onTestFinished } from "vitest";
import { createDurableEngine, type DurableEngine } from "../../packages/durable-sqlite/index.ts";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import type { Alert } from "../../src/domain/alert.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import type { IncidentStore } from "../../src/domain/ports.ts";
import type { IncidentInput } from "../../src/workflow/incident-input.ts";
import { createIncidentWorkflow } from "../../src/workflow/incident-workflow.ts";
import { dependenciesOf, type Setting } from "./dependencies.ts";
import { createSmallWorld, fastClock, type SmallWorld } from "./small-world.ts";

export { type Hook, type Setting, SOON } from "./dependencies.ts";

export interface Running {
  readonly world: SmallWorld;
  readonly store: IncidentStore;
  readonly engine: DurableEngine<IncidentInput, Incident>;
  /** Incidents as people were told of them. */
  readonly reports: readonly Incident[];
  /** Runs the alert's incident to its end. */
  handle(alert?: Alert, deadline?: string): Promise<Incident>;
  /** The same, as a process that stays would run it: other alarms of the fault may still come. */
  settle(alert?: Alert): Promise<Incident>;
}

/** Starts a workflow engine for one test. */
export function startWorkflow(setting: Setting = {}): Running {
  const world = setting.world ?? createSmallWorld({ trouble: "leak", ...setting });
  const store = setting.store ?? createSqliteStore(":memory:");
  const reports: Incident[] = [];
  const deps = dependenciesOf(world, store, {
    ...setting,
    engine: () => engine.identity,
    callbackClient: {
      resume: (callbackId, verdict) => engine.completeCallback(callbackId, JSON.stringify(verdict)),
    },
    notify: (incident) => {
      setting.notify?.(incident);
      reports.push(incident);
    },
  });
  const engine = createDurableEngine<IncidentInput, Incident>({
    database: setting.database ?? ":memory:",
    workflow: createIncidentWorkflow(deps),
    codeVersion: "1",
    pollMs: 2,
    clock: fastClock,
    onError: () => {},
  });
  onTestFinished(() => engine.stop({ timeoutMs: 0 }));
  const run = async (input: IncidentInput) => {
    const name = `incident-${input.alert.key}`;
    await engine.start(name, input);
    const result = await engine.waitFor(name);
    if (result.status === "SUCCEEDED") return result.output;
    throw new Error(`The workflow ended without a report: ${result.error.message}`);
  };
  return {
    world,
    store,
    engine,
    reports,
    handle: (alert = world.alert(), deadline) =>
      run({ alert, ...(deadline === undefined ? {} : { deadline }) }),
    settle: (alert = world.alert()) => run({ alert, settles: true }),
  };
}
