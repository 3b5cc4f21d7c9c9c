import { median } from "../../../packages/signals/order-statistics.ts";
import type { Point } from "../../domain/reading.ts";

/**
 * Returns true where a high percentile has fewer requests a period than it takes for one to lie beyond it (100 for p99):
 * then it is hardly more than the slowest request. Judged in the periods since it departed. Undefined where the requests
 * are not known, and for other statistics.
 * @param points of the percentile
 * @param requests of the same periods; several counts of one period are added
 * @param onset ISO 8601, since when it departed
 */
export function isQuietTail(
  statistic: string,
  points: readonly Point[],
  requests: readonly Point[],
  onset: string | undefined,
): boolean | undefined {
  const percentile = Number(/^p(\d+(?:\.\d+)?)$/.exec(statistic)?.[1]);
  if (!(percentile > 50 && percentile < 100)) return undefined;
  const since = onset === undefined ? 0 : Date.parse(onset);
  const counts = points
    .filter(({ t }) => t >= since)
    .flatMap(({ t }) => {
      const own = requests.filter((count) => count.t === t);
      return own.length === 0 ? [] : [own.reduce((sum, { v }) => sum + v, 0)];
    });
  return counts.length === 0 ? undefined : median(counts) < 100 / (100 - percentile);
}
