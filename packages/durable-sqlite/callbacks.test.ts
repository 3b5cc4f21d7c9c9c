import { expect, test } from "vitest";
import { openCallback, openEngine, scratchFile, until } from "../../test/support/durable-engine.ts";

const approval = openApproval({ hours: 1 });

function openApproval(timeout: { hours: number } | { seconds: number }) {
  return async (
    _input: unknown,
    context: Parameters<Parameters<typeof openEngine>[0]>[1],
  ): Promise<unknown> =>
    context
      .waitForCallback("approve", async () => {}, { timeout })
      .catch((error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : error));
}

test("the first decision wins", async () => {
  const engine = openEngine(approval);
  await engine.start("one", null);
  const callbackId = await openCallback(engine, "one");

  const outcomes = await Promise.all([
    engine.completeCallback(callbackId, "yes"),
    engine.failCallback(callbackId, { type: "Denied", message: "no" }),
    engine.completeCallback(callbackId, "no"),
  ]);

  expect(outcomes).toEqual(["completed", "already-decided", "already-decided"]);
  expect(await engine.waitFor("one")).toEqual({ status: "SUCCEEDED", output: "yes" });
  expect(await engine.completeCallback(callbackId, "again")).toBe("already-decided");
});

test("a failed callback brings its error", async () => {
  const engine = openEngine(approval);
  await engine.start("one", null);

  const outcome = await engine.failCallback(await openCallback(engine, "one"), {
    type: "Denied",
    message: "not now",
  });

  expect(outcome).toBe("completed");
  expect(await engine.waitFor("one")).toMatchObject({ output: expect.stringContaining("not now") });
});

test("an id nobody issued is unknown, and one too large is refused", async () => {
  const engine = openEngine(approval);

  expect(await engine.completeCallback("guess", "yes")).toBe("unknown");
  await expect(engine.completeCallback("guess", "x".repeat(256 * 1024 + 1))).rejects.toMatchObject({
    code: "payload-too-large",
  });
});

test("another engine on the same file decides, and the first one notices", async () => {
  const database = scratchFile();
  const engine = openEngine(approval, { database });
  const other = openEngine(approval, { database, codeVersion: "other" });
  await engine.start("one", null);
  const callbackId = await openCallback(other, "one");
  // Long enough for the workflow to have suspended: from here on only polling can notice.
  await new Promise((resolve) => setTimeout(resolve, 80));

  const outcome = await other.completeCallback(callbackId, "yes");

  expect(outcome).toBe("completed");
  await until(async () => (await engine.result("one")).status === "SUCCEEDED");
});

test("a decision after the deadline is too late, though no worker was there to see it pass", async () => {
  const database = scratchFile();
  const engine = openEngine(openApproval({ seconds: 1 }), { database });
  await engine.start("one", null);
  const callbackId = await openCallback(engine, "one");
  await engine.stop();
  const later = openEngine(openApproval({ seconds: 1 }), { database, clock: () => Date.now() + 60_000 });

  const outcome = await later.completeCallback(callbackId, "yes");
  await later.resume();

  expect(outcome).toBe("already-decided");
  expect(await later.waitFor("one")).toMatchObject({
    output: expect.stringContaining("Callback timed out"),
  });
});

test("heartbeats put off the heartbeat timeout", async () => {
  let offset = 0;
  const engine = openEngine(
    async (_input, context) => {
      const [decision] = await context.createCallback("beat", { heartbeatTimeout: { seconds: 60 } });
      return decision.catch((error: unknown) => (error instanceof Error ? error.message : error));
    },
    { clock: () => Date.now() + offset },
  );
  await engine.start("one", null);
  const callbackId = await openCallback(engine, "one");

  offset = 50_000;
  const beat = await engine.heartbeatCallback(callbackId);
  offset = 100_000;
  await new Promise((resolve) => setTimeout(resolve, 30));
  const stillOpen = await engine.result("one");
  offset = 115_000;
  const final = await engine.waitFor("one");

  expect(beat).toBe("completed");
  expect(stillOpen).toEqual({ status: "RUNNING" });
  expect(final).toMatchObject({ output: "Callback timed out on heartbeat" });
  expect(await engine.heartbeatCallback(callbackId)).toBe("already-decided");
});
