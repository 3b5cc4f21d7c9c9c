import { alignWindow, type TimeWindow } from "./aggregate.ts";
import { ExpressionError } from "./expression-tokens.ts";
import {
  combine,
  foldSeries,
  type MathValue,
  mapValue,
  type SeriesValue,
  scalar,
} from "./expression-value.ts";

type Fold = (values: readonly number[]) => number;

const sum: Fold = (values) => values.reduce((total, value) => total + value, 0);

const FOLDS: Readonly<Record<string, Fold>> = {
  SUM: sum,
  AVG: (values) => sum(values) / values.length,
  MIN: (values) => values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
  MAX: (values) => values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
};

const POINTWISE: Readonly<Record<string, (value: number) => number>> = {
  ABS: Math.abs,
  CEIL: Math.ceil,
  FLOOR: Math.floor,
};

/** Functions of a series that read the points in order of time. */
const SERIES: Readonly<Record<string, (series: SeriesValue) => SeriesValue>> = {
  DIFF: (series) => changes(series, (change) => change),
  RATE: (series) => changes(series, (change, seconds) => change / seconds),
  RUNNING_SUM: (series) => {
    let total = 0;
    const points = inOrder(series).map(([at, value]): [number, number] => {
      total += value;
      return [at, total];
    });
    return { ...series, points: new Map(points) };
  },
};

/** Whether {@link callFunction} knows the name. `FILL` and `METRICS` are the evaluator's. */
export function isKnownFunction(name: string): boolean {
  return (
    ["FILL", "METRICS", "IF", "PERIOD"].includes(name) ||
    [FOLDS, POINTWISE, SERIES].some((known) => name in known)
  );
}

/** Computes a metric-math function of its arguments; throws `ExpressionError` where they do not fit. */
export function callFunction(name: string, values: readonly MathValue[]): MathValue {
  const [first, second, third] = values;
  if (first === undefined) throw new ExpressionError(`${name} needs an argument`);
  const fold = FOLDS[name];
  if (fold !== undefined) {
    if (first.kind === "list") return foldSeries(first.items, fold);
    return first.kind === "series" ? scalar(fold([...first.points.values()])) : first;
  }
  const pointwise = POINTWISE[name];
  if (pointwise !== undefined) return mapValue(first, pointwise);
  const ofSeries = SERIES[name];
  if (ofSeries !== undefined && first.kind === "series") return ofSeries(first);
  if (ofSeries !== undefined && first.kind === "list")
    return { kind: "list", items: first.items.map(ofSeries) };
  if (name === "PERIOD" && first.kind === "series") return scalar(first.periodMilliseconds / 1000);
  if (name === "IF" && second !== undefined) return choose(first, second, third);
  throw new ExpressionError(`the function ${name} is not supported or its arguments do not fit`);
}

function inOrder({ points }: SeriesValue): [number, number][] {
  return [...points].toSorted(([a], [b]) => a - b);
}

/** From each point to the next; the first has none before it. */
function changes(series: SeriesValue, of: (change: number, seconds: number) => number): SeriesValue {
  const ordered = inOrder(series);
  const points = new Map<number, number>();
  ordered.forEach(([at, value], index) => {
    const before = ordered[index - 1];
    if (before !== undefined) points.set(at, of(value - before[1], (at - before[0]) / 1000));
  });
  return { ...series, points };
}

/** `FILL(series, value | REPEAT | LINEAR)`: fills every period of the window. */
export function fill(
  series: SeriesValue,
  filler: number | "REPEAT" | "LINEAR",
  window: TimeWindow,
): SeriesValue {
  const { start, end } = alignWindow(window, series.periodMilliseconds);
  const known = [...series.points].toSorted(([a], [b]) => a - b);
  const points = new Map<number, number>();
  for (let at = start; at < end; at += series.periodMilliseconds) {
    const value =
      series.points.get(at) ?? (typeof filler === "number" ? filler : interpolate(known, at, filler));
    if (value !== undefined) points.set(at, value);
  }
  return { ...series, points };
}

function interpolate(
  known: readonly (readonly [number, number])[],
  at: number,
  filler: "REPEAT" | "LINEAR",
): number | undefined {
  const before = known.findLast(([time]) => time < at);
  const after = known.find(([time]) => time > at);
  if (before === undefined) return filler === "LINEAR" ? after?.[1] : undefined;
  if (filler === "REPEAT" || after === undefined) return before[1];
  return before[1] + ((after[1] - before[1]) * (at - before[0])) / (after[0] - before[0]);
}

function choose(condition: MathValue, whenTrue: MathValue, whenFalse: MathValue | undefined): MathValue {
  const taken = combine(condition, whenTrue, (test, value) => (test === 0 ? Number.NaN : value));
  if (whenFalse === undefined) return taken;
  const other = combine(condition, whenFalse, (test, value) => (test === 0 ? value : Number.NaN));
  if (taken.kind === "scalar") return Number.isNaN(taken.value) ? other : taken;
  if (taken.kind !== "series" || other.kind !== "series")
    throw new ExpressionError("IF takes numbers and series");
  return { ...taken, points: new Map([...other.points, ...taken.points]) };
}
