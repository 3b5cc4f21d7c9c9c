/** Kills around every call that keeps or changes something. The whole matrix is kill-matrix.ts. */
import { describe, expect, test } from "vitest";
import { judge } from "./incident-judge.ts";
import { describeKills, type Row } from "./incident-kill-suite.ts";
import { createTrial } from "./incident-trials.ts";

const around = (...calls: readonly string[]) => calls.flatMap((call) => [`before:${call}`, `after:${call}`]);

const ROWS: readonly Row[] = [
  {
    scenario: "restart",
    moments: [
      ...around(
        "store.attachOrOpen#2",
        "store.append#1",
        "store.reserve#1",
        "store.recordAction#1",
        "store.releaseLock#1",
      ),
      ...around("notifier.notify#1"),
      "after:store.attachOrOpen#1",
      "after:actuator.stopTask#1",
      "before:commit@store.append#1#2",
      "after:commit@store.append#1#2",
    ],
  },
  {
    scenario: "restart",
    moments: [...around("store.claim#1"), "before:actuator.stopTask#1"],
    ends: ["escalated"],
  },
  { scenario: "restart two", moments: ["after:actuator.stopTask#1", "after:actuator.stopTask#2"] },
  { scenario: "restart two", moments: ["before:actuator.stopTask#2"], ends: ["escalated", "stop a"] },
  {
    scenario: "restart, one first",
    moments: [
      "after:actuator.setDesiredCount#1",
      "after:actuator.stopTask#1",
      // The call that was begun is not made again: the added task goes later, by scale-in.
      ...around("actuator.setDesiredCount#2"),
    ],
  },
  {
    scenario: "restart, one first",
    moments: ["before:actuator.setDesiredCount#1"],
    ends: ["escalated"],
  },
  {
    scenario: "restart, one first",
    moments: ["before:actuator.stopTask#1"],
    ends: ["escalated", "desire 4", "desire 3"],
  },
  {
    scenario: "restart two, one first",
    moments: ["before:actuator.stopTask#2"],
    ends: ["escalated", "desire 4", "stop a", "desire 3"],
  },
  { scenario: "restart, no room for one first", moments: around("actuator.setDesiredCount#2") },
  { scenario: "restart, the one first never serves", moments: ["after:actuator.setDesiredCount#2"] },
  // A scale-in is wanted also where nothing shows whether it was made: it is made again.
  {
    scenario: "scale",
    moments: ["after:actuator.setDesiredCount#1", ...around("actuator.setDesiredCount#2")],
  },
  { scenario: "scale", moments: ["before:actuator.setDesiredCount#1"], ends: ["escalated"] },
  { scenario: "scale, worse", moments: ["after:actuator.setDesiredCount#2"] },
  {
    scenario: "rollback approved",
    moments: [
      ...around("store.ask#1", "channel.ask#1", "store.noteMessage#1"),
      "after:actuator.setTaskDefinition#1",
    ],
  },
  { scenario: "rollback approved", moments: ["before:actuator.setTaskDefinition#1"], ends: ["escalated"] },
  { scenario: "rollback denied", moments: ["after:channel.ask#1"] },
  { scenario: "rollback expired", moments: ["after:channel.ask#1"] },
  { scenario: "rollback auto", moments: ["after:actuator.setTaskDefinition#1"] },
  {
    scenario: "second alarm joins",
    moments: ["before:store.reserve#1", "after:actuator.stopTask#1"],
    meanwhile: "before:ecs.tasks#1",
  },
  { scenario: "alarm is OK while asked", moments: around("store.answer#1", "callbackClient.resume#1") },
  {
    scenario: "late alarm shows the cause",
    moments: [
      ...around("store.reserve#1", "notifier.notify#2", "store.releaseLock#1"),
      "after:actuator.stopTask#1",
    ],
  },
  { scenario: "late alarm shows the cause", moments: ["before:actuator.stopTask#1"], ends: ["escalated"] },
  { scenario: "alarm fires again", moments: around("store.attachOrOpen#3", "store.attachOrOpen#4") },
];

describeKills(ROWS);

describe("an OpsAgent that is killed", () => {
  test("again and again: still ends, acted on once", async () => {
    const trial = createTrial("restart two");
    const moments = [
      "after:metrics.series#1",
      "after:store.actionsSince#1",
      "after:actuator.stopTask#1",
      "before:elb.targetHealth#1",
      "before:notifier.notify#1",
      "after:notifier.notify#1",
    ];

    for (const moment of moments) await trial.start("handle", moment).exit;
    const last = await trial.start("resume").exit;
    const { faults } = await judge(trial, { kills: moments.length, last, how: "resume" });

    expect(faults, trial.folder).toEqual([]);
    trial.remove();
  });
});

describe("a person who answers with a process that is killed", () => {
  test.concurrent.each([
    "before:book.answer#1",
    "after:book.answer#1",
    "after:events.append#1",
    "after:callbackClient.resume#1",
  ])("%s: answers again, and the change is made once", async (moment) => {
    const trial = createTrial("rollback approved");

    const running = trial.start("handle").exit;
    const killed = await trial.answer("approved", moment).exit;
    await trial.answer("approved").exit;
    const { faults, changes } = await judge(trial, { kills: 1, last: await running, how: "handle" });

    expect(killed, killed.errors).toMatchObject({ signal: "SIGKILL" });
    expect(faults, trial.folder).toEqual([]);
    expect(changes).toEqual(["back shop:6"]);
    trial.remove();
  });

  test.concurrent.each([
    ["before:book.answer#1", "expired", []],
    ["after:book.answer#1", "approved", ["back shop:6"]],
  ] as const)("%s, and stays away: at the deadline the answer is %s", async (moment, verdict, changed) => {
    const trial = createTrial("rollback, answered once");

    const running = trial.start("handle").exit;
    await trial.answer("approved", moment).exit;
    const { faults, changes, incidents } = await judge(trial, {
      kills: 1,
      last: await running,
      how: "handle",
    });

    expect(faults, trial.folder).toEqual([]);
    expect(incidents[0]?.approval?.answer?.verdict).toBe(verdict);
    expect(changes).toEqual(changed);
    trial.remove();
  });
});
