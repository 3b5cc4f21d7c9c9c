import fc from "fast-check";
import { expect, test } from "vitest";
import { type Sample, SampleBuffer } from "./sample-buffer.ts";

function sampleAt(at: number, value: number): Sample {
  return { at, count: 1, sum: value, minimum: value, maximum: value };
}

test("a range is the samples of that time in order, however they arrived", () => {
  const times = fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 700 });

  fc.assert(
    fc.property(times, fc.integer({ max: 2_000 }), fc.nat(2_000), (arrivals, from, length) => {
      const buffer = new SampleBuffer(1_000);
      const samples = arrivals.map((at, index) => sampleAt(at, index));

      for (const sample of samples) buffer.add(sample);

      const expected = samples.filter(({ at }) => at >= from && at < from + length);
      expect(buffer.range(from, from + length)).toEqual(expected.toSorted((a, b) => a.at - b.at));
    }),
    { numRuns: 60 },
  );
});

test("a full buffer drops its oldest samples and never exceeds its size", () => {
  const buffer = new SampleBuffer(300);

  for (let at = 0; at < 5_000; at += 1) {
    buffer.add(sampleAt(at, at));
    expect(buffer.size).toBeLessThanOrEqual(300);
  }

  const kept = buffer.range(0, 5_000).map(({ at }) => at);
  expect(kept.at(-1)).toBe(4_999);
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => 5_000 - kept.length + index));
});

test("samples before a time can be forgotten", () => {
  const buffer = new SampleBuffer(10);
  for (const at of [1, 2, 3]) buffer.add(sampleAt(at, at));

  buffer.dropBefore(2);

  expect(buffer.range(0, 10).map(({ at }) => at)).toEqual([2, 3]);
});
