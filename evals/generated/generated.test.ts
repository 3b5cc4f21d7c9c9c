import { describe, expect, it } from "vitest";
import { CAUSES, type Cause } from "../../src/domain/cause.ts";
import { useStubCredentials } from "../recorded/gather.ts";
import { buildWorld } from "../scenarios/world.ts";
import { incidentOf, incidentsOf } from "./family.ts";
import { FAMILIES, judgeIncidents } from "./judge-incidents.ts";
import { talliesOf } from "./summary.ts";

const ALL = [...FAMILIES.fitting, ...FAMILIES.checking];

describe("the families", () => {
  it("have names of their own", () => {
    expect(new Set(ALL.map(({ name }) => name)).size).toBe(ALL.length);
  });

  it("tell of every cause, and each set of most", () => {
    const causes = Object.keys(CAUSES) as Cause[];
    const told = (families: readonly { readonly of: Cause }[]) =>
      causes.filter((cause) => families.some(({ of }) => of === cause));

    expect(told(ALL)).toEqual(causes);
    expect(told(FAMILIES.fitting).length).toBeGreaterThan(20);
    expect(told(FAMILIES.checking).length).toBeGreaterThan(20);
  });

  it("say what is true of every incident without contradiction", () => {
    for (const family of ALL) {
      for (const { name, truth, of } of incidentsOf([family], 2, "truth")) {
        expect(truth.causes, name).toContain(of);
        expect(truth.actions.length * truth.decisions.length, name).toBeGreaterThan(0);
        expect(
          truth.harmful.filter((action) => truth.actions.includes(action)),
          name,
        ).toEqual([]);
      }
    }
  });
});

describe("an incident", () => {
  it("breaches in its own alarm, whatever was drawn", () => {
    for (const family of ALL) {
      for (const incident of incidentsOf([family], 3, "breach"))
        expect(buildWorld(incident).breaches, incident.name).toBe(true);
    }
  });

  it("is the same for the same seed and another for another", () => {
    const [family] = FAMILIES.fitting;
    if (family === undefined) throw new Error("no family");
    const [one, same, other] = ["1", "1", "2"].map((seed) => incidentOf(family, seed));

    expect(JSON.stringify(buildWorld(one as never).event)).toBe(
      JSON.stringify(buildWorld(same as never).event),
    );
    expect(other?.world.service).not.toBe(one?.world.service);
  });

  it("varies what has nothing to do with the fault", () => {
    const drawn = incidentsOf(ALL, ALL.length * 3, "vary");
    const values = (of: (one: (typeof drawn)[number]) => unknown) => new Set(drawn.map(of));

    expect([...values(({ world }) => world.minuteSeconds)].sort()).toEqual([20, 5, 60]);
    expect([...values(({ world }) => world.alarm.periodSeconds)].sort()).toEqual([20, 300, 5, 60]);
    expect(values(({ world }) => world.desired).size).toBeGreaterThan(6);
    expect(values(({ world }) => world.insights)).toEqual(new Set(["service", "tasks", undefined]));
    expect(values(({ world }) => world.young)).toEqual(new Set([true, false]));
  });
});

describe("the tally of a set", () => {
  it("counts an incident of each kind", async () => {
    useStubCredentials();

    const verdicts = await judgeIncidents({ set: "fitting", count: 3, seed: "t" });
    const all = talliesOf(verdicts).at(-1);

    expect(all?.incidents).toBe(3);
    expect(all?.rightCause).toBe(verdicts.filter(({ rightCause }) => rightCause).length);
    expect(all?.due).toBe(verdicts.filter(({ one }) => one.truth.actions[0] !== "none").length);
  });
});
