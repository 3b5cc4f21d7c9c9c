import { describe, expect, it } from "vitest";
import { diagnosisOf, gap, logs, packOf, past, SICK } from "../../test/samples/facts.ts";
import { type ConfidenceInput, earnConfidence } from "./confidence.ts";

const earn = (given: Partial<ConfidenceInput> = {}) =>
  earnConfidence({ diagnosis: diagnosisOf(), evidence: packOf(SICK), history: [], ...given });

describe("earned confidence", () => {
  it("is the stated one when nothing speaks against it", () => {
    expect(earn()).toEqual({ stated: 0.9, earned: 0.9, lowered: [] });
  });

  it.each([
    ["no fact is cited", []],
    ["only facts that do not exist are cited", ["E99", "e1", ""]],
  ])("is 0 when %s", (_, evidence) => {
    const { earned, lowered } = earn({ diagnosis: diagnosisOf({ evidence }) });

    expect(earned).toBe(0);
    expect(lowered.map(({ rule, to }) => [rule, to])).toContainEqual(["no-valid-citation", 0]);
  });

  it("ignores a citation that does not exist next to one that does", () => {
    expect(earn({ diagnosis: diagnosisOf({ evidence: ["E99", "E1"] }) }).earned).toBe(0.9);
  });

  it("is at most 0.5 without trusted support", () => {
    const { earned, lowered } = earn({ evidence: packOf([logs()]) });

    expect(earned).toBe(0.5);
    expect(lowered).toEqual([
      {
        rule: "no-trusted-support",
        to: 0.5,
        reason: "No cited control-plane or metric fact supports oom-kill.",
      },
    ]);
  });

  it.each(["no-fault", "unknown"] as const)("needs no support to say %s", (cause) => {
    expect(earn({ diagnosis: diagnosisOf({ cause, action: "none" }) }).earned).toBe(0.9);
  });

  it("sinks by 0.1 for each important gap, and never below 0", () => {
    const withGaps = (count: number) =>
      earn({
        evidence: packOf(
          SICK,
          Array.from({ length: count }, (_, index) => gap(`source-${index}`)),
        ),
      });

    expect(withGaps(1).earned).toBeCloseTo(0.8);
    expect(withGaps(3).earned).toBeCloseTo(0.6);
    expect(withGaps(30)).toMatchObject({ earned: 0, lowered: [{ to: 0 }] });
  });

  it("does not sink for gaps that are not important", () => {
    expect(earn({ evidence: packOf(SICK, [gap("logs", false)]) }).earned).toBe(0.9);
  });

  it("never lands above 0.75 by rounding: 0.85 with one gap is not enough", () => {
    const { earned } = earn({
      diagnosis: diagnosisOf({ confidence: 0.85 }),
      evidence: packOf(SICK, [gap("metrics")]),
    });

    expect(earned).not.toBeGreaterThan(0.75);
  });

  it("is at most 0.7 when an action for this cause did not help here before", () => {
    const { earned, lowered } = earn({ history: [past({ verified: false, incidentId: "inc-wrong" })] });

    expect(earned).toBe(0.7);
    expect(lowered[0]).toMatchObject({
      rule: "wrong-here-before",
      reason: "restart for oom-kill was not seen to help in incident inc-wrong.",
    });
  });

  it.each([
    ["it helped", past({ verified: true })],
    ["its incident is still open", past({ at: "2026-11-23T05:00:00.000Z" })],
    ["it was for another cause", past({ cause: "hung-task", verified: false })],
  ])("stays after an earlier action when %s", (_, record) => {
    expect(earn({ history: [record] }).earned).toBe(0.9);
  });

  it("records only what lowered it", () => {
    const { earned, lowered } = earn({
      diagnosis: diagnosisOf({ confidence: 0.6 }),
      history: [past({ verified: false })],
    });

    expect(earned).toBe(0.6);
    expect(lowered).toEqual([]);
  });

  it("takes the lowest of several, with every reason", () => {
    const { earned, lowered } = earn({
      evidence: packOf([logs()], [gap("metrics")]),
      history: [past({ verified: false })],
    });

    expect(earned).toBe(0.5);
    expect(lowered.map(({ rule }) => rule)).toEqual([
      "no-trusted-support",
      "important-gaps",
      "wrong-here-before",
    ]);
  });
});
