/** Stated confidence against results: a small chart as inline SVG, coloured by the page's style. Pure. */
import type { Calibration } from "./eval-report.ts";
import { percent } from "./words.ts";

const SIZE = 300;
const MARGIN = { left: 40, bottom: 36, top: 10, right: 12 };

/** Draws each bin as a dot, sized by its cases, with the 95 % interval of the share that was right. */
export function reliabilityChart({ bins, kind }: Calibration): string {
  const inner = SIZE - MARGIN.left - MARGIN.right;
  const height = SIZE - MARGIN.top - MARGIN.bottom;
  const x = (value: number) => (MARGIN.left + value * inner).toFixed(1);
  const y = (value: number) => (MARGIN.top + (1 - value) * height).toFixed(1);
  const most = Math.max(1, ...bins.map(({ n }) => n));
  const ticks = [0, 0.25, 0.5, 0.75, 1].map(
    (tick) =>
      `<line class="grid" x1="${x(0)}" x2="${x(1)}" y1="${y(tick)}" y2="${y(tick)}"/>` +
      `<text x="${MARGIN.left - 6}" y="${Number(y(tick)) + 4}" text-anchor="end">${tick * 100}</text>` +
      `<text x="${x(tick)}" y="${SIZE - 20}" text-anchor="middle">${tick * 100}</text>`,
  );
  const dots = bins.map(({ meanConfidence, right, n }) => {
    const share = right.of === 0 ? 0 : right.hits / right.of;
    const radius = (3 + 5 * Math.sqrt(n / most)).toFixed(1);
    const { low = share, high = share } = right.interval ?? {};
    return (
      `<line class="span" x1="${x(meanConfidence)}" x2="${x(meanConfidence)}" y1="${y(low)}" y2="${y(high)}"/>` +
      `<circle class="dot" cx="${x(meanConfidence)}" cy="${y(share)}" r="${radius}"/>`
    );
  });
  const told = bins.map(
    ({ meanConfidence, right }) => `${right.hits} of ${right.of} right at ${percent(meanConfidence)} %`,
  );
  return (
    `<svg viewBox="0 0 ${SIZE} ${SIZE}" role="img" aria-label="Reliability of ${kind} confidence: ${told.join(", ")}">` +
    `${ticks.join("")}<line class="ideal" x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}"/>${dots.join("")}` +
    `<text x="${x(0.5)}" y="${SIZE - 4}" text-anchor="middle">${kind} confidence, %</text>` +
    `<text x="12" y="${y(0.5)}" text-anchor="middle" transform="rotate(-90 12 ${y(0.5)})">cause right, %</text></svg>`
  );
}
