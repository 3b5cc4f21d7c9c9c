import { changing, flat, type Generator, series, sign } from "./series.ts";

/** The shapes that the thresholds were first tuned on. */
export const FIRST_SHAPES: Readonly<Record<string, Generator>> = {
  "flat gaussian": (r) =>
    series(
      changing(r, 60, () => 0),
      flat,
    ),
  "flat poisson": (r) => {
    const mean = [0.1, 0.5, 2, 20][r.integer(0, 3)] ?? 1;
    return series(
      Array.from({ length: 60 }, () => r.poisson(mean)),
      flat,
    );
  },
  "flat short": (r) =>
    series(
      changing(r, r.integer(5, 25), () => 0),
      { ...flat, period: 5 },
    ),
  step: (r, effect) => {
    const onset = r.integer(8, 54);
    const height = effect * sign(r);
    const values = changing(r, 60, (i) => (i < onset ? 0 : height));
    return series(values, { onset, shapes: ["step"] });
  },
  ramp: (r, effect) => {
    const onset = r.integer(10, 45);
    const slope = (effect * sign(r)) / (60 - onset);
    const values = changing(r, 60, (i) => Math.max(0, i - onset + 1) * slope);
    return series(values, { onset, shapes: ["ramp"] });
  },
  "spike and back": (r, effect) => {
    const onset = r.integer(15, 45);
    const width = r.integer(2, 8);
    const values = changing(r, 60, (i) => (i >= onset && i < onset + width ? effect : 0));
    return series(values, { onset, shapes: ["spike"], alarm: onset + width });
  },
  "short step": (r, effect) => {
    const onset = r.integer(4, 6);
    const values = changing(r, onset + r.integer(4, 15), (i) => (i < onset ? 0 : effect));
    return series(values, { onset, shapes: ["step"], period: 5 });
  },
};

/** Held out in the first round, tuned on after it. */
export const SECOND_SHAPES: Readonly<Record<string, Generator>> = {
  "flat lognormal": (r) => {
    const spread = r.uniform(0.1, 0.5);
    return series(
      Array.from({ length: 60 }, () => 0.2 * Math.exp(spread * r.normal())),
      flat,
    );
  },
  "flat low-rate poisson": (r) => {
    const mean = r.uniform(0.02, 1.5);
    return series(
      Array.from({ length: r.integer(30, 120) }, () => r.poisson(mean)),
      flat,
    );
  },
  "flat autocorrelated": (r) => {
    let state = r.normal();
    return series(
      changing(r, 60, () => {
        state = 0.5 * state + Math.sqrt(0.75) * r.normal();
        return state;
      }),
      flat,
    );
  },
  "flat with alarm elsewhere": (r) =>
    series(
      changing(r, 60, () => 0),
      { ...flat, alarm: r.integer(50, 59) },
    ),
  "flat quantised": (r) =>
    series(
      changing(r, 60, () => 0).map((v) => Math.round(v / 50)),
      flat,
    ),
  "daily drift": (r) =>
    series(
      changing(r, 60, (i) => 2 * Math.sin((i / 1440) * 2 * Math.PI * 5)),
      flat,
    ),
  "late step of 2 points": (r, effect) => {
    const values = changing(r, 60, (i) => (i < 58 ? 0 : effect));
    return series(values, { onset: 58, shapes: ["step"], alarm: 60 });
  },
  "outage to zero": (r) => {
    const mean = r.uniform(20, 5000);
    const onset = r.integer(20, 56);
    const values = Array.from({ length: 60 }, (_, i) => (i < onset ? r.poisson(mean) : 0));
    return series(values, { onset, shapes: ["step"] });
  },
  "errors from nothing": (r, effect) => {
    const onset = r.integer(10, 56);
    const values = Array.from({ length: 60 }, (_, i) => r.poisson(i < onset ? 0.05 : effect));
    return series(values, { onset, shapes: ["step"] });
  },
  "sawtooth leak": (r, effect) => {
    const tooth = r.integer(10, 20);
    const onset = r.integer(0, 1) * r.integer(8, 15);
    const values = changing(r, 60, (i) =>
      i < onset ? 0 : (((i - onset) % tooth) + 1) * (effect / tooth) * 2,
    );
    return series(values, { onset, shapes: ["ramp"] });
  },
  "leak over the whole hour": (r, effect) =>
    series(
      changing(r, 60, (i) => (i * 2 * effect) / 60),
      { onset: 0, shapes: ["ramp"] },
    ),
  "ramp to a plateau": (r, effect) => {
    const onset = r.integer(15, 40);
    const values = changing(r, 60, (i) => effect * Math.min(1, Math.max(0, (i - onset + 1) / 4)));
    return series(values, { onset, shapes: ["step", "ramp"] });
  },
  "old spike, then a step": (r, effect) => {
    const spike = r.integer(5, 15);
    const onset = r.integer(30, 54);
    const values = changing(r, 60, (i) => (i >= onset || (i >= spike && i < spike + 5) ? effect : 0));
    return series(values, { onset, shapes: ["step"] });
  },
  "step on a drift": (r, effect) => {
    const onset = r.integer(20, 50);
    const values = changing(r, 60, (i) => i / 30 + (i < onset ? 0 : effect));
    return series(values, { onset, shapes: ["step"] });
  },
  "step with glitches and gaps": (r, effect) => {
    const onset = r.integer(15, 50);
    const whole = series(
      changing(r, 60, (i) => (r.uniform(0, 1) < 0.03 ? 20 : i < onset ? 0 : effect)),
      { onset, shapes: ["step"] },
    );
    return { ...whole, points: whole.points.filter((_, i) => i === onset || r.uniform(0, 1) > 0.15) };
  },
  "short ramp": (r, effect) => {
    const onset = r.integer(3, 6);
    const values = changing(r, onset + r.integer(8, 18), (i) => (Math.max(0, i - onset + 1) * effect) / 8);
    return series(values, { onset, shapes: ["ramp"], period: 5 });
  },
};
