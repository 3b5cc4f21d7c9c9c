import { describe, expect, it } from "vitest";
import { listInputs } from "../kinds.ts";
import { STORIES } from "../stories.ts";

const inputs = listInputs("blind");

/** Only that the set can be measured: whether an answer is right is measured, never held. */
describe("the blind set", () => {
  it("has each of the kinds of the first set, with a public case first and at least two further inputs", () => {
    const kindsOf = (list: typeof inputs) => [...new Set(list.map(({ kind }) => kind))];
    const perKind = [...Map.groupBy(inputs, ({ kind }) => kind).values()];

    expect(kindsOf(inputs)).toEqual(kindsOf(listInputs("first")));
    expect(Math.min(...perKind.map((list) => list.length))).toBeGreaterThanOrEqual(3);
    expect(perKind.filter(([one]) => !one?.input.name.startsWith("public: "))).toEqual([]);
  });

  it("gives each input a name of its own, a source that can be looked up and a right value", () => {
    expect(new Set(inputs.map(({ id }) => id)).size).toBe(inputs.length);
    expect(inputs.filter(({ input }) => !/https:\/\//.test(input.source)).map(({ id }) => id)).toEqual([]);
    expect(inputs.filter(({ input }) => input.right === "").map(({ id }) => id)).toEqual([]);
  });

  it("expects something of each input, over a story that there is or of an event that is given", () => {
    const empty = inputs.filter(({ input }) => Object.keys(input.expect).length === 0);
    const adrift = inputs.filter(({ input }) =>
      "story" in input ? !(input.story in STORIES) : input.events.length === 0,
    );

    expect([...empty, ...adrift].map(({ id }) => id)).toEqual([]);
  });

  it("has only patterns that are regular expressions", () => {
    const patterns = inputs.flatMap(({ input }) => textsOf(input.expect));

    expect(() => patterns.map((pattern) => new RegExp(pattern, "i"))).not.toThrow();
  });
});

function textsOf(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsOf) : [];
}
