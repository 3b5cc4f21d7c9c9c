import { expect, it } from "vitest";
import { NOW, policyOf, TARGET } from "../../../test/samples/facts.ts";
import { seededRandom } from "../../../test/samples/series/seeded-random.ts";
import type { AlarmReading, Point, TargetGroupReading, TaskReading } from "../../domain/reading.ts";
import type { MetricQuery } from "../ports.ts";
import type { EvidenceContext } from "../source.ts";
import { metricFacts, metricSeries, onsetOf } from "./metric-facts.ts";

const now = Date.parse(NOW);
const at = (minutesAgo: number) => new Date(now - minutesAgo * 60_000).toISOString();
type Level = (minutesAgo: number) => number;

/** Sixty values, one a minute; the newest is a minute old. */
const hour = (level: Level): Point[] =>
  Array.from({ length: 60 }, (_, i) => ({ t: now - (60 - i) * 60_000, v: level(60 - i) }));

interface World {
  /** By metric, statistic or task: `CPUUtilization`, `TargetResponseTime p99`, `TaskMemoryUtilization a`. */
  readonly series: Readonly<Record<string, Level>>;
  readonly tasks?: Readonly<Record<string, string>>;
  readonly alarm?: AlarmReading;
}

const GROUP = { targetGroupDimension: "targetgroup/shop/1", loadBalancerDimension: "app/shop/1" };

async function read({ series, tasks = {}, alarm }: World) {
  const level = ({ metric: { name, statistic, dimensions } }: MetricQuery) =>
    series[`${name} ${dimensions["TaskId"] ?? statistic}`] ?? series[name];
  const context = {
    alert: { firedAt: at(1) },
    target: TARGET,
    timing: policyOf().timing,
    now,
    readers: {
      metrics: {
        series: async (queries: readonly MetricQuery[]) =>
          new Map(
            queries.map((query) => {
              const known = level(query);
              return [query.id, known === undefined ? [] : hour(known)];
            }),
          ),
      },
    },
  } as unknown as EvidenceContext;
  const running = Object.entries(tasks).map(([id, taskDefinition]) => ({ id, taskDefinition }));
  const told = await metricSeries(
    context,
    [GROUP as TargetGroupReading],
    running as TaskReading[],
    alarm,
    new Map(),
    new AbortController().signal,
  );
  return metricFacts(told, new Map());
}

const wobble = (seed: number): Level => {
  const random = seededRandom(seed);
  const values = Array.from({ length: 61 }, () => random.normal());
  return (minutesAgo) => values[minutesAgo] ?? 0;
};

it("compares tasks of one revision only", async () => {
  const facts = await read({
    series: {
      "TaskMemoryUtilization a": wobble(1),
      "TaskMemoryUtilization b": wobble(2),
      "TaskMemoryUtilization new": (ago) => 70 + wobble(3)(ago),
    },
    tasks: { a: "shop:1", b: "shop:1", new: "shop:2" },
  });

  const comparisons = facts.map(({ data }) => [data.taskId, data.amongTasks?.position]);

  expect(comparisons).toEqual([
    ["a", "alike"],
    ["b", "alike"],
    ["new", undefined],
  ]);
});

it("says of the one of two tasks that leaks since when it is above the other", async () => {
  const calm = wobble(1);
  const facts = await read({
    series: {
      "TaskMemoryUtilization a": (ago) => 40 + calm(ago),
      "TaskMemoryUtilization b": (ago) => (ago > 20 ? 40 : 80 - ago / 10) + wobble(2)(ago),
    },
    tasks: { a: "shop:1", b: "shop:1" },
  });

  const leaking = facts.find(({ data }) => data.taskId === "b");

  expect(leaking?.data.amongTasks).toMatchObject({ others: 1, position: "above", since: at(20) });
  expect(leaking?.statement).toMatch(/; above the other task of its revision since 06:40:00 \(39\.0 %\)/);
});

it("keeps the beginning of a slow leak that crosses the alarm's threshold minutes ago", async () => {
  const calm = wobble(1);
  const [fact] = await read({
    series: { MemoryUtilization: (ago) => 81 - ago / 10 + calm(ago) / 10 },
    alarm: {
      name: "shop-memory",
      namespace: "AWS/ECS",
      metric: "MemoryUtilization",
      dimensions: { ClusterName: TARGET.cluster, ServiceName: TARGET.service },
      statistic: "Maximum",
      periodSeconds: 60,
      threshold: 80,
      comparison: "GreaterThanThreshold",
      evaluationPeriods: 3,
      state: "ALARM",
    } as AlarmReading,
  });

  expect(fact?.data).toMatchObject({ isAlarm: true, beyond: "above" });
  expect(fact?.data.summary).toMatchObject({ shape: "ramp", direction: "up", onset: at(60) });
  expect(fact?.data.summary.trend).toMatchObject({ direction: "up", older: true });
});

it("takes no onset from the 99th percentile of few requests", async () => {
  const slow: Level = (ago) => (ago <= 10 ? 2 : 0.2) + wobble(1)(ago) / 100;
  const quiet = await read({ series: { RequestCount: () => 12, "TargetResponseTime p99": slow } });
  const busy = await read({ series: { RequestCount: () => 1200, "TargetResponseTime p99": slow } });

  const tailOf = (facts: typeof quiet) => facts.find(({ data }) => data.role === "latency-p99");

  expect(tailOf(quiet)?.data.quietTail).toBe(true);
  expect(tailOf(quiet)?.statement).toContain("hardly more than the slowest");
  expect(onsetOf(quiet, at(1))).toBe(at(1));
  expect(tailOf(busy)?.data.quietTail).toBe(false);
  expect(onsetOf(busy, at(1))).toBe(at(10));
});
