import type { MetricSample } from "../telemetry/types.ts";
import type { MetricHistory } from "./scenario.ts";

const hourMs = 3_600_000;
/** Older than this, samples are a minute apart but around peaks: AWS keeps shorter periods for three hours. */
const fineHours = 3;
const [fineMs, coarseMs] = [5_000, 60_000];

/** Samples of a metric from `hours` before `now` until `end`, oldest first. Peaks end one interval before `now` and earlier. */
export function historySamples(history: MetricHistory, end: number, now: number): MetricSample[] {
  const { namespace, metric, dimensions, hours, level, climbsTo = level, spread, perSecond, peaks } = history;
  const from = now - hours * hourMs;
  const samples: MetricSample[] = [];
  for (let at = from; at < end; ) {
    const isNear =
      peaks !== undefined && Math.abs(sinceStart(peaks.everyHours, at, now)) < peaks.seconds * 3000;
    const stepMs = now - at <= fineHours * hourMs || isNear ? fineMs : coarseMs;
    const inPeak = peaks !== undefined && isIn(peaks, at, now);
    const base = inPeak ? peaks.level : level + (climbsTo - level) * ((at - from) / (now - from));
    const value = Math.max(0, base + (Math.random() * 2 - 1) * spread);
    samples.push({
      namespace,
      name: metric,
      dimensions,
      value: perSecond ? Math.round((value * stepMs) / 1000) : value,
      unit: unitOf(metric),
      at,
    });
    at += stepMs;
  }
  return samples;
}

/** Milliseconds from the start of the nearest peak to this time; below zero before it. */
function sinceStart(everyHours: number, at: number, now: number): number {
  const every = everyHours * hourMs;
  const since = (((at - now) % every) + every) % every;
  return since > every / 2 ? since - every : since;
}

function isIn(peaks: NonNullable<MetricHistory["peaks"]>, at: number, now: number): boolean {
  const since = sinceStart(peaks.everyHours, at, now);
  return since >= 0 && since < peaks.seconds * 1000;
}

function unitOf(metric: string): NonNullable<MetricSample["unit"]> {
  if (metric.endsWith("Utilization")) return "Percent";
  return metric.endsWith("Time") ? "Seconds" : "Count";
}
