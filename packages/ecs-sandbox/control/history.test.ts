import { describe, expect, it } from "vitest";
import { historySamples } from "./history.ts";
import { type MetricHistory, scenarioSchema } from "./scenario.ts";

const hour = 3_600_000;
const now = Date.parse("2026-11-30T12:20:00Z");

function history(change: Partial<MetricHistory>): MetricHistory {
  const one = {
    namespace: "AWS/ECS",
    metric: "CPUUtilization",
    dimensions: { ServiceName: "shop" },
    hours: 24,
    level: 20,
    ...change,
  };
  return scenarioSchema.shape.history.parse([one])[0] as MetricHistory;
}

describe("history of a metric", () => {
  it("is by the minute, finer for the last three hours, and ends where it is told", () => {
    const samples = historySamples(history({}), now - 20_000, now);
    const old = samples.filter(({ at }) => at < now - 3 * hour);

    expect(old).toHaveLength(21 * 60);
    expect(samples.length - old.length).toBe((3 * 3600 - 20) / 5);
    expect(samples.at(-1)?.at).toBe(now - 25_000);
    expect(samples[0]).toMatchObject({ value: 20, unit: "Percent", name: "CPUUtilization" });
  });

  it("has its peaks at the same time of each hour, finely, and none now", () => {
    const peaks = { everyHours: 1, seconds: 40, level: 90 };
    const samples = historySamples(history({ peaks }), now, now);
    const high = samples.filter(({ value }) => value === 90);

    expect(high).toHaveLength(24 * 8);
    expect(new Set(high.map(({ at }) => Math.floor((at - now + 24 * hour) / hour))).size).toBe(24);
    expect(high.every(({ at }) => (at - now + 24 * hour) % hour < 40_000)).toBe(true);
  });

  it("climbs in a straight line, with noise on both sides", () => {
    const samples = historySamples(history({ level: 30, climbsTo: 60, spread: 2 }), now, now);
    const around = (share: number) => samples.find(({ at }) => at >= now - 24 * hour * (1 - share))?.value;

    expect(around(0)).toBeCloseTo(30, -1);
    expect(around(0.5)).toBeGreaterThan(42);
    expect(around(0.5)).toBeLessThan(48);
    expect(samples.some(({ value }) => value < 30) && samples.some(({ value }) => value > 59)).toBe(true);
  });

  it("is a count for its time where it is so many a second", () => {
    const samples = historySamples(
      history({ metric: "RequestCount", level: 11, perSecond: true, hours: 4 }),
      now,
      now,
    );

    expect([samples[0]?.value, samples.at(-1)?.value]).toEqual([660, 55]);
    expect(samples[0]?.unit).toBe("Count");
  });
});
