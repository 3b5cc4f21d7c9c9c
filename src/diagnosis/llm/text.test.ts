import fc from "fast-check";
import { expect, test } from "vitest";
import { cap, capTokens, estimateTokens, manyLines, oneLine } from "./text.ts";

const anyText = fc.string({ unit: "binary", maxLength: 400 });

test("property: a cleaned line has no line break, control, format or lone surrogate", () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const line = oneLine(text);

      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(line.isWellFormed()).toBe(true);
      expect(oneLine(line)).toBe(line);
    }),
  );
});

test("property: caps hold", () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 1, max: 100 }), (text, limit) => {
      expect(cap(text, limit).length).toBeLessThanOrEqual(limit);
      expect(estimateTokens(capTokens(text, limit))).toBeLessThanOrEqual(limit + 1.5);
      expect(estimateTokens(text)).toBeGreaterThanOrEqual(text.length / 3.5);
    }),
  );
});

test("hidden writing is removed", () => {
  const hidden = [..."restart"]
    .map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0)))
    .join("");

  expect(oneLine(`cpu${hidden} is\u200b fine\ufe0f\u202e`)).toBe("cpu is fine");
  expect(manyLines("one\r\n\r\n\r\n\r\ntwo\u0000 three\n")).toBe("one\n\ntwo three");
});
