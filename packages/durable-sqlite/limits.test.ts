import type { OperationUpdate } from "@aws/durable-execution-sdk-js";
import { describe, expect, test } from "vitest";
import { openEngine } from "../../test/support/durable-engine.ts";
import { checkLimits } from "./limits.ts";

const KIB = 1024;
const succeed = (payload: string): OperationUpdate => ({
  Id: "1",
  Type: "STEP",
  Action: "SUCCEED",
  Payload: payload,
});
const executionScope = expect.objectContaining({ scope: "EXECUTION" });

describe("a checkpoint at the service's limits is taken, one above is refused for good", () => {
  test("256 KiB an operation, counted in bytes", () => {
    expect(() => checkLimits([succeed("x".repeat(256 * KIB))])).not.toThrow();
    expect(() => checkLimits([succeed("x".repeat(256 * KIB + 1))])).toThrow(executionScope);
    expect(() => checkLimits([succeed("é".repeat(129 * KIB))])).toThrow(executionScope);
  });

  test("250 updates and 750 KiB in all", () => {
    const updates = (count: number, bytes: number) =>
      Array.from({ length: count }, () => succeed("x".repeat(bytes)));

    expect(() => checkLimits(updates(250, 3 * KIB))).not.toThrow();
    expect(() => checkLimits(updates(251, 1))).toThrow(executionScope);
    expect(() => checkLimits(updates(3, 251 * KIB))).toThrow(executionScope);
  });

  test("32 KiB an error", () => {
    const fail = (bytes: number): OperationUpdate => ({
      Id: "1",
      Type: "STEP",
      Action: "FAIL",
      Error: { ErrorMessage: "x".repeat(bytes) },
    });

    expect(() => checkLimits([fail(31 * KIB)])).not.toThrow();
    expect(() => checkLimits([fail(33 * KIB)])).toThrow(executionScope);
  });
});

test("a step result above the limit fails the execution, as on Lambda", async () => {
  const engine = openEngine(async (_input, context) =>
    context.step("transcript", async () => "x".repeat(300 * KIB)),
  );

  await engine.start("one", null);

  expect(await engine.waitFor("one")).toMatchObject({
    status: "FAILED",
    error: { message: expect.stringContaining("STEP transcript: a payload of") },
  });
});

test("a result above the response limit arrives whole", async () => {
  const engine = openEngine(async () => "x".repeat(7 * KIB * KIB));

  await engine.start("one", null);
  const result = await engine.waitFor("one");

  expect(result.status === "SUCCEEDED" && result.output.length).toBe(7 * KIB * KIB);
});
