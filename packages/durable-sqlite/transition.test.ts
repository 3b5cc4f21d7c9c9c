import type { OperationUpdate } from "@aws/durable-execution-sdk-js";
import { describe, expect, test } from "vitest";
import { settle } from "./timers.ts";
import { applyUpdate } from "./transition.ts";

const executionScope = expect.objectContaining({ scope: "EXECUTION" });

test("the state of a poll loop outlives the start of its next attempt", () => {
  const poll = { Id: "1", Type: "STEP", SubType: "WaitForCondition" } as const;
  const options = { StepOptions: { NextAttemptDelaySeconds: 2 } };

  const started = applyUpdate(undefined, { ...poll, Action: "START" }, 1000);
  const pending = applyUpdate(started, { ...poll, ...options, Action: "RETRY", Payload: "7" }, 1500);
  const ready = settle(pending, 3500);
  const again = applyUpdate(ready, { ...poll, Action: "START" }, 3600);

  expect(pending).toMatchObject({
    status: "PENDING",
    attempt: 1,
    result: "7",
    timerSetAt: 1500,
    dueAt: 3500,
  });
  expect(ready).toMatchObject({ status: "READY", result: "7", timerSetAt: null, dueAt: null });
  expect(again).toMatchObject({ status: "STARTED", attempt: 1, result: "7" });
});

test("a callback times out at the nearer of its heartbeat and its deadline, and says which", () => {
  const options = { CallbackOptions: { TimeoutSeconds: 10, HeartbeatTimeoutSeconds: 4 } };
  const open = applyUpdate(undefined, { Id: "1", Type: "CALLBACK", Action: "START", ...options }, 0);

  const silent = settle(open, 4000);
  const overdue = settle(open, 10_000);

  expect(open).toMatchObject({ dueAt: 4000, deadlineAt: 10_000, beatMs: 4000 });
  expect(silent).toMatchObject({
    status: "TIMED_OUT",
    error: { ErrorMessage: "Callback timed out on heartbeat" },
  });
  expect(overdue).toMatchObject({ status: "TIMED_OUT", error: { ErrorMessage: "Callback timed out" } });
});

describe("updates the service would refuse are refused", () => {
  const started = applyUpdate(undefined, { Id: "1", Type: "STEP", Action: "START" }, 0);
  const ended = applyUpdate(started, { Id: "1", Type: "STEP", Action: "SUCCEED" }, 1);
  const cases: [string, Parameters<typeof applyUpdate>[0], Partial<OperationUpdate>][] = [
    ["an unknown type", undefined, { Type: "DREAM" as "STEP", Action: "START" }],
    ["a chained invoke", undefined, { Type: "CHAINED_INVOKE", Action: "START" }],
    ["a step started twice", started, { Type: "STEP", Action: "START" }],
    ["a step ended twice", ended, { Type: "STEP", Action: "SUCCEED" }],
    ["a retry without options", started, { Type: "STEP", Action: "RETRY" }],
    ["a wait that succeeds by itself", undefined, { Type: "WAIT", Action: "SUCCEED" }],
    ["a callback that succeeds by itself", undefined, { Type: "CALLBACK", Action: "SUCCEED" }],
    ["a cancelled wait that never was", undefined, { Type: "WAIT", Action: "CANCEL" }],
    ["a cancelled step", started, { Type: "STEP", Action: "CANCEL" }],
    ["a step that turns into a wait", started, { Type: "WAIT", Action: "CANCEL" }],
    ["a success with an error", started, { Type: "STEP", Action: "SUCCEED", Error: {} }],
    ["a failure with a payload", started, { Type: "STEP", Action: "FAIL", Payload: "1" }],
  ];

  test.each(cases)("%s", (_title, current, update) => {
    const whole = { Id: "1", Type: undefined, Action: undefined, ...update };

    expect(() => applyUpdate(current, whole, 2)).toThrow(executionScope);
  });
});
