/** The dependencies of the workflow over the small world, with a hook into every call of a port. */

import type { Approval } from "../../src/domain/approval.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import type { IncidentStore } from "../../src/domain/ports.ts";
import type { WorkflowDependencies } from "../../src/workflow/dependencies.ts";
import { actingPolicy } from "../samples/acting-policy.ts";
import { fixedPolicy } from "./fixed-policy.ts";
import { fastClock, fastNow, type SmallWorld, type WorldOptions } from "./small-world.ts";

/** Called around every call of a port; throwing makes the call fail. */
export interface Hook {
  before?(call: string, number: number): void;
  after?(call: string, number: number): void;
}

/** Every port, with the hook around each call. Numbers count from 1 over all calls. */
export function hooked(deps: WorkflowDependencies, hook: Hook): WorkflowDependencies {
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
      ...(readers.deploymentHistory
        ? { deploymentHistory: around("history", readers.deploymentHistory) }
        : {}),
    },
    actuator: around("actuator", deps.actuator),
    notifiers: deps.notifiers.map((notifier) => around("notifier", notifier)),
    ...(deps.subscribers ? { subscribers: deps.subscribers.map((one) => around("follower", one)) } : {}),
    approvalChannels: deps.approvalChannels.map((channel) => around("channel", channel)),
    store: around("store", deps.store),
  };
}

/** Times that fit the small world. */
export const TIMING = {
  metricPeriodSeconds: 1,
  metricWindowMinutes: 5,
  pollSeconds: 1,
  replacementTimeoutSeconds: 300,
  verifyIntervalSeconds: 1,
  verifyTimeoutSeconds: 300,
  holdChecks: 2,
  decayMinutes: 0.2,
  giveBackMinutes: 0.1,
  giveBackGiveUpHours: 0.02,
};

/** For what never gets well: it is given up soon. */
export const SOON = { replacementTimeoutSeconds: 12, verifyTimeoutSeconds: 20 };

export interface Setting extends Partial<WorldOptions> {
  readonly policy?: Record<string, unknown>;
  readonly policySource?: WorkflowDependencies["policySource"];
  readonly ceiling?: WorkflowDependencies["ceiling"];
  readonly hook?: Hook;
  readonly notify?: (incident: Incident) => void;
  readonly listener?: WorkflowDependencies["listener"];
  readonly telemetry?: WorkflowDependencies["telemetry"];
  readonly store?: IncidentStore;
  readonly world?: SmallWorld;
  readonly database?: string;
  /** Told of every question; the world's log has it, too. */
  readonly onAsked?: (approval: Approval) => void;
  readonly engine?: () => string;
  readonly subscribers?: WorkflowDependencies["subscribers"];
  readonly pager?: WorkflowDependencies["pager"];
  /** In place of those that only note what they are given. */
  readonly channels?: Partial<
    Pick<WorkflowDependencies, "notifiers" | "approvalChannels" | "subscribers" | "pager" | "fallbacks">
  >;
  readonly callbackClient?: WorkflowDependencies["callbackClient"];
  /** Absent: the rules diagnose. */
  readonly model?: WorkflowDependencies["model"];
}

/** The dependencies of a workflow over a world; reports go into the world's log. */
export function dependenciesOf(
  world: SmallWorld,
  store: IncidentStore,
  setting: Setting,
): WorkflowDependencies {
  const { timing, ...given } = setting.policy ?? {};
  const policy = actingPolicy({ ...given, timing: { ...TIMING, ...Object(timing) } });
  const deps: WorkflowDependencies = {
    readers: world.readers,
    actuator: world.actuator,
    diagnoser: setting.model === undefined ? "rules" : "model",
    model: setting.model,
    notifiers: [
      {
        name: "reports",
        notify: async (incident) => {
          setting.notify?.(incident);
          world.log.add({ at: fastClock(), what: "report", detail: `${incident.id} ${incident.status}` });
        },
      },
    ],
    approvalChannels: [
      {
        name: "people",
        ask: async (approval) => {
          world.log.add({ at: fastClock(), what: "asked", detail: approval.id });
          setting.onAsked?.(approval);
          return "message-1";
        },
        close: async () => {},
      },
    ],
    subscribers: setting.subscribers,
    pager: setting.pager,
    callbackClient: setting.callbackClient,
    store,
    engine: setting.engine ?? (() => "engine"),
    policy,
    policySource: setting.policySource ?? fixedPolicy(policy),
    ceiling: setting.ceiling ?? "auto",
    logGroupPrefix: "/ecs/",
    now: fastNow,
    listener: setting.listener,
    telemetry: setting.telemetry,
    logger: { info: () => {}, warn: () => {}, error: () => {} },
    ...setting.channels,
  };
  return setting.hook === undefined ? deps : hooked(deps, setting.hook);
}
