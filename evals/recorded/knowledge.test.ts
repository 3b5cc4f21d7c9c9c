import { beforeAll, expect, it } from "vitest";
import { developmentCases } from "../scenarios/development/index.ts";
import { useStubCredentials } from "./gather.ts";
import { measureKnowledge } from "./knowledge.ts";

beforeAll(useStubCredentials);

const grouped = (...names: readonly string[]) =>
  developmentCases
    .filter(({ name }) => names.includes(name))
    .map((one) => ({ ...one, group: "development" }));

it("judges each case with and without its own class, and leaves out those without one", async () => {
  const cases = grouped("healthy-hosts-low-one-stuck", "morning-climb", "errors-without-words");

  const [own, without, ...withModel] = await measureKnowledge(cases, 2);

  expect(own).toMatchObject({ by: "signs", without: false, cases: 2, causeRight: 2, due: 2, dueDone: 2 });
  expect(without).toMatchObject({ by: "signs", without: true, cases: 2, causeRight: 0, harmDone: 0 });
  expect(withModel.map(({ by, without: left }) => [by, left])).toEqual([
    ["signs and stand-in", false],
    ["signs and stand-in", true],
  ]);
});

it("counts a model that abstains as one that costs nothing and brings nothing", async () => {
  const cases = grouped("healthy-hosts-low-one-stuck");
  const answers = {
    ask: async () => ({
      text: JSON.stringify({
        evidence: ["E1"],
        against: [],
        ruledOut: [],
        cause: "unknown",
        rootCause: "not known",
        action: "none",
        confidence: 0.3,
        severity: "P3",
        rca: "not known",
        missing: [],
        nextSteps: [],
        more: null,
      }),
      usage: { model: "m", calls: 1, inputTokens: 1, outputTokens: 1, costUsd: 0, milliseconds: 0 },
    }),
  };

  const measured = await measureKnowledge(cases, 1, () => answers);

  expect(measured[2]).toEqual({ ...measured[0], by: "signs and stand-in" });
});
