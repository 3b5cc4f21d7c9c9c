import { expect, test } from "vitest";
import { createDurableEngine } from "../../packages/durable-sqlite/index.ts";
import { createIncident, fastClock } from "./durable-incident.ts";
import { createScratch, launch, launchProgram, readLog, startApprover } from "./durable-processes.ts";

test("three processes at once on one incident: one effect, and all learn the result", async () => {
  const scratch = createScratch();
  const approver = startApprover(scratch.database);
  const log = scratch.log("shared");

  const exits = await Promise.all([1, 2, 3].map(() => launch(scratch.database, "shared", log).exit));
  await approver.stop();

  const outcomes = exits.map((exit) => JSON.parse(exit.output));
  expect(outcomes.filter((outcome) => outcome.created)).toHaveLength(1);
  for (const { result } of outcomes) {
    expect(result).toMatchObject({ status: "SUCCEEDED", output: { act: "done" } });
  }
  expect(readLog(log).filter((line) => !line.startsWith("asked"))).toEqual([
    "observe",
    "metrics",
    "ACT",
    "report",
  ]);
  expect(approver.decided).toEqual(["shared"]);
});

test("a process takes over at once when the one that runs the incident is killed", async () => {
  const scratch = createScratch();
  const log = scratch.log("relay");
  const first = launch(scratch.database, "relay", log);
  await untilLogged(log, "asked");
  const second = launch(scratch.database, "relay", log);

  first.child.kill("SIGKILL");
  const approver = startApprover(scratch.database);
  const { output } = await second.exit;
  await approver.stop();

  expect(JSON.parse(output)).toMatchObject({ created: false, result: { status: "SUCCEEDED" } });
  expect(readLog(log).filter((line) => line === "ACT")).toHaveLength(1);
});

test("fifty starts of one name from five processes make one execution", async () => {
  const { database } = createScratch();

  const exits = await Promise.all(
    [1, 2, 3, 4, 5].map(() => launchProgram("durable-starter.ts", [database, "storm", "10"]).exit),
  );

  const outcomes = exits.map((exit) => JSON.parse(exit.output));
  expect(outcomes.map((outcome) => outcome.created).sort()).toEqual([0, 0, 0, 0, 1]);
  for (const { result } of outcomes) expect(result).toEqual({ status: "SUCCEEDED", output: "done" });
});

test("resume picks up everything killed processes left, and runs it to its end", async () => {
  const scratch = createScratch();
  const points = ["in-observe", "during-callback-wait", "in-submitter"];
  await Promise.all(points.map((point) => launch(scratch.database, point, scratch.log(point), point).exit));
  const engine = createDurableEngine({
    database: scratch.database,
    workflow: createIncident(
      () => {},
      () => {},
    ),
    codeVersion: "1",
    clock: fastClock,
  });

  const resumed = await engine.resume();
  const approver = startApprover(scratch.database);
  const results = await Promise.all(points.map((point) => engine.waitFor(point)));
  await approver.stop();
  await engine.stop();

  expect(resumed).toBe(3);
  expect(results.map((result) => result.status)).toEqual(["SUCCEEDED", "SUCCEEDED", "SUCCEEDED"]);
});

async function untilLogged(log: string, prefix: string): Promise<void> {
  while (!readLog(log).some((line) => line.startsWith(prefix))) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
