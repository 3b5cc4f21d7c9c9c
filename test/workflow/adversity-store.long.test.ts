/** The store fails under a running agent: refused or resumed, told with what to do, nothing lost and nothing done twice. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, it, type TestContext } from "vitest";
import type { Incident } from "../../src/domain/incident/incident.ts";
import { type Machine, type MachineOptions, startMachine } from "../support/agent-machine.ts";
import { alarmMessage, snsEvent } from "../support/alarm-events.ts";

const MINUTES = { timeout: 120_000 };

async function start({ onTestFinished }: TestContext, options: MachineOptions = {}): Promise<Machine> {
  const machine = await startMachine(options);
  onTestFinished(() => machine.close());
  return machine;
}

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the machine; no file may grow beyond so many KiB, as on a disk that is full. */
async function command(
  machine: Machine,
  argv: readonly string[],
  stdin = "",
  fileKiB?: number,
): Promise<Ended> {
  const cli = join(import.meta.dirname, "../../src/interfaces/cli/main.ts");
  const limit = fileKiB === undefined ? "" : `ulimit -f ${fileKiB}; `;
  // bash counts in KiB where sh may count in half of them.
  const child = spawn("bash", ["--norc", "-c", `${limit}exec "$@"`, "bash", process.execPath, cli, ...argv], {
    cwd: machine.folder,
    env: machine.variables,
  });
  child.stdin.end(stdin);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close"),
  ]);
  return { code, stdout, stderr };
}

const event = () => JSON.stringify(snsEvent(alarmMessage()));

describe.skipIf(process.platform === "win32")("a disk that is full", () => {
  it.concurrent.for([4, 160, 320, 400, 640])(
    "at %i KiB: it is told with what to do, and after space is back `resume` ends it",
    MINUTES,
    async (fileKiB, context) => {
      const { expect } = context;
      const machine = await start(context);

      const full = await command(machine, ["handle", "--event", "-"], event(), fileKiB);
      const doneWhileFull = machine.aws.mutations().length;
      const resumed = await command(machine, ["continue", "--json"]);

      const told: Incident = JSON.parse(full.stdout);
      expect([0, 1, 3], full.stderr).toContain(full.code);
      expect(full.stderr).not.toContain("This is a fault in OpsAgent");
      expect(machine.slack.messages.length).toBeGreaterThanOrEqual(1);
      if (told.status === "failed") {
        expect(full.code).toBe(1);
        expect(told.failures[0]?.message).toMatch(/disk|full/);
        for (const { remedy } of told.failures) expect(remedy).toMatch(/disk|hand|space/);
        expect(machine.slack.messages[0]?.text).toMatch(/manual intervention required/);
      }
      const store = machine.store();
      context.onTestFinished(() => store.close());
      expect(resumed.stderr).not.toContain("This is a fault in OpsAgent");
      expect(await store.open()).toEqual([]);
      for (const incident of await store.list()) expect(incident.closedAt).toBeDefined();
      expect(JSON.parse(resumed.stdout)).toSatisfy((ended: Incident[]) =>
        ended.every(({ closedAt }) => closedAt !== undefined),
      );
      expect(machine.aws.mutations().length).toBeLessThanOrEqual(1);
      expect(doneWhileFull).toBeLessThanOrEqual(1);
    },
  );
});

describe("a store that another process holds", () => {
  it.concurrent.for(["opsagent.db", "opsagent.db-executions"])(
    "%s, for ten seconds: acted on at most once, told, and ended",
    MINUTES,
    async (file, context) => {
      const { expect } = context;
      const machine = await start(context);
      const agent = await machine.start();
      const other = new DatabaseSync(join(machine.folder, file));
      context.onTestFinished(() => other.close());

      other.exec("BEGIN IMMEDIATE");
      const handled = agent.handle(snsEvent(alarmMessage()));
      await sleep(10_000);
      other.exec("ROLLBACK");
      const [incident] = await handled;

      expect(incident?.closedAt).toBeDefined();
      expect(machine.aws.mutations().length).toBeLessThanOrEqual(1);
      expect(machine.slack.messages).toHaveLength(1);
      for (const { remedy } of incident?.failures ?? []) expect(remedy).not.toBe("");
      await agent.handle(snsEvent(alarmMessage({ NewStateValue: "OK" })));
    },
  );
});

describe("a store that cannot be opened", () => {
  it.concurrent("investigates, does nothing, and tells what to do", MINUTES, async (context) => {
    const { expect } = context;
    const machine = await start(context);
    writeFileSync(machine.storePath, "this is no database, and long enough to be taken for one".repeat(100));

    const { code, stdout } = await command(machine, ["handle", "--event", "-"], event());

    const incident: Incident = JSON.parse(stdout);
    expect(code).toBe(1);
    expect(incident.diagnosis?.cause).toBe("memory-leak");
    expect(incident.failures[0]?.remedy).toContain("choose another path");
    expect(machine.slack.messages).toHaveLength(1);
    expect(machine.aws.mutations()).toEqual([]);
  });

  it.concurrent(
    "does not say that it keeps an event: the sender has to send it again",
    MINUTES,
    async (context) => {
      const { expect } = context;
      const machine = await start(context);
      writeFileSync(
        machine.storePath,
        "this is no database, and long enough to be taken for one".repeat(100),
      );
      const agent = await machine.start();

      const accepted = agent.accept(snsEvent(alarmMessage()));

      await expect(accepted).rejects.toMatchObject({
        message: expect.stringContaining("could not"),
        remedy: expect.stringContaining("choose another path"),
      });
      await expect.poll(() => machine.slack.messages.length, { timeout: 30_000 }).toBe(1);
      expect(machine.aws.mutations()).toEqual([]);
    },
  );
});
