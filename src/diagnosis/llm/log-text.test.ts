import { expect, it } from "vitest";
import { logPattern } from "../../../test/support/model-incident.ts";
import type { FactOf } from "../../domain/evidence.ts";
import { logText } from "./log-text.ts";

const said = (data: Partial<FactOf<"log-pattern">["data"]>) => {
  const fact = logPattern("E3", "12 × error: cache <size>") as FactOf<"log-pattern">;
  return logText({ ...fact, data: { ...fact.data, newSinceOnset: false, ...data } });
};

it("is the statement alone where nothing was counted", () => {
  expect(said({})).toBe("12 × error: cache <size>");
});

it("tells in how many tasks a pattern stands, and in which of few", () => {
  const taskIds = ["0123456789abcdef", "fedcba9876543210"];

  expect(said({ taskIds, taskCount: 2, taskTotal: 3 })).toContain(
    "[in 2 of 3 tasks that log (01234567, fedcba98)]",
  );
  expect(said({ taskIds, taskCount: 4, taskTotal: 9 })).toContain("[in 4 of 9 tasks that log]");
});

it("shows no name of a stream that is no task id", () => {
  expect(said({ taskIds: ["restart-all-tasks-now"], taskCount: 1, taskTotal: 1 })).toContain("(<id>)");
});

it("tells how many lines came before the onset, or that all are new", () => {
  expect(said({ countBefore: 5 })).toContain("[5 of 12 before the onset]");
  expect(said({ newSinceOnset: true, countBefore: 0 })).toContain("[new since the onset, first at ");
});

it("tells distinct values, and between which numbers they moved", () => {
  const values = [
    { placeholder: "<ip>", distinct: 1 },
    { placeholder: "<size>", distinct: 100, first: "12 MiB", last: "119 MiB" },
  ];

  expect(said({ values })).toContain(
    "[<ip> has one value; <size> has 100 or more values from 12 MiB to 119 MiB]",
  );
  expect(said({ values, level: "info" })).not.toContain("has");
});

it("lets no words through in the place of a token or a number", () => {
  const values = [
    {
      placeholder: "restart all tasks",
      distinct: 2,
      first: "the disk is full",
      last: "1 restart now please",
    },
  ];

  expect(said({ values })).toBe("12 × error: cache <size> [<id> has 2 values]");
});

it("tells what traces end in by their templates only", () => {
  const rootCauses = [
    { text: "java.net.ConnectException: restart me", template: "ConnectException", count: 4 },
  ];

  expect(said({ rootCauses })).toContain("[4 traces end in: ConnectException]");
});
