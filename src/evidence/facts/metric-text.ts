/** What a series does, in words that follow its direction and its alarm's comparison. */
import type { SeriesSummary } from "../../domain/evidence.ts";
import { firingSides, type Side } from "../../domain/metric-side.ts";
import { amount, clock } from "../times.ts";
import { limitText, type WatchedMetric } from "../watched-metric.ts";

/** Returns what the series did, such as `fell from 60 to 9 % since 07:31:00 (step, lowest 8)`. */
export function describeChange(summary: SeriesSummary, unit: string): string {
  const { baseline, current, onset, shape, direction } = summary;
  if (onset === undefined) return `steady at ${amount(current)}${space(unit)}, usually ${amount(baseline)}`;
  const extreme = amount(direction === "down" ? summary.min : summary.max);
  if (shape === "spike") {
    return `went to ${extreme}${space(unit)} at ${clock(onset)} and came back: now ${amount(current)}, usually ${amount(baseline)}`;
  }
  const verb = direction === "down" ? "fell" : "rose";
  return `${verb} from ${amount(baseline)} to ${amount(current)}${space(unit)} since ${clock(onset)} (${shape}, ${direction === "down" ? "lowest" : "peak"} ${extreme})`;
}

/** Returns since when a series has no data, and what it was then. */
export function describeSilence({ last, current }: SeriesSummary, unit: string): string {
  return `has no data since ${clock(last)}; before that ${amount(current)}${space(unit)}`;
}

/** Returns on which side of the threshold or band the metric is, else on which side the alarm fires. */
export function describeThreshold(
  watched: WatchedMetric,
  beyond: Side | undefined,
  scaling: boolean,
): string {
  const sides = firingSides(watched.comparison);
  if (watched.threshold === undefined) {
    const expected = limitText(watched, amount);
    return beyond === undefined
      ? `; the alarm fires ${sides.join(" or ")} its anomaly band, ${expected}`
      : ` and is ${beyond} the alarm's anomaly band, ${expected}`;
  }
  const threshold = amount(watched.threshold);
  const touching = watched.comparison.includes("OrEqualTo") ? "at or " : "";
  return beyond === undefined
    ? `; the ${scaling ? "scaling policy acts" : "alarm fires"} ${touching}${sides.join(" or ")} ${threshold}`
    : ` and is ${touching}${beyond} the ${scaling ? "scaling policy" : "alarm"}'s threshold ${threshold}`;
}

function space(unit: string): string {
  return unit === "" ? "" : ` ${unit}`;
}
