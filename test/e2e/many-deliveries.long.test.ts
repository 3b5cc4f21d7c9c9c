/** The same trouble told many times, at once, to several processes: one incident, one action, one message. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, it, onTestFinished } from "vitest";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import { childEnvironment } from "../support/child-environment.ts";
import type { Delivered } from "../support/delivery-process.ts";
import { fleetAlarmEvent, type LeakingFleet, startLeakingFleet } from "../support/leaking-fleet.ts";
import { FAST_POLICY } from "../support/leaking-service.ts";
import { type LocalSlack, startLocalSlack } from "../support/local-slack.ts";

const DELIVERIES = 50;
const PROCESSES = 5;
const MINUTES = 120_000;
const SERVICE = "shop";

interface Machines {
  readonly folder: string;
  readonly fleet: LeakingFleet;
  readonly slack: LocalSlack;
}

async function startMachines(): Promise<Machines> {
  const folder = mkdtempSync(join(tmpdir(), "opsagent-deliveries-"));
  const fleet = await startLeakingFleet();
  const slack = await startLocalSlack();
  writeFileSync(join(folder, "policy.yaml"), FAST_POLICY);
  onTestFinished(async () => {
    await Promise.all([fleet.stub.close(), slack.close()]);
    rmSync(folder, { recursive: true, force: true });
  });
  return { folder, fleet, slack };
}

/** Deals the events out to processes that all begin at the same moment; what each of them answered. */
async function deliver(
  { folder, fleet, slack }: Machines,
  events: readonly unknown[],
  ownExecutions: boolean,
): Promise<Delivered> {
  const running = await Promise.all(
    Array.from({ length: PROCESSES }, async (_, number) => {
      const file = join(folder, `events-${number}.json`);
      writeFileSync(file, JSON.stringify(events.filter((_event, index) => index % PROCESSES === number)));
      const own = ownExecutions ? [join(folder, `executions-${number}.db`)] : [];
      const program = join(import.meta.dirname, "../support/delivery-process.ts");
      const child = spawn(process.execPath, [program, file, ...own], {
        cwd: folder,
        env: {
          ...childEnvironment(),
          AWS_ACCESS_KEY_ID: "test",
          AWS_SECRET_ACCESS_KEY: "test",
          AWS_ENDPOINT_URL: fleet.stub.endpoint,
          OPSAGENT_DIAGNOSER: "rules",
          OPSAGENT_POLICY: join(folder, "policy.yaml"),
          OPSAGENT_STORE: `sqlite:${join(folder, "opsagent.db")}`,
          SLACK_WEBHOOK_URL: slack.url,
        },
      });
      onTestFinished(() => void child.kill("SIGKILL"));
      const errors = text(child.stderr);
      await Promise.race([once(child.stdout, "data"), endedEarly(child, errors)]);
      return { child, output: text(child.stdout), errors };
    }),
  );
  for (const { child } of running) child.stdin.end("go\n");
  const told = await Promise.all(
    running.map(async ({ output, errors }): Promise<Delivered> => {
      const line = (await output).trim();
      if (line === "") throw new Error(`A process ended without an answer: ${await errors}`);
      return JSON.parse(line);
    }),
  );
  return {
    incidents: told.flatMap(({ incidents }) => incidents),
    statuses: told.flatMap(({ statuses }) => statuses),
  };
}

async function endedEarly(child: ChildProcess, errors: Promise<string>): Promise<never> {
  const [code] = await once(child, "close");
  throw new Error(`A process ended with ${code}: ${await errors}`);
}

async function expectOne({ folder, fleet, slack }: Machines, delivered: Delivered): Promise<void> {
  const store = createSqliteStore(join(folder, "opsagent.db"));
  onTestFinished(() => store.close());
  const incidents = await store.list();
  const [incident] = incidents;

  expect(fleet.stopped()).toEqual([SERVICE]);
  expect(fleet.mutations()).toBe(1);
  expect(incidents).toHaveLength(1);
  expect(incident).toMatchObject({ actions: [{ outcome: "done" }] });
  expect(["resolved", "escalated"]).toContain(incident?.status);
  expect(slack.messages).toHaveLength(1);
  expect(delivered.incidents).toHaveLength(DELIVERIES);
  expect(new Set(delivered.incidents)).toEqual(new Set([incident?.id]));
  expect(await store.open()).toEqual([]);
}

describe.each([
  ["that share the engine's database", false],
  ["on machines of their own, which share the store", true],
] as const)("to processes %s", (_, ownExecutions) => {
  it(
    "one event delivered 50 times is one incident, one action and one message",
    async () => {
      const machines = await startMachines();
      const event = fleetAlarmEvent(SERVICE, 1);

      const delivered = await deliver(machines, Array(DELIVERIES).fill(event), ownExecutions);

      await expectOne(machines, delivered);
    },
    MINUTES,
  );

  it(
    "50 alarms of one service are one incident, one action and one message",
    async () => {
      const machines = await startMachines();
      const events = Array.from({ length: DELIVERIES }, (_event, number) => fleetAlarmEvent(SERVICE, number));

      const delivered = await deliver(machines, events, ownExecutions);

      await expectOne(machines, delivered);
      const store = createSqliteStore(join(machines.folder, "opsagent.db"));
      const [incident] = await store.list();
      expect(await store.joined(incident?.id ?? "")).toHaveLength(DELIVERIES - 1);
      store.close();
    },
    MINUTES,
  );
});
