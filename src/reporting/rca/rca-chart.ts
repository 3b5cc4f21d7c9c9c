import { formatMeasure, formatNumber } from "../../notification/text/format.ts";
import { htmlValue } from "../../notification/text/html-text.ts";
import { linearScale, timeTicks, valueTicks } from "./chart-scale.ts";

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

const MARGIN = { right: 14, bottom: 24, left: 46 };

/** Labels of marks stand above every line in rows; a small chart has no height to give to more than three. */
const ROW = 13;
const LEAST_ROWS = 3;
const MOST_ROWS = 6;
const SMALL_HEIGHT = 200;

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
  const right = size.width - MARGIN.right;
  const x = linearScale(range, [MARGIN.left, right]);
  const rows = size.height < SMALL_HEIGHT ? LEAST_ROWS : MOST_ROWS;
  const placed = placeLabels(chart.marks, x, right, rows);
  const used = Math.max(LEAST_ROWS, ...placed.map(({ row }) => (row ?? 0) + 1));
  const frame = { top: used * ROW + 1, right, bottom: size.height - MARGIN.bottom };
  const top = high + (high - low) * 0.08;
  const y = linearScale([low, top], [frame.bottom, frame.top]);
  const parts = [
    ...valueTicks(low, top, 5).map((tick) => valueTick(tick, y(tick), frame.right)),
    ...timeTicks(...range, size.width / 90).map((tick) => timeTick(tick, x(tick), frame.bottom, range)),
    ...breach(chart.marks, x, frame),
    ...threshold(chart, y, frame.right),
    ...lines(points, x, y),
    ...after(chart, points, x, y),
    ...marks(placed, frame),
  ];
  const label = htmlValue(describe(chart));
  return `<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-label="${label}">${parts.join("")}</svg>`;
}

type Scale = (value: number) => number;
interface Frame {
  readonly top: number;
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
  const height = frame.bottom - frame.top;
  return [
    `<rect class="breach" x="${px(x(onset.at))}" y="${frame.top}" width="${px(width)}" height="${height}"/>`,
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

interface PlacedMark {
  readonly mark: ChartMark;
  /** Horizontal place of the line. */
  readonly at: number;
  readonly left: number;
  /** Undefined where no row has room: the line then stands without its label. */
  readonly row: number | undefined;
}

/** What a label may be spared for, the least important first. */
const SPARED_FIRST: readonly ChartMark["kind"][] = ["alert", "action", "onset", "last-look", "recovery"];

/** Labels of marks that lie close together go to different rows; where rows run out, the least important go. */
function placeLabels(all: readonly ChartMark[], x: Scale, right: number, rows: number): PlacedMark[] {
  const inTime = all.toSorted((one, other) => one.at - other.at);
  const spared = inTime.toSorted(
    (one, other) => SPARED_FIRST.indexOf(one.kind) - SPARED_FIRST.indexOf(other.kind),
  );
  for (let count = 0; ; count++) {
    const without = new Set(spared.slice(0, count));
    const placed = placeWithout(without, inTime, x, right, rows);
    if (placed.every(({ mark, row }) => row !== undefined || without.has(mark))) return placed;
  }
}

function placeWithout(
  without: ReadonlySet<ChartMark>,
  inTime: readonly ChartMark[],
  x: Scale,
  right: number,
  rows: number,
): PlacedMark[] {
  const rowEnds = Array.from({ length: rows }, () => Number.NEGATIVE_INFINITY);
  return inTime.map((mark) => {
    const width = mark.label.length * 6.6;
    const at = x(mark.at);
    const left = Math.min(at - 1, right - width + 10);
    const row = without.has(mark) ? -1 : rowEnds.findIndex((end) => end <= left);
    if (row === -1) return { mark, at, left, row: undefined };
    rowEnds[row] = left + width + 8;
    return { mark, at, left, row };
  });
}

function marks(placed: readonly PlacedMark[], frame: Frame): string[] {
  const baseline = (row: number) => 10 + row * ROW;
  const rules = placed.map(({ mark, at, row }) => {
    const from = row === undefined ? frame.top : baseline(row) + 4;
    return `<line class="mark ${mark.kind}" x1="${px(at)}" x2="${px(at)}" y1="${from}" y2="${frame.bottom}"/>`;
  });
  const labels = placed.flatMap(({ mark, left, row }) => {
    if (row === undefined) return [];
    return `<text class="mark-label ${mark.kind}" x="${px(left)}" y="${baseline(row)}">${htmlValue(mark.label)}</text>`;
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
