import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitted, MOST_CHARACTERS, pageOf, visible } from "./bounded.ts";

describe("what is too long", () => {
  it("fits afterwards, whatever it was, and says that it was cut", () => {
    const long = fc.tuple(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 1_500 }));

    fc.assert(
      fc.property(fc.array(fc.record({ id: fc.string(), text: long }), { maxLength: 30 }), (drafts) => {
        const given = drafts.map(({ id, text: [text, times] }) => ({ id, text: text.repeat(times) }));

        const { value, cut } = fitted({ given });

        const json = JSON.stringify(value);
        expect(json.length).toBeLessThanOrEqual(MOST_CHARACTERS);
        expect(cut).toBe(json.includes("[cut") || json.includes('"cut"'));
      }),
      { numRuns: 25 },
    );
  });

  it("stays as it is where it fits", () => {
    expect(fitted({ id: "E1", data: [1, null, { text: "two\nlines" }] })).toEqual({
      value: { id: "E1", data: [1, null, { text: "two\nlines" }] },
      cut: false,
    });
  });
});

describe("a list that is told in pages", () => {
  it("is told wholly and in order, each page within its budget", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 3_000 }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 50 }),
        (lengths, limit) => {
          const all = lengths.map((length, id) => ({ id, text: "x".repeat(length) }));
          const told: unknown[] = [];
          for (let next: number | undefined = 0; next !== undefined; ) {
            const page = pageOf(all, next, limit, 5_000);
            expect(JSON.stringify(page.items).length).toBeLessThanOrEqual(5_100);
            told.push(...page.items);
            next = page.next;
          }

          expect(told).toEqual(all);
        },
      ),
      { numRuns: 25 },
    );
  });

  it("is empty behind its end", () => {
    expect(pageOf([1, 2], 7, 10, 100)).toEqual({ items: [], cut: false });
  });
});

it("hides nothing from people that an assistant would read", () => {
  expect(visible("a\u{E0041}\u200Bb\u202Ec\u0007\u001B[1m\nd\te")).toBe("abc[1m\nd\te");
});
