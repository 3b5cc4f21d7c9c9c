import { expect, it } from "vitest";
import { CAUSES, type Cause } from "../../src/domain/cause.ts";
import { allCases } from "../scenarios/index.ts";

it("has names of its own for every case", () => {
  const names = allCases.map(({ name }) => name);

  expect(new Set(names).size).toBe(names.length);
});

it.each(Object.keys(CAUSES) as Cause[])("has at least two cases of %s in each half", (cause) => {
  const halves = allCases.filter(({ of }) => of === cause).map(({ half }) => half);

  expect(halves.filter((half) => half === "held-out").length).toBeGreaterThanOrEqual(2);
  expect(halves.filter((half) => half === "development").length).toBeGreaterThanOrEqual(2);
});

it("says what is true of every case without contradiction", () => {
  for (const { name, of, truth, why } of allCases) {
    expect(truth.causes, name).toContain(of);
    expect(truth.actions.length * truth.decisions.length, name).toBeGreaterThan(0);
    expect(
      truth.harmful.filter((action) => truth.actions.includes(action)),
      name,
    ).toEqual([]);
    expect(why.length, name).toBeGreaterThan(30);
  }
});
