import type { MetricSample, MetricSink } from "../types.ts";
import { type MetricId, metricKey } from "./metric-id.ts";
import { type Sample, SampleBuffer } from "./sample-buffer.ts";

/** As long as CloudWatch keeps metrics by the minute; the size of a series bounds memory before. */
const RETENTION_MILLISECONDS = 15 * 86_400_000;
const MAXIMUM_SERIES = 2_000;
const MAXIMUM_SAMPLES_PER_SERIES = 131_072;

/** Raw samples of every metric, kept for 15 days. */
export interface MetricStore extends MetricSink {
  /** Adds one sample, which may already summarise several measurements. */
  record(metric: MetricId, unit: string, sample: Sample): void;
  /** Samples with `from <= at < to` (epoch milliseconds), oldest first; of one unit, or of all. */
  read(metric: MetricId, from: number, to: number, unit?: string): Sample[];
  /** The unit of the metric's samples, when they all have the same one. */
  unitOf(metric: MetricId): string | undefined;
  /** Every metric that has samples. */
  list(): MetricId[];
}

interface Series {
  readonly metric: MetricId;
  readonly buffersByUnit: Map<string, SampleBuffer>;
}

/** Creates an empty store; memory is bounded by series and by samples per series. */
export function createMetricStore(now: () => number): MetricStore {
  const seriesByKey = new Map<string, Series>();

  function seriesFor(metric: MetricId): Series {
    const key = metricKey(metric);
    const series = seriesByKey.get(key) ?? { metric, buffersByUnit: new Map() };
    // Re-inserting keeps the map in order of last use, so that the first key is the one to evict.
    seriesByKey.delete(key);
    seriesByKey.set(key, series);
    const oldest = seriesByKey.keys().next().value;
    if (seriesByKey.size > MAXIMUM_SERIES && oldest !== undefined) seriesByKey.delete(oldest);
    return series;
  }

  function record(metric: MetricId, unit: string, sample: Sample): void {
    const expiry = now() - RETENTION_MILLISECONDS;
    if (sample.at < expiry) return;
    const { buffersByUnit } = seriesFor(metric);
    const buffer = buffersByUnit.get(unit) ?? new SampleBuffer(MAXIMUM_SAMPLES_PER_SERIES);
    buffersByUnit.set(unit, buffer);
    buffer.dropBefore(expiry);
    buffer.add(sample);
  }

  return {
    record,
    put(samples: readonly MetricSample[]) {
      for (const { namespace, name, dimensions, value, unit, at } of samples) {
        const sample = { at, count: 1, sum: value, minimum: value, maximum: value };
        record({ namespace, name, dimensions }, unit ?? "None", sample);
      }
    },
    read(metric, from, to, unit) {
      const buffers = seriesByKey.get(metricKey(metric))?.buffersByUnit ?? new Map<string, SampleBuffer>();
      const wanted = [...buffers].filter(([name]) => unit === undefined || unit === name);
      const samples = wanted.flatMap(([, buffer]) => buffer.range(from, to));
      return wanted.length > 1 ? samples.toSorted((a, b) => a.at - b.at) : samples;
    },
    unitOf(metric) {
      const units = [...(seriesByKey.get(metricKey(metric))?.buffersByUnit.keys() ?? [])];
      return units.length === 1 ? units[0] : undefined;
    },
    list: () => [...seriesByKey.values()].map(({ metric }) => metric),
  };
}
