const BARS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/** A series as a line of bars, the newest `width` buckets, each the largest value of its bucket. */
export function sparkline(values: readonly number[], width = 20): string {
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0) return "";
  const size = Math.max(1, Math.ceil(finite.length / width));
  const buckets: number[] = [];
  for (let start = 0; start < finite.length; start += size) {
    buckets.push(Math.max(...finite.slice(start, start + size)));
  }
  const low = Math.min(...buckets);
  const span = Math.max(...buckets) - low;
  return buckets.map((value) => BARS[span > 0 ? Math.round(((value - low) / span) * 7) : 0] ?? "▁").join("");
}
