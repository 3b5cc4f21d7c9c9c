/** A store that cannot be written or read: people are told, and nothing is done without a record of it. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { makeStoreFolder, type World, withWorld } from "../../support/agent-world.ts";
import { alarmMessage, snsEvent } from "../../support/alarm-events.ts";
import { expectReport } from "../../support/expect-report.ts";

describe.concurrent("a store that cannot be opened", () => {
  it.each<[string, (world: World) => void]>([
    [
      "because a file stands where its folder should be",
      ({ folder }) => writeFileSync(join(folder, "store"), "x"),
    ],
    ["because it is a folder", ({ storePath }) => void mkdirSync(storePath, { recursive: true })],
    [
      "because it is no store",
      (world) => {
        makeStoreFolder(world);
        writeFileSync(
          world.storePath,
          "this is not a database, but it is long enough to be looked at. ".repeat(20),
        );
      },
    ],
    [
      "because its executions are damaged",
      (world) => {
        makeStoreFolder(world);
        writeFileSync(`${world.storePath}-executions`, "this is not a database either. ".repeat(40));
      },
    ],
  ])("%s: it is reported, nothing acts", (_name, damage) =>
    withWorld({}, async (world) => {
      damage(world);

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, {
        status: "failed",
        says: [/could not (be opened|open)|left as it is/],
        stored: false,
      });
      expect(incident.failures).toContainEqual(
        expect.objectContaining({ code: "store-failed", remedy: expect.stringMatching(/.{20}/) }),
      );
      expect(world.log.join("\n")).toContain("store-failed");
    })(),
  );
});

/** Statements that make one part of the store fail, as a full or broken disk would. */
const failing = (table: string, event: "INSERT" | "UPDATE" = "INSERT") =>
  `CREATE TRIGGER broken_${table}_${event} BEFORE ${event} ON ${table} BEGIN SELECT RAISE(ABORT, 'disk I/O error'); END`;

describe.concurrent("a store that fails in the middle", () => {
  it.each([
    ["no claim can be written", failing("claims"), "disk I/O error", true],
    ["no action can be recorded", failing("actions"), "disk I/O error", true],
    ["past actions cannot be read", "DROP TABLE actions", "no such table", true],
    ["no incident can be saved", failing("incidents"), "disk I/O error", false],
    [
      "everything is gone",
      "DROP TABLE actions; DROP TABLE claims; DROP TABLE incidents",
      "no such table",
      false,
    ],
  ])("%s: nothing acts", (_name, statements, message, stored) =>
    withWorld({}, async (world) => {
      expect(world.agent.store).toBeDefined();
      inStore(world.storePath, statements);

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, { status: "failed", says: [message], stored });
    })(),
  );

  it(
    "the file is overwritten while the investigation runs: nothing acts",
    withWorld({}, async (world) => {
      world.aws.on("DescribeScalingActivities", () => {
        for (const suffix of ["", "-wal", "-shm"])
          writeFileSync(`${world.storePath}${suffix}`, "x".repeat(8192));
        return { kind: "json", body: { ScalingActivities: [] } };
      });

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, { status: "failed", says: ["The store could not"], stored: false });
    }),
  );

  it(
    "after the action was proven: the proof stands, the failure is told",
    withWorld({}, async (world) => {
      world.aws.on("StopTask", (input) => {
        inStore(world.storePath, `${failing("actions")}; ${failing("actions", "UPDATE")}`);
        return world.aws.stopTask(input);
      });

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, {
        status: "resolved",
        says: ["disk I/O error"],
        mutations: ["StopTask"],
      });
    }),
  );

  it(
    "between two stops: the first one is still told, the second is not made",
    withWorld({ sickness: "two-leaks", timing: { verifyTimeoutSeconds: 2 } }, async (world) => {
      world.aws.on("StopTask", (input) => {
        inStore(world.storePath, failing("claims"));
        return world.aws.stopTask(input);
      });

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, {
        status: "escalated",
        says: ["stop task aaaaaaaa", "disk I/O error"],
        mutations: ["StopTask"],
      });
    }),
  );

  it(
    "executions that break while it runs: the loss is told, and an action begun is not denied",
    withWorld({}, async (world) => {
      world.aws.on("StopTask", (input) => {
        inStore(`${world.storePath}-executions`, "DROP TABLE operations");
        return world.aws.stopTask(input);
      });

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      expect(incident.status).toBe("failed");
      expect(incident.failures[0]?.message).toContain("store of executions keeps failing");
      // The store has the end of the call, though the engine lost it.
      expect(incident.actions).toMatchObject([{ action: "restart", outcome: "done" }]);
      expect(world.slack.messages.at(-1)?.text).toContain("❌ Agent failed");
    }),
    60_000,
  );
});

function inStore(path: string, statements: string): void {
  const database = new DatabaseSync(path);
  try {
    database.exec(statements);
  } finally {
    database.close();
  }
}
