import { describe, expect, test } from "vitest";
import { HELD_OUT } from "../../test/samples/series/held-out-shapes.ts";
import { LAST_SHAPES } from "../../test/samples/series/last-shapes.ts";
import { seededRandom } from "../../test/samples/series/seeded-random.ts";
import { FIRST_SHAPES, SECOND_SHAPES } from "../../test/samples/series/tuning-shapes.ts";
import { summarizeSeries } from "./summarize-series.ts";

const SEEDS = 200;
const GENERATORS = { ...FIRST_SHAPES, ...SECOND_SHAPES, ...HELD_OUT, ...LAST_SHAPES };

/** Shares of series with any onset, with the right one (within two periods), with the right shape. */
function measure(name: string, effect: number): { onset: number; right: number; shape: number } {
  const generate = GENERATORS[name];
  if (!generate) throw new Error(`no shape called ${name}`);
  const found = { onset: 0, right: 0, shape: 0 };
  for (let seed = 0; seed < SEEDS; seed++) {
    const series = generate(seededRandom(seed), effect);
    const summary = summarizeSeries(series.points, series);
    if (summary && series.shapes.includes(summary.shape)) found.shape += 1 / SEEDS;
    if (summary?.onset === undefined) continue;
    found.onset += 1 / SEEDS;
    const distance = Math.abs(Date.parse(summary.onset) - (series.onset ?? Number.NaN));
    if (distance <= 2 * series.periodSeconds * 1000) found.right += 1 / SEEDS;
  }
  return found;
}

const FLAT = Object.keys(GENERATORS).filter((name) => name.startsWith("flat"));
/** Skewed noise has false onsets near an alarm: see the benchmark. Daily drift is a real, if small, change. */
const SKEWED = [
  "flat heavy-tailed latency",
  "flat gamma latency, alarm known",
  "flat lognormal latency, alarm known",
];

describe("noise has no onset", () => {
  test.each(FLAT)("%s", (name) => {
    const { onset, shape } = measure(name, 0);

    expect(onset).toBeLessThanOrEqual(SKEWED.includes(name) ? 0.08 : 0.025);
    expect(shape).toBeGreaterThanOrEqual(0.85);
  });
});

/** Names and the effect, in noise deviations, from which the onset must be found. */
const VISIBLE: readonly (readonly [string, number])[] = [
  ["step", 4],
  ["request step", 4],
  ["latency step, lognormal", 4],
  ["step of gamma latency", 4],
  ["unordered, doubled, broken points", 4],
  ["step on a drift", 4],
  ["outage to zero", 4],
  ["short outage", 4],
  ["step of hosts", 4],
  ["saturating at 100 %", 4],
  ["ramp, 1 sigma a period", 4],
  ["memory leak in percent", 4],
  ["old spike, then a step", 6],
  ["late step of 2 points", 6],
  ["errors from nothing", 6],
  ["spike and back", 6],
  ["step with glitches and gaps", 6],
  ["step in autocorrelated noise", 6],
  ["recovered incident, alarm known", 6],
  ["flapping, second time on", 6],
  ["step, partial last period", 6],
  ["short step", 7],
  ["start-up burst, then a step", 8],
  ["short ramp", 8],
  ["sawtooth leak", 12],
  ["leak over the whole hour", 12],
  ["ramp", 20],
];

describe("a visible change is found within two periods", () => {
  test.each(VISIBLE)("%s of %d sigma", (name, effect) => {
    const { right, shape } = measure(name, effect);

    expect(right).toBeGreaterThanOrEqual(0.94); // the bar is 0.95; 200 seeds are not 1000
    expect(shape).toBeGreaterThanOrEqual(0.9);
  });
});
