import { describe, expect, it } from "vitest";
import { summarizeSeries } from "../../packages/signals/index.ts";
import { NOW } from "../../test/samples/facts.ts";
import type { MetricRole, SeriesSummary } from "../domain/evidence.ts";
import { confirmTaskSeries, type TaskSeries } from "./confirm-task-series.ts";

const end = Date.parse(NOW);
const MINUTES = 40;
/** One point a minute up to now; `level` by minutes before now. */
const series = (level: (ago: number) => number) =>
  Array.from({ length: MINUTES }, (_, index) => ({
    t: end - (MINUTES - index) * 60_000,
    v: level(MINUTES - index),
  }));
const flat = (level: number) => series((ago) => level + (ago % 2) / 10);
const climb = (from: number, to: number) =>
  series((ago) => (ago > 20 ? from : from + ((20 - ago) / 19) * (to - from)) + (ago % 2) / 10);

const claim = (points: TaskSeries["points"], role: MetricRole = "task-memory"): TaskSeries => ({
  role,
  points,
  summary: summarizeSeries(points, { periodSeconds: 60, alarmAt: end }) as SeriesSummary,
});

interface Given {
  readonly maximum: TaskSeries["points"] | undefined;
  readonly average: TaskSeries["points"] | undefined;
  readonly vouched?: boolean;
  readonly harmed?: boolean;
}

function judge(claims: readonly TaskSeries[], { maximum, average, vouched = false, harmed = false }: Given) {
  const role = claims[0]?.role ?? "task-memory";
  const answers = new Map([
    [`reference-${role}-Maximum`, maximum ?? []],
    [`reference-${role}-Average`, average ?? []],
  ]);
  const input = { tasks: claims.length, periodSeconds: 60, vouched, harmed };
  return confirmTaskSeries(claims, answers, input).map(({ explainsOnly }) =>
    explainsOnly?.replace(/^.* and /, ""),
  );
}

describe("series of single tasks", () => {
  const [leaking, calm] = [climb(40, 95), flat(40)];

  it("support where AWS/ECS shows the same", () => {
    const seen = judge(
      [leaking, calm, calm].map((one) => claim(one)),
      { maximum: leaking, average: climb(40, 58.3) },
    );

    expect(seen).toEqual([undefined, undefined, undefined]);
  });

  it("support where AWS/ECS has the larger percentage, of a smaller reservation", () => {
    const seen = judge(
      [climb(20, 47.5), flat(20)].map((one) => claim(one)),
      { maximum: leaking, average: climb(40, 67) },
    );

    expect(seen).toEqual([undefined, undefined]);
  });

  it("support nothing above what AWS/ECS has of any task", () => {
    const [first] = judge(
      [leaking, calm, calm].map((one) => claim(one)),
      { maximum: calm, average: calm },
    );

    expect(first).toMatch(/^AWS\/ECS has no task above 40/);
  });

  it("support nothing where together they claim more than AWS/ECS has", () => {
    const all = [flat(90), flat(90), flat(90)].map((one) => claim(one));

    expect(judge(all, { maximum: flat(90), average: flat(50) })[1]).toMatch(
      /less than the tasks together claim/,
    );
  });

  it("cannot climb while AWS/ECS stays flat", () => {
    const one = [climb(30, 60), flat(60), flat(30)].map((points) => claim(points));

    expect(judge(one, { maximum: flat(60), average: flat(45) })[0]).toMatch(/^AWS\/ECS has not risen since/);
    expect(judge(one, { maximum: flat(60), average: climb(40, 50) })[0]).toBeUndefined();
  });

  it("support nothing where AWS/ECS cannot be read, unless the policy trusts the namespace", () => {
    const claims = [claim(leaking)];

    expect(judge(claims, { maximum: undefined, average: undefined })[0]).toMatch(/no series of its own/);
    expect(judge(claims, { maximum: leaking.slice(0, -10), average: leaking })[0]).toMatch(
      /no series of its own/,
    );
    expect(judge(claims, { maximum: undefined, average: undefined, vouched: true })[0]).toBeUndefined();
  });

  it("support nothing against AWS/ECS even where the policy trusts the namespace", () => {
    expect(judge([claim(leaking)], { maximum: calm, average: calm, vouched: true })[0]).toMatch(
      /no task above/,
    );
  });

  it("of disks, which AWS/ECS does not know, count only beside harm that AWS measures", () => {
    const disk = [claim(flat(99), "task-disk")];
    const none = { maximum: undefined, average: undefined };

    expect(judge(disk, none)[0]).toMatch(/nothing else of AWS shows/);
    expect(judge(disk, { ...none, harmed: true })[0]).toBeUndefined();
    expect(judge(disk, { ...none, vouched: true })[0]).toBeUndefined();
  });
});
