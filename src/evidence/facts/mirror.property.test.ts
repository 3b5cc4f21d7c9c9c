/**
 * Up and down are read alike: every percentage and its alarm turned upside down (v becomes 100 - v, Greater becomes Less)
 * gives the mirrored reading.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { NOW, policyOf, TARGET } from "../../../test/samples/facts.ts";
import type { Comparison } from "../../domain/alert.ts";
import type { FactOf } from "../../domain/evidence.ts";
import { isLowered, isRaised } from "../../domain/metric-side.ts";
import type { AlarmReading, Point } from "../../domain/reading.ts";
import type { EvidenceContext } from "../source.ts";
import { metricFacts, metricSeries } from "./metric-facts.ts";

const now = Date.parse(NOW);
const MINUTE = 60_000;

interface Given {
  /** Percent, a value a minute, the newest last; undefined where there is none. */
  readonly values: readonly (number | undefined)[];
  readonly alarm: AlarmReading;
}

/** Reads CPU with this history under this alarm. */
async function read({ values, alarm }: Given): Promise<FactOf<"metric"> | undefined> {
  const points = values.flatMap((v, index): Point[] =>
    v === undefined ? [] : [{ t: now - (values.length - index) * MINUTE, v }],
  );
  const context = {
    alert: { firedAt: new Date(now - MINUTE).toISOString() },
    target: TARGET,
    timing: policyOf().timing,
    now,
    readers: {
      metrics: {
        series: async (queries: readonly { id: string; metric: { name: string } }[]) =>
          new Map(queries.map(({ id, metric }) => [id, metric.name === "CPUUtilization" ? points : []])),
      },
    },
  } as unknown as EvidenceContext;
  const { signal } = new AbortController();
  const facts = metricFacts(await metricSeries(context, [], [], alarm, new Map(), signal), new Map());
  const [fact] = facts.filter(({ data }) => data.isAlarm);
  return fact && { ...fact, id: "E1" };
}

const MIRRORED: Readonly<Record<string, Comparison>> = {
  GreaterThanThreshold: "LessThanThreshold",
  LessThanThreshold: "GreaterThanThreshold",
  GreaterThanOrEqualToThreshold: "LessThanOrEqualToThreshold",
  LessThanOrEqualToThreshold: "GreaterThanOrEqualToThreshold",
};

const upsideDown = ({ values, alarm }: Given): Given => ({
  values: values.map((v) => (v === undefined ? undefined : 100 - v)),
  alarm: {
    ...alarm,
    threshold: 100 - (alarm.threshold ?? 0),
    comparison: MIRRORED[alarm.comparison ?? ""] ?? "",
  },
});

/** Sixteenths, which 100 - v keeps exactly. */
const exact = (value: number) => Math.min(100, Math.max(0, Math.round(value * 16) / 16));

const levels = fc.array(fc.tuple(fc.integer({ min: 1, max: 25 }), fc.integer({ min: 0, max: 100 })), {
  minLength: 1,
  maxLength: 4,
});
const noise = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 60, maxLength: 60 });
const steps = fc.tuple(levels, noise).map(([parts, wobble]) => {
  const level = parts.flatMap(([length, value]) => Array.from({ length }, () => value));
  return level.slice(-60).map((value, index) => exact(value + (wobble[index] ?? 0)));
});
const ramps = fc
  .tuple(
    fc.integer({ min: 0, max: 100 }),
    fc.integer({ min: 0, max: 100 }),
    fc.integer({ min: 5, max: 50 }),
    noise,
  )
  .map(([from, to, length, wobble]) =>
    wobble.map((v, index) => exact(from + ((to - from) * Math.max(0, index - 60 + length)) / length + v)),
  );
const SHOP_CPU = {
  name: "shop-cpu",
  namespace: "AWS/ECS",
  metric: "CPUUtilization",
  dimensions: { ClusterName: TARGET.cluster, ServiceName: TARGET.service },
  statistic: "Average",
  periodSeconds: 60,
  state: "ALARM",
};
const given: fc.Arbitrary<Given> = fc
  .record({
    values: fc.oneof(steps, ramps),
    silent: fc.integer({ min: 0, max: 6 }),
    threshold: fc.integer({ min: 0, max: 100 }),
    comparison: fc.constantFrom(...Object.keys(MIRRORED)),
    evaluationPeriods: fc.integer({ min: 1, max: 6 }),
    treatMissingData: fc.constantFrom("missing", "ignore", "breaching", "notBreaching"),
    state: fc.constantFrom("OK", "ALARM", "INSUFFICIENT_DATA"),
  })
  .map(({ values, silent, ...alarm }) => ({
    values: [...values, ...Array.from({ length: silent }, () => undefined)],
    alarm: { ...SHOP_CPU, ...alarm },
  }));

/** Far below its level for four minutes shortly before the alarm, and never above it. */
const DIP_THAT_ENDED: Given = {
  values: [
    ...Array.from({ length: 52 }, (_, index) => 80 + (index % 3)),
    ...[20, 21, 20, 22],
    ...[80, 81, 82, 80],
  ],
  alarm: { ...SHOP_CPU, threshold: 30, comparison: "LessThanThreshold", evaluationPeriods: 1 },
};

const OTHER_SIDE = { above: "below", below: "above" } as const;
const OTHER_WAY = { up: "down", down: "up", none: "none" } as const;

const sidesOf = (fact: FactOf<"metric">) => ({
  insideThreshold: fact.data.insideThreshold,
  noDataSince: fact.data.noDataSince,
  beyond: fact.data.beyond,
  onset: fact.data.summary.onset,
  shape: fact.data.summary.shape,
  direction: fact.data.summary.direction,
  raised: isRaised(fact),
  lowered: isLowered(fact),
});
const levelsOf = ({ data: { summary } }: FactOf<"metric">) => [summary.baseline, summary.current];

it("gives the mirrored reading of a series and its alarm turned upside down", async () => {
  await fc.assert(
    fc.asyncProperty(given, async (one) => {
      const fact = await read(one);
      const mirror = await read(upsideDown(one));
      if (fact === undefined || mirror === undefined) throw new Error("no fact");

      expect(sidesOf(mirror)).toEqual({
        ...sidesOf(fact),
        beyond: fact.data.beyond && OTHER_SIDE[fact.data.beyond],
        direction: OTHER_WAY[fact.data.summary.direction],
        raised: isLowered(fact),
        lowered: isRaised(fact),
      });
      expect(levelsOf(mirror)).toEqual(levelsOf(fact).map((level) => expect.closeTo(100 - level, 6)));
    }),
    { numRuns: 300, examples: [[DIP_THAT_ENDED]] },
  );
});
