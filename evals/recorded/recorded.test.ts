import { beforeAll, expect, it } from "vitest";
import { CAUSES, type Cause } from "../../src/domain/cause.ts";
import { Evidence } from "../../src/domain/evidence.ts";
import { allCases } from "../scenarios/index.ts";
import { gather, useStubCredentials } from "./gather.ts";
import { inParallel } from "./judge.ts";

/** Cases whose very point is that something cannot be read. */
const UNREADABLE = allCases.filter(
  ({ world }) => world.failing !== undefined || typeof world.logs === "string",
);

beforeAll(useStubCredentials);

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

it("gives evidence for every case, with gaps only where they are meant, and an alarm that its series explains", async () => {
  const gathered = await inParallel(allCases, 6, gather);

  gathered.forEach(({ evidence, breaches, alert }, index) => {
    const one = allCases[index];
    expect(() => Evidence.parse(evidence), one?.name).not.toThrow();
    expect(evidence.facts.length, one?.name).toBeGreaterThan(3);
    expect(breaches, one?.name).toBe(true);
    expect(evidence.onset <= alert.firedAt, one?.name).toBe(true);
    if (one === undefined || UNREADABLE.includes(one)) return;
    // No lines is what a service without tasks has.
    const unexpected = evidence.gaps.filter(({ source, code }) => source !== "logs" || code !== "empty");
    expect(unexpected, one.name).toEqual([]);
  });
});
