import fc from "fast-check";
import { expect, test } from "vitest";
import { createEventList, type LogEvent } from "./event-list.ts";

const arrivals = fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 60 });

function listOf(times: readonly number[], maximumEvents?: number) {
  const list = createEventList(maximumEvents);
  for (const at of times) list.add({ at, ingestedAt: 0, stream: "s", message: String(at) });
  return list;
}

/** Reads a range in pages of one event, as a caller with a token would. */
function readByCursor(read: (cursor?: LogEvent) => Iterable<LogEvent>): LogEvent[] {
  const found: LogEvent[] = [];
  for (;;) {
    const [next] = read(found.at(-1));
    if (next === undefined) return found;
    found.push(next);
  }
}

test("both directions give the events of a range, in order, whole or by cursor", () => {
  fc.assert(
    fc.property(arrivals, fc.nat(50), fc.nat(50), (times, from, to) => {
      const list = listOf(times);

      const forward = [...list.forward(from, to)];

      const expected = times.filter((at) => at >= from && at <= to).toSorted((a, b) => a - b);
      expect(forward.map(({ at }) => at)).toEqual(expected);
      expect([...list.backward(from, to)]).toEqual(forward.toReversed());
      expect(readByCursor((cursor) => list.forward(from, to, cursor))).toEqual(forward);
      expect(readByCursor((cursor) => list.backward(from, to, cursor))).toEqual(forward.toReversed());
    }),
  );
});

test("a full list drops its oldest events", () => {
  const list = listOf(
    Array.from({ length: 1_000 }, (_, index) => index),
    100,
  );

  const kept = [...list.forward(0, 1_000)].map(({ at }) => at);

  expect(kept.length).toBeLessThanOrEqual(100);
  expect(kept.at(-1)).toBe(999);
});
