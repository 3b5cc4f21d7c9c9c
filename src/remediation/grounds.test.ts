import { describe, expect, it } from "vitest";
import {
  diagnosisOf,
  metric,
  packOf,
  past,
  SICK,
  steady,
  stops,
  unhealthyTarget,
} from "../../test/samples/facts.ts";
import type { Cause } from "../domain/cause.ts";
import { earnConfidence } from "./confidence.ts";
import { groundsOf } from "./grounds.ts";

const grounds = (cause: Cause, ...facts: Parameters<typeof packOf>[0]) =>
  groundsOf(diagnosisOf({ cause, evidence: facts.map((_, index) => `E${index + 1}`) }), packOf(facts));

describe("what an action rested on", () => {
  it("is what AWS says, in words", () => {
    expect(grounds("memory-leak", metric("memory", 90), stops("out-of-memory"))).toEqual([
      "metric memory",
      "stopped tasks: out-of-memory",
    ]);
    expect(grounds("hung-task", unhealthyTarget("a"))).toEqual(["target-health"]);
  });

  it("is nothing where only a threshold makes a level look high", () => {
    expect(grounds("memory-leak", steady("memory", 40, { threshold: 1, insideThreshold: false }))).toEqual(
      [],
    );
  });

  it("is a level that is high by any measure, however long", () => {
    expect(grounds("memory-leak", steady("memory", 95, { threshold: 80, insideThreshold: false }))).toEqual([
      "metric memory",
    ]);
    expect(grounds("memory-leak", steady("memory", 80, { threshold: 79, insideThreshold: false }))).toEqual(
      [],
    );
  });

  it("is only what was cited", () => {
    const facts = [metric("memory", 90), stops("out-of-memory")];
    const diagnosis = diagnosisOf({ cause: "memory-leak", evidence: ["E2"] });

    expect(groundsOf(diagnosis, packOf(facts))).toEqual(["stopped tasks: out-of-memory"]);
  });
});

describe("an action that failed", () => {
  const earned = (restedOn?: readonly string[]) =>
    earnConfidence({
      diagnosis: diagnosisOf({ confidence: 0.9 }),
      evidence: packOf(SICK),
      history: [past({ verified: false, ...(restedOn === undefined ? {} : { restedOn }) })],
    }).earned;

  it("lowers its cause later where it rested on something, or the record does not say", () => {
    expect(earned(["metric memory"])).toBe(0.7);
    expect(earned()).toBe(0.7);
  });

  it("lowers nothing where it rested on a threshold alone", () => {
    expect(earned([])).toBe(0.9);
  });
});
