import { expect, test } from "vitest";
import { openEngine, scratchFile, until } from "../../test/support/durable-engine.ts";
import { createEngineClock } from "./clock.ts";

test("the clock follows a jump forwards, and carries on through a jump backwards", () => {
  let wall = 1_000_000;
  let elapsed = 0;
  const clock = createEngineClock(
    () => wall,
    () => elapsed,
  );
  const readings: number[] = [];
  const advance = (wallMs: number, elapsedMs: number) => {
    wall += wallMs;
    elapsed += elapsedMs;
    readings.push(clock.now());
  };

  advance(10, 10);
  advance(3_600_000, 10);
  advance(-7_200_000, 10);
  advance(5, 5);

  expect(readings).toEqual([1_000_010, 4_600_010, 4_600_020, 4_600_025]);
});

test("a wait lasts as long as it should while the clock is set back", async () => {
  let offset = 0;
  const engine = openEngine(async (_input, context) => context.wait({ seconds: 1 }), {
    clock: () => Date.now() + offset,
  });
  const begun = performance.now();
  await engine.start("pause", null);
  await until(async () => (await engine.operations("pause")).length === 1);

  offset = -3_600_000;
  await engine.waitFor("pause");

  // Not a measure: by the clock before, it would be an hour.
  expect(performance.now() - begun).toBeLessThan(30_000);
});

test("a wait begun before the clock was set back does not outlast its length after a restart", async () => {
  const database = scratchFile();
  const workflow = async (_input: unknown, context: Parameters<Parameters<typeof openEngine>[0]>[1]) =>
    context.wait({ seconds: 1 });
  const before = openEngine(workflow, { database, clock: () => Date.now() + 3_600_000 });
  await before.start("pause", null);
  await until(async () => (await before.operations("pause")).length === 1);
  await before.stop();
  const after = openEngine(workflow, { database });
  const begun = performance.now();

  await after.resume();
  await after.waitFor("pause");

  // Not a measure: by the clock before, it would be an hour.
  expect(performance.now() - begun).toBeLessThan(30_000);
});
