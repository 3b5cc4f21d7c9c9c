import type { Sample } from "./sample-buffer.ts";

export const BASIC_STATISTICS = ["SampleCount", "Average", "Sum", "Minimum", "Maximum"] as const;
export type BasicStatistic = (typeof BASIC_STATISTICS)[number];

/** A statistic that CloudWatch computes over the samples of one period. */
export type Statistic =
  | { readonly kind: BasicStatistic }
  | { readonly kind: "percentile"; readonly percent: number };

/** Parses `Average` .. `Maximum` or `p0` .. `p100` with decimals; `undefined` for anything else. */
export function parseStatistic(text: string): Statistic | undefined {
  const basic = BASIC_STATISTICS.find((name) => name === text);
  if (basic !== undefined) return { kind: basic };
  const percent = Number(/^p(\d{1,3}(?:\.\d{0,10})?)$/.exec(text)?.[1] ?? Number.NaN);
  return percent >= 0 && percent <= 100 ? { kind: "percentile", percent } : undefined;
}

/** The statistic over the samples; `undefined` where there is nothing to compute it from. */
export function computeStatistic(samples: readonly Sample[], statistic: Statistic): number | undefined {
  if (samples.length === 0) return undefined;
  const total = (pick: (sample: Sample) => number) => samples.reduce((sum, sample) => sum + pick(sample), 0);
  switch (statistic.kind) {
    case "SampleCount":
      return total(({ count }) => count);
    case "Sum":
      return total(({ sum }) => sum);
    case "Average":
      return total(({ sum }) => sum) / total(({ count }) => count);
    case "Minimum":
      return samples.reduce((least, { minimum }) => Math.min(least, minimum), Number.POSITIVE_INFINITY);
    case "Maximum":
      return samples.reduce((most, { maximum }) => Math.max(most, maximum), Number.NEGATIVE_INFINITY);
    case "percentile":
      return percentile(samples, statistic.percent);
  }
}

/**
 * The smallest value that at least `percent` of the measurements do not exceed (nearest rank). CloudWatch
 * approximates with a sketch, so its figures differ by a little. Statistic sets that hide their values are left
 * out, as CloudWatch does.
 */
function percentile(samples: readonly Sample[], percent: number): number | undefined {
  const known = samples.filter(({ minimum, maximum }) => minimum === maximum);
  const sorted = known.toSorted((a, b) => a.minimum - b.minimum);
  const rank = (percent / 100) * sorted.reduce((sum, { count }) => sum + count, 0);
  let seen = 0;
  for (const sample of sorted) {
    seen += sample.count;
    if (seen >= rank) return sample.minimum;
  }
  return sorted.at(-1)?.maximum;
}
