import { expect, it } from "vitest";
import { summarizeSeries } from "../../../packages/signals/index.ts";
import { NOW } from "../../../test/samples/facts.ts";
import type { TaskReading } from "../../domain/reading.ts";
import type { PlannedSeries } from "../metric-series.ts";
import { isStartUp, startsOf, withoutStart, withoutTeeth } from "./task-starts.ts";

const now = Date.parse(NOW);
const minutesAgo = (minutes: number) => now - minutes * 60_000;
const series = (taskId?: string, role: PlannedSeries["role"] = "cpu") =>
  ({ role, query: { metric: { periodSeconds: 60 } }, ...(taskId && { taskId }) }) as unknown as PlannedSeries;
const hour = (level: (ago: number) => number, minutes = 60) =>
  Array.from({ length: minutes }, (_, i) => ({ t: minutesAgo(minutes - i), v: level(minutes - i) }));
const summaryOf = (level: (ago: number) => number, minutes = 60) => {
  const summary = summarizeSeries(hour(level, minutes), { periodSeconds: 60 });
  if (summary === undefined) throw new Error("no points");
  return summary;
};

it("knows the starts of the service's tasks, and of one task its own", () => {
  const running = [
    { id: "a", startedAt: new Date(minutesAgo(9)).toISOString() },
    { id: "b", startedAt: new Date(minutesAgo(5)).toISOString() },
    { id: "c" },
  ] as TaskReading[];

  expect(startsOf(series(), running)).toEqual([minutesAgo(9), minutesAgo(5)]);
  expect(startsOf(series("b"), running)).toEqual([minutesAgo(5)]);
});

it("leaves out five periods of a task that has run longer", () => {
  const burst = hour((ago) => (ago > 15 ? 95 : 20), 20);

  expect(withoutStart(series("a"), burst, [minutesAgo(20)]).map(({ v }) => v)).toEqual(
    new Array(15).fill(20),
  );
});

it("keeps what a task that just started has, and all of the service", () => {
  const points = hour(() => 95, 4);

  expect(withoutStart(series("a"), points, [minutesAgo(4)])).toBe(points);
  expect(withoutStart(series(), points, [minutesAgo(4)])).toBe(points);
});

it.each([
  ["began with the start, four minutes ago", 4, 4, true],
  ["began with the start, five minutes ago", 5, 5, true],
  ["began with the start, six minutes ago", 6, 6, false],
  ["began before the start", 12, 4, false],
])("a departure that %s", (_, departed, started, expected) => {
  const summary = summaryOf((ago) => (ago > departed ? 20 : 90));

  expect(isStartUp(series(), summary, [minutesAgo(started)])).toBe(expected);
});

it.each(["errors-5xx", "unhealthy-hosts", "memory"] as const)("does not take %s for a warm-up", (role) => {
  const summary = summaryOf((ago) => (ago > 4 ? 20 : 90));

  expect(isStartUp(series(undefined, role), summary, [minutesAgo(4)])).toBe(false);
});

it("takes a task without older points for starting", () => {
  const summary = summaryOf(() => 90, 3);

  expect(isStartUp(series("a"), summary, [minutesAgo(3)])).toBe(true);
  expect(isStartUp(series(), summary, [minutesAgo(3)])).toBe(false);
});

it("calls teeth above one level steady, where no task started", () => {
  const teeth = summaryOf((ago) => 40 + ((60 - ago) % 12) * 2);

  expect(withoutTeeth(teeth, [minutesAgo(300)])).toMatchObject({ shape: "flat", direction: "none" });
  expect(withoutTeeth(teeth, [minutesAgo(300)])).not.toHaveProperty("onset");
  expect(withoutTeeth(teeth, [minutesAgo(300), minutesAgo(20)])).toBe(teeth);
  expect(withoutTeeth(teeth, [])).toBe(teeth);
});

it("leaves teeth whose floor rises a departure", () => {
  const teeth = summaryOf((ago) => 40 + ((60 - ago) % 12) * 2 + (60 - ago) / 4);

  expect(withoutTeeth(teeth, [minutesAgo(300)])).toBe(teeth);
});
