/** What a series does, in words that follow its direction and its alarm's comparison. */
import type { FactOf, SameTimeBefore, SeriesSummary, TaskComparison } from "../../domain/evidence.ts";
import { firingSides, type Side } from "../../domain/metric-side.ts";
import { amount, clock } from "../times.ts";
import { limitText, type WatchedMetric } from "../watched-metric.ts";

/** What the other series say of one. */
export type MetricNotes = Pick<FactOf<"metric">["data"], "amongTasks" | "quietTail" | "startUp" | "usual">;

/** Returns what the series did, such as `fell from 60 to 9 % since 07:31:00 (step, lowest 8)`. */
export function describeChange(summary: SeriesSummary, unit: string): string {
  const { baseline, current, shape, direction, teeth } = summary;
  const since = summary.onset ?? summary.changedAt;
  if (since === undefined && teeth !== undefined) {
    return `goes up and down by itself between ${amount(teeth.floor)} and ${amount(teeth.peak)}${space(unit)}, always back to the same level`;
  }
  if (since === undefined) return `steady at ${amount(current)}${space(unit)}, usually ${amount(baseline)}`;
  const extreme = amount(direction === "down" ? summary.min : summary.max);
  if (shape === "spike") {
    return `went to ${extreme}${space(unit)} at ${clock(since)} and came back: now ${amount(current)}, usually ${amount(baseline)}`;
  }
  const verb = direction === "down" ? "fell" : "rose";
  const older = shape === "ramp" && summary.trend?.older === true ? " or earlier" : "";
  return `${verb} from ${amount(baseline)} to ${amount(current)}${space(unit)} since ${clock(since)}${older} (${shape}, ${direction === "down" ? "lowest" : "peak"} ${extreme})${describeMoves(summary)}`;
}

function describeMoves({ receding, teeth }: SeriesSummary): string {
  const back =
    receding === undefined ? "" : `, and has come back ${(receding * 100).toFixed(0)} % of the way by itself`;
  const left = teeth?.floorMoves === true ? ", in teeth of which each leaves more behind" : "";
  return `${left}${back}`;
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

/** Returns what the other series say of one, as the end of a sentence; empty where that is nothing. */
export function describeNotes({ amongTasks, quietTail, startUp, usual }: MetricNotes, unit: string): string {
  const apart = amongTasks === undefined ? "" : describeComparison(amongTasks, unit);
  const quiet = quietTail === true ? "; so few requests that it is hardly more than the slowest of them" : "";
  const before = usual === undefined ? "" : describeUsual(usual);
  return `${apart}${before}${quiet}${startUp === true ? "; a task has just started, and tasks warm up" : ""}`;
}

function describeUsual({ days, share, hourAgo, weekAgo }: SameTimeBefore): string {
  const percent = (part: number) => `${(part * 100).toFixed(0)} %`;
  const told = [
    ...(days === 0 ? [] : [`${percent(share)} as far at this time of the ${days} days before (median)`]),
    ...(weekAgo === undefined ? [] : [`${percent(weekAgo)} a week ago`]),
    ...(hourAgo === undefined ? [] : [`${percent(hourAgo)} an hour ago`]),
  ];
  return `; it went ${told.join(", ")}`;
}

function describeComparison({ position, others, level, since }: TaskComparison, unit: string): string {
  if (position === "alike") return "";
  const which = others === 1 ? "the other task" : `the other ${others} tasks`;
  const when = since === undefined ? "" : ` since ${clock(since)}`;
  return `; ${position} ${which} of its revision${when} (${amount(level)}${space(unit)})`;
}

function space(unit: string): string {
  return unit === "" ? "" : ` ${unit}`;
}
