import { expect, it } from "vitest";
import { diagnosisOf } from "../../../test/samples/facts.ts";
import type { RankedCause } from "../../domain/diagnosis.ts";
import { rankedText } from "./ranked-text.ts";

const ranked: readonly RankedCause[] = [
  { cause: "memory-leak", posterior: 0.46, for: ["E1"], against: [], wouldTell: "memory of each task" },
  { cause: "traffic-spike", posterior: 0.31, for: [], against: ["E2"] },
  { cause: "bad-deploy", posterior: 0.05, for: [], against: [] },
  { cause: "hung-task", posterior: 0.049, for: [], against: [] },
];
const textOf = (given: Parameters<typeof diagnosisOf>[0]) =>
  rankedText(diagnosisOf({ ranked: [...ranked], ...given }));

it("names the likeliest causes of an unknown one, and what would tell", () => {
  expect(textOf({ cause: "unknown", confidence: 0 })).toEqual({
    label: "Most likely",
    value: "memory-leak 0.46, traffic-spike 0.31, bad-deploy 0.05; what would tell: memory of each task",
  });
});

it("names the rivals of a verdict that is not sure, and not the verdict", () => {
  expect(textOf({ cause: "memory-leak", confidence: 0.89 })).toEqual({
    label: "Also possible",
    value: "traffic-spike 0.31, bad-deploy 0.05; what would tell: memory of each task",
  });
});

it("says nothing beside a sure verdict, or where nothing was weighed", () => {
  expect(textOf({ cause: "memory-leak", confidence: 0.9 })).toBeUndefined();
  expect(textOf({ cause: "unknown", ranked: [] })).toBeUndefined();
  expect(textOf({ cause: "unknown", ranked: ranked.slice(3) })).toBeUndefined();
  expect(textOf({ cause: "unknown", ranked: undefined })).toBeUndefined();
});

it("leaves out what would tell where nobody knows it", () => {
  expect(textOf({ cause: "unknown", ranked: ranked.slice(1, 2) })?.value).toBe("traffic-spike 0.31");
});
