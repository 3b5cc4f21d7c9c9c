/**
 * A pause that another process writes between any two calls: the next call is not made. Judged by the sandbox's ledger
 * of the calls that it received, over both stores.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { LedgerEntry, SandboxState, ScenarioFacts } from "../../drill/facts.ts";
import { type Sandbox, startSandbox } from "../../drill/sandbox-process.ts";
import { createDurableEngine } from "../../packages/durable-sqlite/index.ts";
import { createDynamoDbStore } from "../../src/adapters/dynamodb-store/dynamodb-store.ts";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import { attachOrOpen } from "../../src/alert-grouping/incident-lock.ts";
import type { Alert } from "../../src/domain/alert.ts";
import type { Pause } from "../../src/domain/brake.ts";
import type { Plan } from "../../src/domain/decision.ts";
import type { ActionResult, ActionStep, Verification } from "../../src/domain/incident/incident.ts";
import { openIncident } from "../../src/domain/incident/incident-fold.ts";
import { usableConfig } from "../../src/interfaces/cli/terminal.ts";
import { act } from "../../src/remediation/actions/act.ts";
import { setDesired } from "../../src/remediation/actions/scale.ts";
import { undo } from "../../src/remediation/actions/undo.ts";
import type { ServiceActuator } from "../../src/remediation/ports.ts";
import type { ClosableStore } from "../../src/wiring/open-store.ts";
import { readConfig } from "../../src/wiring/read-config.ts";
import { wirePolicy } from "../../src/wiring/wire-policy.ts";
import { wireWorkflow } from "../../src/wiring/wire-workflow.ts";
import type { WorkflowDependencies } from "../../src/workflow/dependencies.ts";
import { createDurableSteps, type DurableSteps } from "../../src/workflow/durable-steps.ts";
import { read } from "../../src/workflow/investigation.ts";
import { type LocalDynamo, REGION, startLocalDynamo } from "../contract/dynamodb-local.ts";
import { callInProcesses } from "../contract/incident-store/store-process.ts";
import { eventually } from "../support/lambda-stack.ts";

const child = (name: string) => fileURLToPath(new URL(`../contract/${name}`, import.meta.url));
const POLICY =
  "modes: { restart: auto, scale: auto }\ntiming: { pollSeconds: 1, replacementTimeoutSeconds: 90 }\n";
const MINUTES = 60_000;

let sandbox: Sandbox;
let facts: ScenarioFacts;
let dynamo: LocalDynamo;
const folder = mkdtempSync(join(tmpdir(), "opsagent-pause-"));

beforeAll(async () => {
  dynamo = await startLocalDynamo();
  sandbox = await startSandbox();
  facts = await sandbox.control<ScenarioFacts>("POST", "/scenarios/oom/start");
  writeFileSync(join(folder, "policy.yaml"), POLICY);
}, 2 * MINUTES);

afterAll(async () => {
  await sandbox.stop();
  await dynamo.stop();
  rmSync(folder, { recursive: true });
});

interface Shared {
  readonly store: ClosableStore;
  /** Pauses everything in a process of its own, and returns once that has ended. */
  pauseElsewhere(): Promise<unknown>;
}

const pause = (): Pause => ({
  scope: { kind: "all" },
  by: "ann",
  at: new Date().toISOString(),
  why: "database move",
  via: "cli",
});

const stores: Readonly<Record<string, () => Promise<Shared>>> = {
  SQLite: async () => {
    const path = join(mkdtempSync(join(folder, "store-")), "store.db");
    const pauseElsewhere = () =>
      callInProcesses(child("sqlite-process.ts"), [path], [[{ method: "pause", args: [pause()] }]]);
    return { store: createSqliteStore(path), pauseElsewhere };
  },
  DynamoDB: async () => {
    const table = await dynamo.createTable();
    const { endpoint } = dynamo;
    const pauseElsewhere = () =>
      callInProcesses(
        child("dynamodb-process.ts"),
        [endpoint, REGION, table],
        [[{ method: "pause", args: [pause()] }]],
      );
    return { store: createDynamoDbStore(table, { region: REGION, endpoint }), pauseElsewhere };
  },
};

/** Calls the service, and pauses elsewhere right after so many calls. */
function pausingAfter(calls: number, actuator: ServiceActuator, pauseElsewhere: () => Promise<unknown>) {
  let made = 0;
  const after =
    <Given extends unknown[], Answer>(call: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      const answer = await call(...given);
      made += 1;
      if (made === calls) await pauseElsewhere();
      return answer;
    };
  return {
    stopTask: after(actuator.stopTask),
    setDesiredCount: after(actuator.setDesiredCount),
    rollBackDeployment: after(actuator.rollBackDeployment),
    setTaskDefinition: after(actuator.setTaskDefinition),
  };
}

const service = async () => {
  const { services } = await sandbox.control<SandboxState>("GET", "/state");
  return services.find(({ name }) => name === facts.service);
};

interface Acting {
  readonly run: DurableSteps;
  readonly deps: WorkflowDependencies;
  readonly incidentId: string;
  readonly desired: number;
  /** Tasks that run, as they were before the work began: a replay must see the same. */
  readonly tasks: readonly { readonly arn: string; readonly id: string }[];
  act(plan: Plan): Promise<ActionResult>;
}

let alarms = 0;

/** Does the work as an incident that holds its lock; the pause comes after so many calls. Returns the calls it made. */
async function calledWith(
  kind: string,
  pausedAfter: number,
  work: (acting: Acting) => Promise<ActionResult | readonly ActionStep[]>,
) {
  await eventually(async () => {
    const now = await service();
    return now !== undefined && now.running === now.desired ? now : undefined;
  });
  const { store, pauseElsewhere } = await (stores[kind] as () => Promise<Shared>)();
  const config = usableConfig(
    readConfig({
      overrides: {
        AWS_ENDPOINT_URL: sandbox.endpoint,
        AWS_REGION: "us-east-1",
        ECS_CLUSTER: facts.cluster,
        OPSAGENT_POLICY: join(folder, "policy.yaml"),
        OPSAGENT_DIAGNOSER: "rules",
      },
    }),
  );
  const logger = { info: () => {}, warn: () => {}, error: () => {} };
  const policySource = wirePolicy(config, { store, logger });
  const wired = wireWorkflow(config, { store, policySource, logger, engine: () => "test" });
  const deps = { ...wired, actuator: pausingAfter(pausedAfter, wired.actuator, pauseElsewhere) };
  const at = new Date().toISOString();
  alarms += 1;
  const target = { cluster: facts.cluster, service: facts.service };
  const alert: Alert = {
    key: `alarm-${alarms}`,
    source: "simple-sns",
    state: "ALARM",
    firedAt: at,
    receivedAt: at,
    title: "An alarm",
    target,
  };
  const opened = openIncident(alert, "rules");
  await attachOrOpen(alert, undefined, deps);
  const evidence = await read({ alert, target, deadline: undefined }, deps);
  if (pausedAfter === 0) await pauseElsewhere();
  const seen = await service();
  const [desired, tasks] = [
    seen?.desired ?? 0,
    (seen?.tasks ?? []).filter(({ status }) => status === "RUNNING"),
  ];
  const before = (await sandbox.control<LedgerEntry[]>("GET", "/ledger")).length;
  const engine = createDurableEngine<null, unknown>({
    database: ":memory:",
    codeVersion: "1",
    pollMs: 5,
    onError: () => {},
    workflow: async (_, context) => {
      const run = createDurableSteps(context, {
        opened,
        now: deps.now,
        store,
        happened: async () => {},
        folded: () => {},
        onUnrecorded: () => {},
      });
      const acting: Acting = {
        run,
        deps,
        incidentId: opened.id,
        desired,
        tasks,
        act: (plan) =>
          act(
            {
              incidentId: opened.id,
              decision: {
                kind: "act",
                cause: "oom-kill",
                action: plan.action,
                target,
                plan,
                confidence: { stated: 0.9, earned: 0.9, lowered: [] },
                trail: [],
              },
              evidence,
              attempt: "first",
              approved: true,
              deadline: undefined,
            },
            run,
            deps,
          ),
      };
      return work(acting);
    },
  });
  onTestFinished(async () => {
    await engine.stop({ timeoutMs: 0 });
    store.close();
  });
  await engine.start("incident", null);
  const result = await engine.waitFor("incident");
  if (result.status !== "SUCCEEDED") throw new Error(`It failed: ${result.error.message}`);
  const ledger = (await sandbox.control<LedgerEntry[]>("GET", "/ledger")).slice(before);
  const calls = ledger.filter(({ mutating }) => mutating).map(({ operation }) => operation);
  return { calls, output: result.output };
}

const restartOfThree = ({ tasks, act: carryOut }: Acting): Promise<ActionResult> =>
  carryOut({
    action: "restart",
    tasks: tasks.slice(0, 3).map(({ arn, id }) => ({ taskArn: arn, taskId: id, why: "of the test" })),
  });

const backByOne = (acting: Acting, purpose: "undo" | "scale-in") => {
  const { desired, incidentId, run, deps } = acting;
  const target = { cluster: facts.cluster, service: facts.service };
  const [from, to] = [desired + 1, desired];
  const plan = { action: "scale" as const, from, to };
  const permission = { target, cause: "traffic-spike" as const, plan, approved: true };
  if (purpose === "scale-in") {
    const change = {
      incidentId,
      target,
      key: "scale-in",
      attempt: "first",
      purpose,
      from,
      to,
      permission,
    } as const;
    return setDesired(change, run, deps).then((step) => [step]);
  }
  const action: ActionResult = {
    action: "scale",
    target,
    outcome: "done",
    before: { desired },
    after: { desired: desired + 1 },
    undo: "",
    steps: [],
  };
  const at = new Date().toISOString();
  const verification: Verification = {
    outcome: "worse",
    reason: "worse",
    checks: [],
    looks: 1,
    heldLooks: 0,
    startedAt: at,
    endedAt: at,
  };
  const { cause, approved } = permission;
  return undo({ incidentId, cause, approved, action, verification, attempt: "first" }, run, deps);
};

describe.each(["SQLite", "DynamoDB"])("a pause by another process, over %s", (kind) => {
  it.each([0, 1, 2])(
    "after %s tasks of a restart of three: no further one is stopped",
    { timeout: 5 * MINUTES },
    async (stopped) => {
      const { calls, output } = await calledWith(kind, stopped, restartOfThree);

      const result = output as ActionResult;
      expect(calls, JSON.stringify(result.steps)).toEqual(Array.from({ length: stopped }, () => "StopTask"));
      expect(result.outcome).toBe(stopped === 0 ? "nothing-changed" : "partly-done");
      expect(result.steps.at(-1)).toMatchObject({
        outcome: "refused",
        detail: expect.stringContaining("(brake): Paused by ann"),
      });
    },
  );

  it("before a scale: the count stays", { timeout: 5 * MINUTES }, async () => {
    const { calls } = await calledWith(kind, 0, ({ act: carryOut, desired }) =>
      carryOut({ action: "scale", from: desired, to: desired + 1 }),
    );

    expect(calls).toEqual([]);
  });

  it.each(["undo", "scale-in"] as const)(
    "between a scale and its %s: what was added stays for people",
    { timeout: 5 * MINUTES },
    async (purpose) => {
      const { calls, output } = await calledWith(kind, 1, async (acting) => {
        const { desired } = acting;
        await acting.act({ action: "scale", from: desired, to: desired + 1 });
        return backByOne(acting, purpose);
      });

      expect(calls).toEqual(["UpdateService"]);
      expect(output).toMatchObject([{ outcome: "refused", detail: expect.stringContaining("(brake)") }]);
    },
  );
});

it("without a pause every one of these calls is made", { timeout: 5 * MINUTES }, async () => {
  const never = Number.POSITIVE_INFINITY;

  const restarted = await calledWith("SQLite", never, restartOfThree);
  const scaled = await calledWith("SQLite", never, async (acting) => {
    await acting.act({ action: "scale", from: acting.desired, to: acting.desired + 1 });
    return backByOne(acting, "undo");
  });
  const givenBack = await calledWith("SQLite", never, async (acting) => {
    await acting.act({ action: "scale", from: acting.desired, to: acting.desired + 1 });
    return backByOne(acting, "scale-in");
  });

  expect(restarted.calls).toEqual(["StopTask", "StopTask", "StopTask"]);
  expect([scaled.calls, givenBack.calls]).toEqual([
    ["UpdateService", "UpdateService"],
    ["UpdateService", "UpdateService"],
  ]);
});
