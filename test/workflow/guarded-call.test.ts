/** Each rule that is asked again before a call, alone: everything else allows it, and the decision allowed it. */
import { expect, it } from "vitest";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import { Policy } from "../../src/domain/policy.ts";
import type { PolicyState } from "../../src/domain/policy-state.ts";
import type { IncidentStore } from "../../src/domain/ports.ts";
import type { ServiceReading, TaskReading } from "../../src/domain/reading.ts";
import { createSmallWorld, fastNow, TARGET, type Trouble } from "../support/small-world.ts";
import { SOON, startWorkflow } from "../support/workflow.ts";

const ago = (minutes: number) => new Date(fastNow().getTime() - minutes * 60_000).toISOString();

const AUTO = { restart: "auto", scale: "auto", rollback: "auto" };

/** What a test changes of the world, the policy and the store at one moment. */
interface Changing {
  readonly store: IncidentStore;
  readonly incidentId: string;
  policy(changes: object): void;
  unusable(problem: string): void;
  service(changes: Partial<ServiceReading>): void;
  task(changes: Partial<TaskReading>): void;
  tasks(ids: readonly string[]): void;
}

interface Setting {
  readonly trouble: Trouble;
  /** The change is made after the first such call of a port, once the action was reserved. */
  readonly after: string;
  readonly brittle?: boolean;
  readonly change: (changing: Changing) => void;
}

/** Runs an incident and makes the change once, right after the first call of that name. */
async function run({ trouble, after, brittle = false, change }: Setting) {
  const world = createSmallWorld({ trouble, brittle });
  const start = Policy.parse({ modes: AUTO, timing: SOON });
  let state: PolicyState = { policy: start, origin: { kind: "start" } };
  let service: Partial<ServiceReading> = {};
  let task: Partial<TaskReading> = {};
  let ids: readonly string[] | undefined;
  const { ecs } = world.readers;
  const store = createSqliteStore(":memory:");
  let incidentId = "";
  let [reserved, changed] = [false, false];
  const running = startWorkflow({
    store,
    world: {
      ...world,
      readers: {
        ...world.readers,
        ecs: {
          ...ecs,
          service: async (...given) => {
            const read = await ecs.service(...given);
            return read && { ...read, ...service };
          },
          task: async (...given) => {
            const read = await ecs.task(...given);
            return read && { ...read, ...task };
          },
          tasks: async (...given) => {
            const read = await ecs.tasks(...given);
            return ids === undefined
              ? read
              : { ...read, running: read.running.filter(({ id }) => ids?.includes(id)) };
          },
        },
      },
    },
    policy: { modes: AUTO, timing: SOON },
    policySource: { current: async () => state },
    listener: (event) => {
      incidentId = event.incidentId;
    },
    hook: {
      after: (call) => {
        reserved ||= call === "store.reserve";
        if (!reserved || changed || call !== after) return;
        changed = true;
        change({
          store,
          incidentId,
          policy: (keys) => {
            state = { ...state, policy: Policy.parse({ modes: AUTO, timing: SOON, ...keys }) };
          },
          unusable: (problem) => {
            state = { ...state, problem };
          },
          service: (keys) => {
            service = keys;
          },
          task: (keys) => {
            task = keys;
          },
          tasks: (given) => {
            ids = given;
          },
        });
      },
    },
  });
  const incident = await running.handle();
  return { incident, changes: world.changes(), reports: running.reports };
}

const pause = ({ store }: Changing) =>
  void store.pause({ scope: { kind: "all" }, by: "ann", at: ago(0), why: "database move", via: "cli" });
const acted = (
  { store, incidentId }: Changing,
  changes: {
    own?: boolean;
    service?: string;
    action?: "restart" | "scale" | "rollback";
    minutes?: number;
    verified?: false;
  },
) => {
  const { own = false, service = TARGET.service, action = "restart", minutes = 0, verified } = changes;
  void store.recordAction({
    incidentId: own ? incidentId : `other-${service}`,
    cluster: TARGET.cluster,
    service,
    action,
    cause: "memory-leak",
    at: ago(minutes),
    ...(verified === undefined ? {} : { verified }),
  });
};
const throwing = ({ store }: Changing, method: "pauses" | "actionsSince") => {
  store[method] = async () => {
    throw new Error("the disk is gone");
  };
};

const HELD_BACK: readonly [string, string, (changing: Changing) => void][] = [
  ["a pause", "brake", pause],
  ["a brake that cannot be read", "brake", (changing) => throwing(changing, "pauses")],
  ["a policy that cannot be used", "policy-of-now", ({ unusable }) => unusable("It is empty.")],
  ["the kill switch", "kill-switch", ({ policy }) => policy({ killSwitch: true })],
  ["protection", "protected-service", ({ policy }) => policy({ services: { shop: { protected: true } } })],
  ["mode observe", "mode", ({ policy }) => policy({ modes: { ...AUTO, restart: "observe" } })],
  [
    "mode approve without an approval",
    "mode",
    ({ policy }) => policy({ modes: { ...AUTO, restart: "approve" } }),
  ],
  ["a freeze", "freeze-window", ({ policy }) => policy({ freezes: [{ from: ago(60), to: ago(-60) }] })],
  ["another incident's action", "cooldown", (changing) => acted(changing, {})],
  [
    "two earlier actions of its own",
    "one-further-action",
    (changing) => {
      acted(changing, { own: true, action: "scale" });
      acted(changing, { own: true, action: "rollback" });
    },
  ],
  ["no budget", "action-budget", ({ policy }) => policy({ limits: { actionsPerHour: 0 } })],
  [
    "the same action that did not help",
    "no-repeat-of-unverified-action",
    (changing) => acted(changing, { minutes: 60, verified: false }),
  ],
  [
    "actions on many services",
    "blast-radius",
    (changing) => {
      for (const service of ["a", "b", "c", "d", "e"]) acted(changing, { service });
    },
  ],
  ["past actions that cannot be read", "history", (changing) => throwing(changing, "actionsSince")],
  ["fewer restarts allowed", "restart-share", ({ policy }) => policy({ limits: { maxRestarts: 1 } })],
  [
    "a higher threshold",
    "confidence-threshold",
    ({ policy }) => policy({ limits: { confidenceThreshold: 0.99 } }),
  ],
  ["a service that is deleted", "service-active", ({ service }) => service({ status: "DRAINING" })],
  ["nobody left to serve", "healthy-floor", ({ tasks }) => tasks(["b"])],
];

it.each(HELD_BACK)("%s holds the second task of a restart back (%s)", async (_, rule, change) => {
  const { incident, changes } = await run({ trouble: "two-leaks", after: "actuator.stopTask", change });

  const [action] = incident.actions;
  const last = action?.steps.at(-1);
  expect(changes).toEqual(["stop a"]);
  expect(action).toMatchObject({ outcome: "partly-done", verification: expect.anything() });
  expect(last).toMatchObject({ outcome: "refused", what: expect.stringContaining("stop task b") });
  expect(last?.detail).toContain(`OpsAgent held back (${rule}): `);
});

const CHANGED: readonly [string, string, (changing: Changing) => void][] = [
  [
    "the task is no longer running",
    "the task is no longer running",
    ({ task }) => task({ desiredStatus: "STOPPED" }),
  ],
  [
    "the task is of another revision",
    "the task runs shop:8, not shop:7",
    ({ task }) => task({ taskDefinition: "shop:8" }),
  ],
  [
    "a deployment began",
    "a deployment of shop:8 has begun",
    ({ service }) =>
      service({
        deployments: [
          {
            id: "ecs-svc/2",
            status: "PRIMARY",
            taskDefinition: "shop:8",
            desired: 3,
            running: 3,
            pending: 0,
            failedTasks: 0,
          },
        ],
      }),
  ],
];

it.each(CHANGED)(
  "nothing is done once %s, also after the look before the call",
  async (_, sentence, change) => {
    const { incident, changes } = await run({ trouble: "leak", after: "store.extendLock", change });

    expect(changes).toEqual([]);
    expect(incident.actions[0]?.steps.at(-1) ?? incident).toMatchObject({
      outcome: "skipped",
      detail: `Meanwhile ${sentence}; nothing was done.`,
    });
  },
);

it("nothing is done while it cannot be read whether the service is still as it was judged", async () => {
  const { incident, changes } = await run({
    trouble: "leak",
    after: "store.extendLock",
    change: ({ service }) =>
      service({
        get deployments(): never {
          throw new Error("not authorized");
        },
      }),
  });

  expect(changes).toEqual([]);
  expect(JSON.stringify(incident.timeline)).toContain("(still-as-judged)");
});

it.each([
  ["a pause", "brake", pause],
  [
    "a policy file that just turned invalid",
    "policy-of-now",
    ({ unusable }: Changing) => unusable("It is empty."),
  ],
])("%s after the claim still holds the call back (%s)", async (_, rule, change) => {
  const { incident, changes } = await run({ trouble: "leak", after: "store.claim", change });

  expect(changes).toEqual([]);
  expect(incident.status).toBe("escalated");
  expect(incident.actions[0]).toMatchObject({ outcome: "nothing-changed" });
  expect(incident.actions[0]?.steps.at(-1)?.detail).toContain(`(${rule})`);
});

it.each([
  ["a pause", "brake", pause],
  ["a lower bound", "scale-bounds", ({ policy }: Changing) => policy({ limits: { maxTasks: 4 } })],
])("%s holds a scale back (%s)", async (_, rule, change) => {
  const { incident, changes } = await run({ trouble: "spike", after: "store.reserve", change });

  expect(changes).toEqual([]);
  expect(incident.actions[0]?.steps.at(-1)?.detail).toContain(`(${rule})`);
});

it.each([
  ["a pause", "refused", "(brake): Paused by ann", pause],
  [
    "a rollback that somebody made meanwhile",
    "skipped",
    "the service went over to",
    ({ service }: Changing) =>
      service({
        deployments: [
          {
            id: "ecs-svc/2",
            status: "PRIMARY",
            taskDefinition: "shop:6",
            desired: 3,
            running: 3,
            pending: 0,
            failedTasks: 0,
          },
        ],
      }),
  ],
])("%s holds a rollback back", async (_, outcome, sentence, change) => {
  const { incident, changes } = await run({ trouble: "bad-deploy", after: "store.extendLock", change });

  expect(changes).toEqual([]);
  expect(incident.actions[0]?.steps.at(-1) ?? incident.timeline).toMatchObject({
    outcome,
    detail: expect.stringContaining(sentence),
  });
});

it.each([
  ["a pause", "brake", pause],
  ["the kill switch", "kill-switch", ({ policy }: Changing) => policy({ killSwitch: true })],
  [
    "a freeze",
    "freeze-window",
    ({ policy }: Changing) => policy({ freezes: [{ from: ago(60), to: ago(-600) }] }),
  ],
  ["a service that is deleted", "service-active", ({ service }: Changing) => service({ status: "DRAINING" })],
])("%s leaves an undo to people, who are told what to do (%s)", async (_, rule, change) => {
  const { incident, changes, reports } = await run({
    trouble: "spike",
    brittle: true,
    after: "actuator.setDesiredCount",
    change,
  });

  expect(changes).toEqual(["desire 5"]);
  expect(incident.status).toBe("escalated");
  expect(incident.actions[0]?.undone).toMatchObject([
    { outcome: "refused", detail: expect.stringContaining(`(${rule})`) },
  ]);
  expect(incident.summary).not.toContain("It was taken back.");
  expect(reports.at(-1)?.summary).toContain("Set the desired count back to 3");
});
