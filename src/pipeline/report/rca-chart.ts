import { linearScale, timeTicks, valueTicks } from "./chart-scale.ts";
import { formatMeasure, formatNumber } from "./format.ts";
import { htmlValue } from "./html-text.ts";

/** A moment marked in every chart. Time in epoch milliseconds. */
export interface ChartMark {
  readonly kind: "onset" | "alert" | "action" | "recovery" | "last-look";
  readonly label: string;
  readonly at: number;
}

export interface Chart {
  readonly title: string;
  readonly unit: string;
  /** Epoch milliseconds and value, in time order. */
  readonly points: readonly (readonly [number, number])[];
  readonly threshold?: number;
  /** What the verification measured, after the last point. */
  readonly after?: readonly [number, number];
  readonly marks: readonly ChartMark[];
}

/** Pixels; the text keeps its size, so one width serves a phone and another a desk. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

const MARGIN = { top: 40, right: 14, bottom: 24, left: 46 };

/** A line chart as inline SVG, coloured by the page's style; readable without it by its title. */
export function chartSvg(chart: Chart, size: ChartSize): string {
  const points = chart.points.filter(([time, value]) => Number.isFinite(time) && Number.isFinite(value));
  const shown = chart.after ? [...points, chart.after] : points;
  if (shown.length === 0) return "";
  const times = [...shown.map(([time]) => time), ...chart.marks.map((mark) => mark.at)];
  const values = [
    0,
    ...shown.map(([, value]) => value),
    ...(chart.threshold === undefined ? [] : [chart.threshold]),
  ];
  const range: [number, number] = [Math.min(...times), Math.max(...times)];
  const low = Math.min(...values);
  const high = Math.max(...values) > low ? Math.max(...values) : low + 1;
  const frame = { right: size.width - MARGIN.right, bottom: size.height - MARGIN.bottom };
  const x = linearScale(range, [MARGIN.left, frame.right]);
  const top = high + (high - low) * 0.08;
  const y = linearScale([low, top], [frame.bottom, MARGIN.top]);
  const parts = [
    ...valueTicks(low, top, 5).map((tick) => valueTick(tick, y(tick), frame.right)),
    ...timeTicks(...range, size.width / 90).map((tick) => timeTick(tick, x(tick), frame.bottom, range)),
    ...breach(chart.marks, x, frame),
    ...threshold(chart, y, frame.right),
    ...lines(points, x, y),
    ...after(chart, points, x, y),
    ...marks(chart.marks, x, frame),
  ];
  const label = htmlValue(describe(chart));
  return `<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${label}">${parts.join("")}</svg>`;
}

type Scale = (value: number) => number;
interface Frame {
  readonly right: number;
  readonly bottom: number;
}

const px = (value: number) => value.toFixed(1);

function valueTick(value: number, y: number, right: number): string {
  const line = `<line class="grid" x1="${MARGIN.left}" x2="${right}" y1="${px(y)}" y2="${px(y)}"/>`;
  return `${line}<text class="axis" x="${MARGIN.left - 6}" y="${px(y + 4)}" text-anchor="end">${compact(value)}</text>`;
}

function timeTick(time: number, x: number, bottom: number, [from, to]: readonly [number, number]): string {
  const clock = new Date(time).toISOString().slice(11, to - from < 300_000 ? 19 : 16);
  return `<text class="axis" x="${px(x)}" y="${bottom + 16}" text-anchor="middle">${clock}</text>`;
}

/** Tints the time from the onset to the recovery, or to the end where there was none. */
function breach(all: readonly ChartMark[], x: Scale, frame: Frame): string[] {
  const onset = all.find((mark) => mark.kind === "onset");
  if (!onset) return [];
  const recovery = all.find((mark) => mark.kind === "recovery");
  const end = recovery ? x(recovery.at) : frame.right;
  const width = Math.max(0, end - x(onset.at));
  const height = frame.bottom - MARGIN.top;
  return [
    `<rect class="breach" x="${px(x(onset.at))}" y="${MARGIN.top}" width="${px(width)}" height="${height}"/>`,
  ];
}

function threshold(chart: Chart, y: Scale, right: number): string[] {
  if (chart.threshold === undefined) return [];
  const at = y(chart.threshold);
  const label = `threshold ${htmlValue(formatMeasure(chart.threshold, chart.unit))}`;
  return [
    `<line class="threshold" x1="${MARGIN.left}" x2="${right}" y1="${px(at)}" y2="${px(at)}"/>`,
    `<text class="threshold-label" x="${MARGIN.left + 4}" y="${px(at - 5)}">${label}</text>`,
  ];
}

/** One line for each run of points without a gap: missing data must look missing. */
function lines(points: Chart["points"], x: Scale, y: Scale): string[] {
  const steps = points.slice(1).map(([time], index) => time - (points[index]?.[0] ?? time));
  const usual = steps.toSorted((a, b) => a - b)[Math.floor(steps.length / 2)] ?? 0;
  const runs: string[][] = [];
  for (const [index, [time, value]] of points.entries()) {
    const isNew = index === 0 || (steps[index - 1] ?? 0) > usual * 2.5;
    if (isNew) runs.push([]);
    runs.at(-1)?.push(`${px(x(time))},${px(y(value))}`);
  }
  return runs.map((run) =>
    run.length === 1
      ? `<circle class="point" cx="${run[0]?.split(",")[0]}" cy="${run[0]?.split(",")[1]}" r="2.5"/>`
      : `<polyline class="series" points="${run.join(" ")}"/>`,
  );
}

/** The measured value after the action, joined by a dashed line: nothing in between was recorded. */
function after(chart: Chart, points: Chart["points"], x: Scale, y: Scale): string[] {
  if (!chart.after) return [];
  const [time, value] = chart.after;
  const last = points.at(-1);
  const dot = `<circle class="after" cx="${px(x(time))}" cy="${px(y(value))}" r="4"/>`;
  if (!last) return [dot];
  const [x1, y1, x2, y2] = [x(last[0]), y(last[1]), x(time), y(value)].map(px);
  return [`<line class="after-line" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`, dot];
}

/** Labels of marks that lie close together take turns on three rows, above every line. */
function marks(all: readonly ChartMark[], x: Scale, frame: Frame): string[] {
  const rowEnds = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const placed = all
    .toSorted((a, b) => a.at - b.at)
    .map((mark) => {
      const width = mark.label.length * 6.6;
      const at = x(mark.at);
      const left = Math.min(at - 1, frame.right - width + 10);
      const free = rowEnds.findIndex((end) => end <= left);
      const row = free === -1 ? 0 : free;
      rowEnds[row] = left + width + 8;
      return { mark, at, left, y: 10 + row * 13 };
    });
  const rules = placed.map(({ mark, at, y }) => {
    return `<line class="mark ${mark.kind}" x1="${px(at)}" x2="${px(at)}" y1="${y + 4}" y2="${frame.bottom}"/>`;
  });
  const labels = placed.map(({ mark, left, y }) => {
    return `<text class="mark-label ${mark.kind}" x="${px(left)}" y="${y}">${htmlValue(mark.label)}</text>`;
  });
  return [...rules, ...labels];
}

const UNITS = [
  [1e12, "T"],
  [1e9, "G"],
  [1e6, "M"],
  [1e4, "k"],
] as const;

function compact(value: number): string {
  const [size, sign] = UNITS.find(([least]) => Math.abs(value) >= least) ?? [1, ""];
  return `${formatNumber(value / (sign === "k" ? 1_000 : size))}${sign}`;
}

function describe({ title, unit, points, threshold: limit, after: end }: Chart): string {
  const last = points.at(-1);
  const first = points[0];
  const course =
    first && last ? ` from ${formatMeasure(first[1], unit)} to ${formatMeasure(last[1], unit)}` : "";
  const bound = limit === undefined ? "" : `, threshold ${formatMeasure(limit, unit)}`;
  const then = end ? `, after the action ${formatMeasure(end[1], unit)}` : "";
  return `${title}${course}${bound}${then}`;
}
