/** Samples of one series: statistics of `count` measurements taken at `at` (epoch milliseconds). */
export interface Sample {
  readonly at: number;
  readonly count: number;
  readonly sum: number;
  readonly minimum: number;
  readonly maximum: number;
}

const COLUMNS = 5;
const INITIAL_CAPACITY = 256;

/**
 * A time-ordered buffer of samples with a fixed upper size: when full, the oldest eighth is dropped. Kept as
 * one flat array so that hours of raw samples stay cheap and a time range is found by binary search.
 */
export class SampleBuffer {
  readonly #maximumSamples: number;
  #cells = new Float64Array(INITIAL_CAPACITY * COLUMNS);
  #start = 0;
  #end = 0;

  constructor(maximumSamples: number) {
    this.#maximumSamples = maximumSamples;
  }

  /** Number of samples held. */
  get size(): number {
    return this.#end - this.#start;
  }

  /** Time of the newest sample, `-Infinity` when empty. */
  get newestAt(): number {
    return this.size === 0 ? Number.NEGATIVE_INFINITY : this.#at(this.#end - 1);
  }

  /** Adds a sample in its place in time; equal times keep their order of arrival. */
  add(sample: Sample): void {
    if (this.size >= this.#maximumSamples) this.#start += Math.max(1, this.#maximumSamples >> 3);
    this.#makeRoom();
    const index = sample.at >= this.newestAt ? this.#end : this.#search(sample.at, true);
    this.#cells.copyWithin((index + 1) * COLUMNS, index * COLUMNS, this.#end * COLUMNS);
    this.#cells.set([sample.at, sample.count, sample.sum, sample.minimum, sample.maximum], index * COLUMNS);
    this.#end += 1;
  }

  /** Forgets samples older than `at`. */
  dropBefore(at: number): void {
    this.#start = this.#search(at, false);
  }

  /** Samples with `from <= at < to`, oldest first. */
  range(from: number, to: number): Sample[] {
    const samples: Sample[] = [];
    for (let index = this.#search(from, false); index < this.#end && this.#at(index) < to; index += 1) {
      const cell = index * COLUMNS;
      samples.push({
        at: this.#cells[cell] ?? 0,
        count: this.#cells[cell + 1] ?? 0,
        sum: this.#cells[cell + 2] ?? 0,
        minimum: this.#cells[cell + 3] ?? 0,
        maximum: this.#cells[cell + 4] ?? 0,
      });
    }
    return samples;
  }

  #at(index: number): number {
    return this.#cells[index * COLUMNS] ?? 0;
  }

  /** First index whose time is at or after (`afterEqual`: strictly after) `at`. */
  #search(at: number, afterEqual: boolean): number {
    let low = this.#start;
    let high = this.#end;
    while (low < high) {
      const middle = (low + high) >> 1;
      const value = this.#at(middle);
      if (value < at || (afterEqual && value === at)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #makeRoom(): void {
    const capacity = this.#cells.length / COLUMNS;
    if (this.#end < capacity) return;
    const needed = this.size > capacity / 2 ? capacity * 2 : capacity;
    const cells = needed === capacity ? this.#cells : new Float64Array(needed * COLUMNS);
    cells.set(this.#cells.subarray(this.#start * COLUMNS, this.#end * COLUMNS), 0);
    this.#end -= this.#start;
    this.#start = 0;
    this.#cells = cells;
  }
}
