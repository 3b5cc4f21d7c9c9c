/**
 * Temperature scaling of a stated confidence: its log-odds divided by one number, which is above 1 where confidence is
 * too high. Pure.
 * @see https://arxiv.org/abs/1706.04599 (Guo et al. 2017, "On Calibration of Modern Neural Networks")
 */
import type { Claim } from "./calibration.ts";

/** Confidence counts as at most so sure: the log of 0 has no value. */
const SUREST = 0.995;
/** Temperatures that are tried, and how exactly the best is found. */
const COLDEST = 0.2;
const HOTTEST = 8;
const EXACT = 0.001;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** The confidence at a temperature. */
export function atTemperature(confidence: number, temperature: number): number {
  const p = Math.min(SUREST, Math.max(1 - SUREST, confidence));
  return 1 / (1 + Math.exp(-Math.log(p / (1 - p)) / temperature));
}

/** The mean negative log-likelihood of the claims at a temperature, in nats. */
export function lossAt(claims: readonly Claim[], temperature: number): number {
  const sum = claims.reduce((total, { confidence, right }) => {
    const p = atTemperature(confidence, temperature);
    return total - Math.log(right ? p : 1 - p);
  }, 0);
  return sum / Math.max(1, claims.length);
}

/** The temperature of the least loss, by golden-section search. */
export function fitTemperature(claims: readonly Claim[]): number {
  let [low, high] = [Math.log(COLDEST), Math.log(HOTTEST)];
  while (high - low > EXACT) {
    const [left, right] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    if (lossAt(claims, Math.exp(left)) < lossAt(claims, Math.exp(right))) high = right;
    else low = left;
  }
  return Math.exp((low + high) / 2);
}
