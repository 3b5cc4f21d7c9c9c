import type { Departure, Grid } from "./departure.ts";
import { median } from "./order-statistics.ts";
import type { Point } from "./point.ts";
import { recededShare } from "./receding.ts";
import type { SeriesSummary } from "./series-summary.ts";

/**
 * How a series moves apart from its departure: its trend, its teeth, and what it has lost of the departure again.
 * @param step milliseconds of one unit of the grid's `x`
 */
export function describeMoves(
  { y }: Grid,
  { trend, teeth, onset, normal, shape }: Departure,
  points: readonly Point[],
  step: number,
): Pick<SeriesSummary, "trend" | "teeth" | "receding"> {
  const timeOf = (index: number) => new Date(points[index]?.t ?? 0).toISOString();
  const lasting = onset !== undefined && normal.length > 0 && shape !== "spike" && teeth === undefined;
  const baseline = median(normal.map((index) => y[index] ?? 0));
  const receding = lasting ? recededShare(y, onset, baseline) : undefined;
  return {
    ...(trend && {
      trend: {
        direction: trend.side,
        since: timeOf(trend.from),
        older: trend.from === 0,
        perMinute: (trend.slope / step) * 60_000,
      },
    }),
    ...(teeth && {
      teeth: {
        peak: teeth.peak,
        floor: teeth.floor,
        ...(teeth.isFloorMoving === undefined ? {} : { floorMoves: teeth.isFloorMoving }),
        since: timeOf(teeth.firstReturn),
      },
    }),
    ...(receding === undefined ? {} : { receding }),
  };
}
