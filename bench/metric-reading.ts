import { summarizeSeries } from "../packages/signals/index.ts";
import { HELD_OUT } from "../test/samples/series/held-out-shapes.ts";
import { LAST_SHAPES } from "../test/samples/series/last-shapes.ts";
import { seededRandom } from "../test/samples/series/seeded-random.ts";
import type { SyntheticSeries } from "../test/samples/series/series.ts";
import { FIRST_SHAPES, SECOND_SHAPES } from "../test/samples/series/tuning-shapes.ts";

/**
 * Accuracy and speed of summarising synthetic metric series: onset errors, false onsets, shapes, series a second.
 * `node bench/metric-reading.ts [series a shape] [first seed]`
 */
const PER_SHAPE = Number(process.argv[2] ?? 1000);
const FIRST_SEED = Number(process.argv[3] ?? 100_000);
const EFFECTS = [4, 6, 10];

function read({ points, periodSeconds, alarmAt }: SyntheticSeries) {
  return summarizeSeries(points, { periodSeconds, alarmAt });
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`.padStart(8);
}

function row(name: string, effect: number, make: (seed: number) => SyntheticSeries): string {
  const errors: number[] = [];
  let found = 0;
  let shaped = 0;
  let onsets = 0;
  for (let seed = FIRST_SEED; seed < FIRST_SEED + PER_SHAPE; seed++) {
    const series = make(seed);
    const summary = read(series);
    if (summary && series.shapes.includes(summary.shape)) shaped++;
    if (summary?.onset === undefined) continue;
    onsets++;
    const error = (Date.parse(summary.onset) - (series.onset ?? 0)) / (series.periodSeconds * 1000);
    errors.push(error);
    if (Math.abs(error) <= 2) found++;
  }
  errors.sort((a, b) => a - b);
  const quantile = (share: number) =>
    (errors[Math.floor(share * (errors.length - 1))] ?? Number.NaN).toFixed(0).padStart(4);
  const isFlat = make(FIRST_SEED).onset === undefined;
  const label = `${name}${isFlat ? "" : ` ${effect} sigma`}`.padEnd(40);
  const shape = `shape ${percent(shaped, PER_SHAPE)}`;
  if (isFlat) return `${label} false onset ${percent(onsets, PER_SHAPE)}   ${shape}`;
  return `${label} within 2    ${percent(found, PER_SHAPE)}   ${shape}   missed ${percent(PER_SHAPE - onsets, PER_SHAPE)}   error p05/p50/p95 ${quantile(0.05)}${quantile(0.5)}${quantile(0.95)}`;
}

for (const [title, shapes] of [
  ["tuned on", { ...FIRST_SHAPES, ...SECOND_SHAPES }],
  ["held out", HELD_OUT],
  ["held out after the last change", LAST_SHAPES],
] as const) {
  console.log(`\n${title}, ${PER_SHAPE} series a row, onset error in periods`);
  for (const [name, generate] of Object.entries(shapes)) {
    const isFlat = generate(seededRandom(0), 4).onset === undefined;
    for (const effect of isFlat ? [0] : EFFECTS)
      console.log(row(name, effect, (seed) => generate(seededRandom(seed), effect)));
  }
}

for (const length of [60, 120]) {
  const many = Array.from({ length: 500 }, (_, seed) => {
    const random = seededRandom(seed);
    const points = Array.from({ length }, (_, i) => ({
      t: i * 60_000,
      v: (seed % 2 && i > 40 ? 8 : 0) + random.normal(),
    }));
    return points;
  });
  const times = Array.from({ length: 8 }, () => {
    const before = performance.now();
    for (const points of many) summarizeSeries(points, { periodSeconds: 60 });
    return performance.now() - before;
  }).sort((a, b) => a - b);
  const milliseconds = times[4] ?? 0;
  console.log(
    `\n${length} points: 500 series in ${milliseconds.toFixed(0)} ms, ${Math.round(500_000 / milliseconds)} series/s (first run ${times.at(-1)?.toFixed(0)} ms at worst)`,
  );
}
