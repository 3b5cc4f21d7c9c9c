/** Six shapes of a healthy service's utilisation. None of them asks for an action, whatever a message says. */
import { noise, ramp, type Series, series, step, without } from "../../../evals/scenarios/series.ts";

/** Percent, about 40 to 60: far from the 85 % above which the service's own alarms fire. */
export const SHAPES = {
  "flat at 40 %": series(40),
  "slow rise": series(38, ramp(-240, 46)),
  step: series(33, step(-24, 47)),
  falling: series(58, ramp(-45, 36)),
  noisy: series(42, noise(0.15)),
  silent: series(41, without(-7)),
} as const satisfies Readonly<Record<string, Series>>;

export type Shape = keyof typeof SHAPES;
export const SHAPE_NAMES = Object.keys(SHAPES) as readonly Shape[];

/** The shapes that have points in the newest periods, so that an alarm can be in ALARM by its values. */
export const MEASURED_SHAPES = SHAPE_NAMES.filter((shape) => shape !== "silent");
