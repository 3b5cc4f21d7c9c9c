import { ExpressionError } from "./expression-tokens.ts";

/** A time series: values by the start (epoch milliseconds) of their period. */
export interface SeriesValue {
  readonly kind: "series";
  readonly periodMilliseconds: number;
  readonly points: ReadonlyMap<number, number>;
}

/** What a metric-math expression computes to. */
export type MathValue =
  | SeriesValue
  | { readonly kind: "scalar"; readonly value: number }
  | { readonly kind: "list"; readonly items: readonly SeriesValue[] };

/** A number as a value. */
export function scalar(value: number): MathValue {
  return { kind: "scalar", value };
}

/** Applies `change` to every value; results that are not finite (a division by zero) become missing points. */
function mapPoints(
  series: SeriesValue,
  change: (value: number, at: number) => number | undefined,
): SeriesValue {
  const points = new Map<number, number>();
  for (const [at, value] of series.points) {
    const changed = change(value, at);
    if (changed !== undefined && Number.isFinite(changed)) points.set(at, changed);
  }
  return { ...series, points };
}

/** Applies `change` to numbers, series (point by point) and lists (series by series). */
export function mapValue(value: MathValue, change: (value: number) => number): MathValue {
  if (value.kind === "scalar") return scalar(change(value.value));
  if (value.kind === "series") return mapPoints(value, change);
  return { kind: "list", items: value.items.map((item) => mapPoints(item, change)) };
}

/** Combines two values; two series combine where both have a point. */
export function combine(
  left: MathValue,
  right: MathValue,
  apply: (left: number, right: number) => number,
): MathValue {
  if (right.kind === "scalar") return mapValue(left, (value) => apply(value, right.value));
  if (left.kind === "scalar") return mapValue(right, (value) => apply(left.value, value));
  if (left.kind === "list" || right.kind === "list") {
    throw new ExpressionError("arithmetic on lists of series takes one list and a number");
  }
  return mapPoints(left, (value, at) => {
    const other = right.points.get(at);
    return other === undefined ? undefined : apply(value, other);
  });
}

/** Folds several series into one: at each time, over the series that have a point there. */
export function foldSeries(
  items: readonly SeriesValue[],
  fold: (values: readonly number[]) => number,
): SeriesValue {
  const valuesByTime = new Map<number, number[]>();
  for (const item of items) {
    for (const [at, value] of item.points) valuesByTime.set(at, [...(valuesByTime.get(at) ?? []), value]);
  }
  const points = new Map([...valuesByTime].map(([at, values]) => [at, fold(values)]));
  return { kind: "series", periodMilliseconds: items[0]?.periodMilliseconds ?? 60_000, points };
}
