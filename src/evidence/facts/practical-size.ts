import { fromNearerEnd } from "../../../packages/signals/index.ts";
import type { SeriesSummary } from "../../domain/evidence.ts";

/**
 * A departure can be significant and irrelevant: below five points of a percentage, or a seventh of the level, counted
 * from the nearer end of its scale.
 */
export const SMALL_POINTS = 5;
const SMALL_SHARE = 0.15;

/** A fall to this share is never small, however low the level: it is what remains when traffic is lost. */
const TENTH = 0.1;

/** Reports a change that is too small to matter as steady. */
export function withPracticalSize(summary: SeriesSummary, unit: string): SeriesSummary {
  if (summary.changedAt === undefined || !isSmall(summary, unit)) return summary;
  const { onset: _dropped, changedAt: _too, ...rest } = summary;
  return { ...rest, direction: "none", shape: "flat" };
}

function isSmall({ baseline, current, min, max, shape }: SeriesSummary, unit: string): boolean {
  const end = unit === "%" ? 100 : undefined;
  const [level, now] = [fromNearerEnd(baseline, end), fromNearerEnd(current, end)];
  if (shape !== "spike" && now <= TENTH * level) return false;
  const far = Math.max(
    Math.abs(current - baseline),
    shape === "spike" ? Math.max(max - baseline, baseline - min) : 0,
  );
  return far < SMALL_SHARE * level || (unit === "%" && far < SMALL_POINTS);
}
