import { flat, type Generator, series } from "./series.ts";

/** Skewed noise, written with the double MAD, after the held-out run had shown skew to be a weakness; not tuned on. */
export const LAST_SHAPES: Readonly<Record<string, Generator>> = {
  "flat gamma latency, alarm known": (r) => {
    const values = Array.from(
      { length: 60 },
      () => 0.05 + 0.02 * (r.normal() ** 2 + r.normal() ** 2 + r.normal() ** 2),
    );
    return series(values, { ...flat, alarm: r.integer(20, 60) });
  },
  "flat lognormal latency, alarm known": (r) => {
    const spread = r.uniform(0.2, 0.7);
    const values = Array.from({ length: 60 }, () => 0.3 * Math.exp(spread * r.normal()));
    return series(values, { ...flat, alarm: r.integer(20, 60) });
  },
  "flat dips of availability, alarm known": (r) => {
    const values = Array.from({ length: 60 }, () => 99.9 - 0.3 * r.normal() ** 2);
    return series(values, { ...flat, alarm: r.integer(20, 60) });
  },
  "step of gamma latency": (r, effect) => {
    const onset = r.integer(15, 54);
    const values = Array.from({ length: 60 }, (_, i) => {
      const noise = 0.02 * (r.normal() ** 2 + r.normal() ** 2 + r.normal() ** 2);
      return 0.05 + noise + (i < onset ? 0 : effect * 0.02 * Math.sqrt(6));
    });
    return series(values, { onset, shapes: ["step"] });
  },
};
