/** The workflow on the embedded engine, with the small world behind every port and a hook into every call. */
import { onTestFinished } from "vitest";
import { createDurableEngine, type DurableEngine } from "../../src/adapters/durable-sqlite/index.ts";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import type { Alert } from "../../src/domain/alert.ts";
import type { Incident } from "../../src/domain/incident.ts";
import { Policy } from "../../src/domain/policy.ts";
import type { PipelineDependencies } from "../../src/pipeline/dependencies.ts";
import type { IncidentStore } from "../../src/pipeline/ports.ts";
import { createRunIncident, type IncidentInput } from "../../src/pipeline/run-incident.ts";
import { createSmallWorld, fastClock, fastNow, type SmallWorld, type WorldOptions } from "./small-world.ts";

/** Called around every call of a port; throwing makes the call fail. */
export interface Hook {
  before?(call: string, number: number): void;
  after?(call: string, number: number): void;
}

/** Every port, with the hook around each call. Numbers count from 1 over all calls. */
export function hooked(deps: PipelineDependencies, hook: Hook): PipelineDependencies {
  let count = 0;
  const around = <T extends object>(port: string, target: T): T =>
    new Proxy(target, {
      get(object, key) {
        const method: unknown = Reflect.get(object, key);
        if (typeof method !== "function") return method;
        const call = `${port}.${String(key)}`;
        if (call === "logs.lines") {
          return async function* (...parameters: unknown[]) {
            const number = ++count;
            hook.before?.(call, number);
            yield* Reflect.apply(method, object, parameters);
            hook.after?.(call, number);
          };
        }
        return async (...parameters: unknown[]) => {
          const number = ++count;
          hook.before?.(call, number);
          const value: unknown = await Reflect.apply(method, object, parameters);
          hook.after?.(call, number);
          return value;
        };
      },
    });
  const { readers } = deps;
  return {
    ...deps,
    readers: {
      ecs: around("ecs", readers.ecs),
      metrics: around("metrics", readers.metrics),
      logs: around("logs", readers.logs),
      loadBalancers: around("elb", readers.loadBalancers),
      scaling: around("scaling", readers.scaling),
      alarms: around("alarms", readers.alarms),
    },
    actuator: around("actuator", deps.actuator),
    notifiers: deps.notifiers.map((notifier) => around("notifier", notifier)),
    store: around("store", deps.store),
  };
}

/** Times that fit the small world. */
export const TIMING = {
  metricPeriodSeconds: 1,
  metricWindowMinutes: 5,
  pollSeconds: 1,
  replacementTimeoutSeconds: 12,
  verifyIntervalSeconds: 1,
  verifyTimeoutSeconds: 20,
  holdChecks: 2,
};

export interface Setting extends Partial<WorldOptions> {
  readonly policy?: Record<string, unknown>;
  readonly ceiling?: PipelineDependencies["ceiling"];
  readonly hook?: Hook;
  readonly notify?: (incident: Incident) => void;
  readonly store?: IncidentStore;
  readonly world?: SmallWorld;
  readonly database?: string;
}

/** The dependencies of a workflow over a world; reports go into the world's log. */
export function dependenciesOf(
  world: SmallWorld,
  store: IncidentStore,
  setting: Setting,
): PipelineDependencies {
  const { timing, ...policy } = setting.policy ?? {};
  const deps: PipelineDependencies = {
    readers: world.readers,
    actuator: world.actuator,
    diagnoser: "rules",
    notifiers: [
      {
        notify: async (incident) => {
          setting.notify?.(incident);
          world.log.add({ at: fastClock(), what: "report", detail: `${incident.id} ${incident.status}` });
        },
      },
    ],
    store,
    policy: Policy.parse({ ...policy, timing: { ...TIMING, ...Object(timing) } }),
    ceiling: setting.ceiling ?? "auto",
    logGroupPrefix: "/ecs/",
    now: fastNow,
    logger: { info: () => {}, warn: () => {}, error: () => {} },
  };
  return setting.hook === undefined ? deps : hooked(deps, setting.hook);
}

export interface Running {
  readonly world: SmallWorld;
  readonly store: IncidentStore;
  readonly engine: DurableEngine<IncidentInput, Incident>;
  /** Incidents as people were told of them. */
  readonly reports: readonly Incident[];
  /** Runs the alert's incident to its end. */
  handle(alert?: Alert, deadline?: string): Promise<Incident>;
}

/** Starts a workflow engine for one test. */
export function startWorkflow(setting: Setting = {}): Running {
  const world = setting.world ?? createSmallWorld({ trouble: "leak", ...setting });
  const store = setting.store ?? createSqliteStore(":memory:");
  const reports: Incident[] = [];
  const deps = dependenciesOf(world, store, {
    ...setting,
    notify: (incident) => {
      setting.notify?.(incident);
      reports.push(incident);
    },
  });
  const engine = createDurableEngine<IncidentInput, Incident>({
    database: setting.database ?? ":memory:",
    workflow: createRunIncident(deps),
    codeVersion: "1",
    pollMs: 2,
    clock: fastClock,
    onError: () => {},
  });
  onTestFinished(() => engine.stop({ timeoutMs: 0 }));
  return {
    world,
    store,
    engine,
    reports,
    handle: async (alert = world.alert(), deadline) => {
      const name = `incident-${alert.key}`;
      await engine.start(name, { alert, ...(deadline === undefined ? {} : { deadline }) });
      const result = await engine.waitFor(name);
      if (result.status === "SUCCEEDED") return result.output;
      throw new Error(`The workflow ended without a report: ${result.error.message}`);
    },
  };
}
