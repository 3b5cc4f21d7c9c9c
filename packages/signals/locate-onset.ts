/** How a departure begins: at once or gradually; `index` is its first point. */
export interface Start {
  readonly index: number;
  readonly shape: "step" | "ramp";
  /** The fitted change of level from the start to the last member. */
  readonly change: number;
  /** Sums of squared errors: of the fit, and of a constant level. */
  readonly error: number;
  readonly constantError: number;
}

/** A ramp of fewer points cannot be told from a step. */
export const SHORTEST_RAMP = 4;
/** Fits that differ by less differ by rounding: the later start wins, whichever way the series goes. */
const TIE = 1 + 1e-9;
/** Below this a stable start is so short that it never earns its parameter; it is believed without. */
const LONG = 26;

/**
 * Where a departure begins, from the points at the normal level and those of the departure, in time order
 * (`members` are indexes into `x` and `y`). A step (two levels) and a hinge (a level, then a line from it) are
 * fitted by least squares at every place; the better of the two fits names the shape, its break the onset.
 * Source: Hinkley 1970 (step) and Hudson 1966, "Fitting segmented curves whose join points have to be
 * estimated" (hinge). A straight line through all members, onset at the first, wins over a hinge that is not better
 * by the Bayesian information criterion (Schwarz 1978); in a short series the hinge stands.
 */
export function locateStart(x: Float64Array, y: Float64Array, members: readonly number[]): Start {
  const count = members.length;
  const origin = x[members[0] ?? 0] ?? 0;
  const mean = members.reduce((sum, index) => sum + (y[index] ?? 0), 0) / count;
  const total = members.reduce((sum, index) => sum + ((y[index] ?? 0) - mean) ** 2, 0);
  let after = { n: 0, x: 0, y: 0, xx: 0, xy: 0 };
  let step = { gain: -1, at: count - 1, change: 0 };
  let hinge = { gain: -1, at: count - 1, change: 0 };
  let line = hinge;
  for (let at = count - 1; at > 0; at--) {
    const px = (x[members[at] ?? 0] ?? 0) - origin;
    const py = (y[members[at] ?? 0] ?? 0) - mean;
    after = {
      n: after.n + 1,
      x: after.x + px,
      y: after.y + py,
      xx: after.xx + px * px,
      xy: after.xy + px * py,
    };
    const between = (after.y * after.y * count) / (after.n * (count - after.n));
    if (between > step.gain * TIE)
      step = { gain: between, at, change: (after.y * count) / (after.n * (count - after.n)) };
    if (after.n < SHORTEST_RAMP) continue;
    const knot = (x[members[at - 1] ?? 0] ?? 0) - origin;
    const sum = after.x - after.n * knot;
    const squares = after.xx - 2 * knot * after.x + after.n * knot * knot - (sum * sum) / count;
    const product = after.xy - knot * after.y;
    const last = (x[members[count - 1] ?? 0] ?? 0) - origin;
    line = { gain: (product * product) / squares, at, change: (product / squares) * (last - knot) };
    if (squares > 0 && line.gain > hinge.gain * TIE) hinge = line;
  }
  const isRamp = hinge.gain > step.gain * TIE;
  const best = isRamp ? hinge : step;
  const error = Math.max(0, total - best.gain);
  const isNoWorse = (hinge.gain - line.gain) * (count - 3) <= error * Math.log(count);
  const isWhole = isRamp && count >= LONG && isNoWorse;
  return {
    index: members[isWhole ? 0 : best.at] ?? 0,
    shape: isRamp ? "ramp" : "step",
    change: best.change,
    error,
    constantError: total,
  };
}
