import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitted, MOST_CHARACTERS, pageOf, visible } from "./bounded.ts";

describe("what is too long", () => {
  it("fits afterwards, whatever it was, and says that it was cut", () => {
    const long = fc.tuple(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 600 }));

    fc.assert(
      fc.property(fc.array(fc.record({ id: fc.string(), text: long }), { maxLength: 20 }), (drafts) => {
        const given = drafts.map(({ id, text: [text, times] }) => ({ id, text: text.repeat(times) }));

        const { value, cut } = fitted({ given });

        const json = JSON.stringify(value);
        expect(json.length).toBeLessThanOrEqual(MOST_CHARACTERS);
        expect(cut).toBe(json.includes("[cut") || json.includes('"cut"'));
      }),
      { numRuns: 12 },
    );
  });

  it.each([
    ["many texts", Array.from({ length: 15 }, () => "long ".repeat(1_000))],
    ["one text", "long ".repeat(50_000)],
    ["a long list", Array.from({ length: 5_000 }, (_, index) => index)],
    ["lists of lists", Array.from({ length: 100 }, () => Array.from({ length: 100 }, () => "some words"))],
    [
      "a map of many names",
      Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`name-${index}`, "x"])),
    ],
  ])("fits in this case: %s", (_, given) => {
    const { value, cut } = fitted({ id: "E1", given });

    expect(JSON.stringify(value).length).toBeLessThanOrEqual(MOST_CHARACTERS);
    expect(value).toMatchObject({ id: "E1" });
    expect(cut).toBe(true);
    expect(JSON.stringify(value)).toMatch(/\[cut/);
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
      { numRuns: 12 },
    );
  });

  it("is empty behind its end", () => {
    expect(pageOf([1, 2], 7, 10, 100)).toEqual({ items: [], cut: false });
  });
});

it("hides nothing from people that an assistant would read", () => {
  expect(visible("a\u{E0041}\u200Bb\u202Ec\u0007\u001B[1m\nd\te")).toBe("abc[1m\nd\te");
});
