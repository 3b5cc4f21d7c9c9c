import { expect, it } from "vitest";
import {
  escalatedIncident,
  failedIncident,
  resolvedIncident,
  unprovenIncident,
} from "../../../test/samples/incidents.ts";
import { type Chart, chartSvg } from "./rca-chart.ts";
import { marksOf } from "./rca-charts.ts";
import { renderRcaHtml } from "./rca-html.ts";

const size = { width: 400, height: 200 };
const chart: Chart = {
  title: "Memory",
  unit: "Percent",
  points: [
    [0, 10],
    [60_000, 20],
    [120_000, 95],
  ],
  threshold: 90,
  marks: [
    { kind: "onset", label: "onset", at: 60_000 },
    { kind: "recovery", label: "recovered", at: 240_000 },
  ],
};

it("marks onset, alert, action and recovery in the alarm's chart", () => {
  const html = renderRcaHtml(resolvedIncident());

  for (const kind of ["onset", "alert", "action", "recovery"]) expect(html).toContain(`class="mark ${kind}"`);
  expect(html).toContain('aria-label="MemoryUtilization (Maximum) from');
  expect(html).toContain("threshold 90 %");
});

it("marks no recovery where none was proven", () => {
  expect(marksOf(unprovenIncident()).map((mark) => mark.kind)).toEqual([
    "onset",
    "alert",
    "action",
    "last-look",
  ]);
  expect(marksOf({ ...unprovenIncident(), status: "resolved" }).map((mark) => mark.kind)).not.toContain(
    "recovery",
  );
  expect(marksOf(escalatedIncident()).map((mark) => mark.kind)).toEqual(["onset", "alert"]);
});

it("renders an incident without evidence", () => {
  const html = renderRcaHtml(failedIncident());

  expect(html).toContain("Agent failed — manual intervention required");
  expect(html).not.toContain("<svg");
});

it("links cited facts to their row, which exists", () => {
  const html = renderRcaHtml(resolvedIncident());

  const targets = [...html.matchAll(/href="#(E\d+)"/g)].map(([, id]) => id);
  expect(targets.length).toBeGreaterThan(2);
  for (const id of targets) expect(html).toContain(`<tr id="${id}">`);
});

it("loads nothing and forbids it", () => {
  const html = renderRcaHtml(resolvedIncident());

  expect(html).toContain("default-src 'none'");
  expect(html).not.toMatch(/https?:\/\/|@import|url\(|<script|<link|<img/);
});

it("breaks the line where data is missing", () => {
  const points: Chart["points"] = [...chart.points, [900_000, 50], [960_000, 52]];

  const svg = chartSvg({ ...chart, points }, size);

  expect(svg.match(/<polyline/g)).toHaveLength(2);
});

it("puts no label of a mark over another, whatever happens within a minute", () => {
  const marks = [
    "alert",
    "scale",
    "taken back",
    "restart",
    "recovered",
    "one more",
    "and one",
    "and another",
  ].map((label, index) => ({ kind: "action" as const, label, at: 120_000 + index * 100 }));

  for (const height of [190, 300]) {
    const svg = chartSvg({ ...chart, marks }, { width: 400, height });
    const labels = [...svg.matchAll(/class="mark-label action" x="([\d.]+)" y="(\d+)">([^<]+)/g)].map(
      ([, x, y, label = ""]) => ({ from: Number(x), to: Number(x) + label.length * 6.6, y: Number(y) }),
    );
    const overlaps = labels.flatMap((one, index) =>
      labels
        .slice(index + 1)
        .filter((other) => one.y === other.y && one.from < other.to && other.from < one.to),
    );
    expect(overlaps).toEqual([]);
    expect(labels.length).toBeGreaterThanOrEqual(3);
    expect(svg).toContain(">and another</text>");
    expect(svg.match(/class="mark action"/g)).toHaveLength(marks.length);
  }
});

it("draws the measured value after the action apart from the series", () => {
  const svg = chartSvg({ ...chart, after: [240_000, 40] }, size);

  expect(svg).toContain('class="after-line"');
  expect(svg).toContain("after the action 40 %");
});

it.each([
  ["no point", []],
  ["points that are no numbers", [[Number.NaN, 1]]],
] as const)("draws nothing with %s", (_, points) => {
  expect(chartSvg({ ...chart, points, marks: [] }, size)).toBe("");
});

it.each([
  ["one point", [[5, 5]]],
  [
    "a flat line at zero",
    [
      [0, 0],
      [1, 0],
    ],
  ],
  [
    "huge values",
    [
      [0, 1e15],
      [1, 2e300],
    ],
  ],
] as const)("draws %s without a broken number", (_, points) => {
  const svg = chartSvg({ ...chart, points }, size);

  expect(svg).toContain("<svg");
  expect(svg).not.toMatch(/NaN|Infinity|undefined/);
});
