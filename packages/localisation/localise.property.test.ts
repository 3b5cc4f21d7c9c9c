import fc from "fast-check";
import { expect, it } from "vitest";
import { madeInput, madeSeries } from "../../test/samples/localisation/made-graph.ts";
import { LocalisationInput, localise } from "./index.ts";

const NAMES = ["web", "a", "b", "c", "d", "e"];
const KINDS = ["errors", "error-share", "latency", "saturation", "restarts", "requests"];

/** Any graph of six services, cycles and self-calls among them, with up to six rises and services without series. */
const anyInput = fc
  .record({
    edges: fc.uniqueArray(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...NAMES)), {
      maxLength: 12,
      selector: (pair) => pair.join(" "),
    }),
    rises: fc.array(
      fc.tuple(
        fc.constantFrom(...NAMES),
        fc.constantFrom(...KINDS),
        fc.integer({ min: 1, max: 58 }),
        fc.integer({ min: 2, max: 12 }),
      ),
      { maxLength: 6 },
    ),
    untold: fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 2 }),
    seed: fc.integer({ min: 1, max: 50 }),
    trust: fc.constantFrom("trusted" as const, "untrusted" as const),
  })
  .map(({ edges, rises, ...options }) =>
    madeInput(
      edges.map((pair) => pair.join(" ")),
      Object.fromEntries(rises.map(([name, kind, at, by]) => [`${name} ${kind}`, [at, by] as const])),
      { more: NAMES, ...options },
    ),
  );

it("places every service at most once, ranks from one, and names only ranked services in its verdict", () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const { ranked, apart, verdict } = localise(LocalisationInput.parse(input));

      const placed = [...ranked, ...apart].map(({ service }) => service);
      expect(new Set(placed).size).toBe(placed.length);
      expect(ranked.map(({ rank }) => rank)).toEqual(ranked.map((_, index) => index + 1));
      expect(
        ranked
          .slice(0, verdict.services.length)
          .map(({ service }) => service)
          .sort(),
      ).toEqual([...verdict.services].sort());
      expect(verdict.kind === "none").toBe(verdict.services.length === 0);
      for (const { reasons } of [...ranked, ...apart]) expect(reasons.length).toBeGreaterThan(0);
    }),
    { numRuns: 150 },
  );
});

it("does not depend on the order of services, edges and series", () => {
  fc.assert(
    fc.property(anyInput, (input) => {
      const turned = {
        ...input,
        services: input.services.toReversed(),
        edges: input.edges.toReversed(),
        series: input.series.toReversed(),
      };

      expect(localise(turned)).toEqual(localise(input));
    }),
    { numRuns: 100 },
  );
});

it("does not depend on the unit of a latency or a saturation", () => {
  fc.assert(
    fc.property(anyInput, fc.constantFrom(1 / 1024, 0.125, 8, 1024), (input, factor) => {
      const series = input.series.map((one) =>
        one.kind === "latency" || one.kind === "saturation"
          ? { ...one, values: one.values.map((value) => (value === null ? null : value * factor)) }
          : one,
      );

      expect(localise({ ...input, series })).toEqual(localise(input));
    }),
    { numRuns: 100 },
  );
});

it("does not depend on the date", () => {
  fc.assert(
    fc.property(anyInput, fc.integer({ min: -5000, max: 5000 }), (input, hours) => {
      const by = (at: string) => new Date(Date.parse(at) + hours * 3_600_000).toISOString();
      const moved = {
        ...input,
        series: input.series.map((one) => ({ ...one, start: by(one.start) })),
        alarm: { ...input.alarm, at: by(input.alarm.at) },
      };
      const placesOf = ({ ranked, apart, verdict }: ReturnType<typeof localise>) => ({
        ranked: ranked.map(({ service, role }) => [service, role]),
        apart: apart.map(({ service }) => service),
        verdict,
      });

      expect(placesOf(localise(moved))).toEqual(placesOf(localise(input)));
    }),
    { numRuns: 100 },
  );
});

it("does not change its ranking where healthy services are added, callers and callees of others among them", () => {
  fc.assert(
    fc.property(anyInput, fc.constantFrom(...NAMES), (input, near) => {
      const steady = ["calm", "still"];
      const more = {
        ...input,
        services: [...input.services, ...steady],
        edges: [...input.edges, { from: near, to: "calm", source: "made", trust: "trusted" as const }],
        series: [
          ...input.series,
          ...steady.flatMap((name) => [
            madeSeries(name, "requests", { level: 600 }),
            madeSeries(name, "latency"),
          ]),
        ],
      };
      const before = localise(input);
      const after = localise(more);

      expect(after.verdict).toEqual(before.verdict);
      expect(after.ranked).toEqual(before.ranked);
      expect(after.apart).toEqual(before.apart);
    }),
    { numRuns: 100 },
  );
});
