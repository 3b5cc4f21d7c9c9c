import { fromNearerEnd } from "../../../packages/signals/index.ts";
import type { SeriesSummary } from "../../domain/evidence.ts";

/**
 * A departure can be significant and irrelevant: below five points of a percentage, or a seventh of the level, counted
 * from the nearer end of its scale.
 */
export const SMALL_POINTS = 5;
const SMALL_SHARE = 0.15;

/** Reports a departure that is too small to matter as steady. */
export function withPracticalSize(summary: SeriesSummary, unit: string): SeriesSummary {
  if (summary.onset === undefined) return summary;
  const far = Math.max(
    Math.abs(summary.current - summary.baseline),
    summary.shape === "spike" ? Math.max(summary.max - summary.baseline, summary.baseline - summary.min) : 0,
  );
  const level = fromNearerEnd(summary.baseline, unit === "%" ? 100 : undefined);
  const small = far < SMALL_SHARE * level || (unit === "%" && far < SMALL_POINTS);
  if (!small) return summary;
  const { onset: _dropped, ...rest } = summary;
  return { ...rest, direction: "none", shape: "flat" };
}
