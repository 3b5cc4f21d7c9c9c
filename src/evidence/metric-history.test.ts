import { expect, it } from "vitest";
import { summarizeSeries } from "../../packages/signals/index.ts";
import { NOW } from "../../test/samples/facts.ts";
import type { Point } from "../domain/reading.ts";
import type { SummarizedSeries } from "./facts/metric-fact.ts";
import { readHistory, withHistory } from "./metric-history.ts";
import type { MetricQuery, Window } from "./ports.ts";
import type { EvidenceContext } from "./source.ts";

const now = Date.parse(NOW);
const MINUTE = 60_000;
const at = (minutesAgo: number) => new Date(now - minutesAgo * MINUTE).toISOString();
const every = (minutes: number, count: number, level: (minutesAgo: number) => number): Point[] =>
  Array.from({ length: count }, (_, i) => {
    const ago = (count - i) * minutes;
    return { t: now - ago * MINUTE, v: level(ago) };
  });

function read(
  id: string,
  level: (minutesAgo: number) => number,
  { statistic = "Average", ...more }: { statistic?: string; isAlarm?: boolean; taskId?: string } = {},
): SummarizedSeries {
  const points = every(1, 60, level);
  const summary = summarizeSeries(points, { periodSeconds: 60, goodDirection: "low" });
  const metric = { namespace: "AWS/ECS", name: id, statistic, dimensions: {}, periodSeconds: 60 };
  return {
    series: { query: { id, metric }, role: "cpu", label: id, unit: "", ...more },
    points,
    summary,
    trust: { provenance: "metric" },
  } as unknown as SummarizedSeries;
}

/** Reads the history of these series from a CloudWatch that has `level` of each. */
async function historyOf(series: readonly SummarizedSeries[], level: (minutesAgo: number) => number) {
  const asked: { queries: readonly MetricQuery[]; window: Window }[] = [];
  const context = {
    now,
    readers: {
      metrics: {
        series: async (queries: readonly MetricQuery[], window: Window) => {
          asked.push({ queries, window });
          return new Map(queries.map(({ id }) => [id, every(5, 2040, level)]));
        },
      },
    },
  } as unknown as EvidenceContext;
  return { asked, history: await readHistory(context, series, new AbortController().signal) };
}

const jump = (ago: number) => (ago <= 20 ? 90 : 20) + Math.sin(ago * ago);

it("asks for nothing where nothing changed", async () => {
  const { asked, history } = await historyOf([read("calm", (ago) => 20 + Math.sin(ago * ago))], jump);

  expect(asked).toEqual([]);
  expect(history.size).toBe(0);
});

it("asks once for seven days and two hours of at most twenty series that changed, the alarm's first and tasks last", async () => {
  const tasks = Array.from({ length: 22 }, (_, index) =>
    read(`task-${index}`, jump, { taskId: `t${index}` }),
  );
  const { asked } = await historyOf(
    [...tasks, read("service", jump), read("own", jump, { isAlarm: true })],
    jump,
  );

  expect(asked).toHaveLength(1);
  expect(asked[0]?.window).toEqual({ from: now - (7 * 24 + 2) * 60 * MINUTE, to: now });
  expect(asked[0]?.queries.map(({ id }) => id).slice(0, 3)).toEqual(["own", "service", "task-0"]);
  expect(asked[0]?.queries).toHaveLength(20);
  expect(new Set(asked[0]?.queries.map(({ metric }) => metric.periodSeconds))).toEqual(new Set([300]));
});

it("says that the series goes as far each day at this time", async () => {
  const daily = (ago: number) => ((((ago - 1) % 1440) + 1440) % 1440 < 20 ? 90 : 20);
  const series = [read("own", jump, { isAlarm: true })];
  const { history } = await historyOf(series, daily);

  expect(withHistory(series, history)[0]?.notes?.usual).toMatchObject({ days: 7, share: 1, hourAgo: 0 });
});

it("counts sums by the series' own period", async () => {
  const series = [
    read("requests", (ago) => (ago <= 20 ? 300 : 100) + Math.sin(ago * ago), { statistic: "Sum" }),
  ];
  const { history } = await historyOf(series, (ago) => (ago <= 20 ? 1500 : 500));

  expect(withHistory(series, history)[0]?.notes?.usual).toMatchObject({ days: 7, share: 0 });
});

it("finds the beginning of a ramp that fills the hour within the day", async () => {
  const leak = (ago: number) => 80 - Math.min(ago, 600) / 20 + Math.sin(ago * ago) / 10;
  const series = [read("memory", leak)];
  const { history } = await historyOf(series, leak);

  const [found] = withHistory(series, history);

  expect(series[0]?.summary.trend).toMatchObject({ since: at(60), older: true });
  expect(found?.summary.onset).toBe(found?.summary.changedAt);
  expect(Math.abs(Date.parse(found?.summary.onset ?? "") - Date.parse(at(600)))).toBeLessThan(30 * MINUTE);
  expect(found?.summary).toMatchObject({ shape: "ramp", trend: { older: false } });
  expect(found?.summary.baseline).toBeCloseTo(50, 0);
});

/** A step of so many points twenty minutes ago on a ramp of six points an hour. */
const stepOnRamp = (height: number) => (ago: number) =>
  80 - Math.min(ago, 600) / 10 + (ago <= 20 ? height : 0) + Math.sin(ago * ago) / 10;

it.each([
  ["a step that the day's ramp makes up most of", 3, "ramp"],
  ["a step that the day's ramp makes up little of", 9, "step"],
])("reads %s as a %s", async (_, height, shape) => {
  const own = read("memory", (ago) => 70 + (ago <= 20 ? 6 + height : 0) + Math.sin(ago * ago) / 10);
  const { history } = await historyOf([own], stepOnRamp(height));

  expect(own.summary.shape).toBe("step");
  expect(withHistory([own], history)[0]?.summary.shape).toBe(shape);
});

it("leaves the summary as it is where the history has no points", () => {
  const series = [read("memory", jump)];

  expect(withHistory(series, new Map())).toEqual(series);
  expect(withHistory(series, new Map([["memory", []]]))[0]?.summary).toBe(series[0]?.summary);
});
