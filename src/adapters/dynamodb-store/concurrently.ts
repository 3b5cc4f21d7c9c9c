/** Reads in flight at a time: enough to hide the distance, few enough for a small machine's connections. */
const AT_ONCE = 8;

/** Maps in order, with a bounded number of calls under way. The first fault ends it. */
export async function concurrently<T, R>(
  values: readonly T[],
  work: (value: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (let from = 0; from < values.length; from += AT_ONCE) {
    results.push(...(await Promise.all(values.slice(from, from + AT_ONCE).map(work))));
  }
  return results;
}

/** All of a stream. */
export async function collected<T>(stream: AsyncIterable<T>): Promise<readonly T[]> {
  const values: T[] = [];
  for await (const value of stream) values.push(value);
  return values;
}
