import { describe, expect, it } from "vitest";
import type { TaskReading } from "../domain/reading.ts";
import { createLastWords } from "./last-words.ts";

const id = (digit: string) => digit.repeat(32);
const stopped = (digit: string, exitCode: number, stoppedAt: string): TaskReading => ({
  arn: `arn:aws:ecs:us-east-1:000000000000:task/production/${id(digit)}`,
  id: id(digit),
  lastStatus: "STOPPED",
  desiredStatus: "STOPPED",
  taskDefinition: "shop:7",
  stoppedAt,
  stopCode: "EssentialContainerExited",
  stoppedReason: "Essential container in task exited",
  containers: [{ name: "app", exitCode }],
});
const ownerOf = (stream: string) => {
  const [, container, taskId] = stream.split("/");
  return container === undefined || taskId === undefined ? undefined : { taskId, container };
};
const lines = (digit: string, count: number) =>
  Array.from({ length: count }, (_, index) => ({
    t: 1_000 + index,
    stream: `shop/app/${id(digit)}`,
    message: `line ${index} of ${digit}`,
  }));

describe("the last lines of tasks that ended by themselves", () => {
  it("are the newest ones of the task's own stream, by container", () => {
    const words = createLastWords([stopped("a", 1, "2026-11-23T07:00:00.000Z")], ownerOf);

    words.add([...lines("a", 50), ...lines("b", 50)]);

    const [fact, ...others] = words.facts();
    expect(others).toEqual([]);
    expect(fact).toMatchObject({
      provenance: "log",
      statement: "Task aaaaaaaa (container app) wrote last before it ended: “line 48 of a”, “line 49 of a”.",
    });
    expect(fact?.kind === "last-words" && fact.data.lines).toEqual(
      lines("a", 50)
        .slice(-8)
        .map(({ message }) => message),
    );
  });

  it("are kept of the three newest such tasks, in whatever order the lines come", () => {
    const times = ["a", "b", "c", "d"].map((digit, index) =>
      stopped(digit, 1, `2026-11-23T07:0${index}:00.000Z`),
    );
    const words = createLastWords(times, ownerOf);

    words.add(["d", "a", "c", "b"].flatMap((digit) => lines(digit, 3).reverse()));

    expect(words.facts().map((fact) => fact.statement.slice(5, 13))).toEqual([
      "dddddddd",
      "cccccccc",
      "bbbbbbbb",
    ]);
  });

  it("are not those of a task that was stopped from outside", () => {
    const task = { ...stopped("a", 143, "2026-11-23T07:00:00.000Z"), stopCode: "ServiceSchedulerInitiated" };
    const words = createLastWords([task], ownerOf);

    words.add(lines("a", 3));

    expect(words.facts()).toEqual([]);
  });

  it("hide secrets", () => {
    const words = createLastWords([stopped("a", 1, "2026-11-23T07:00:00.000Z")], ownerOf);

    words.add([{ t: 1, stream: `shop/app/${id("a")}`, message: "password=hunter2horse cannot log in" }]);

    expect(JSON.stringify(words.facts())).not.toContain("hunter2horse");
  });
});
