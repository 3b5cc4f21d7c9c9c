import { beforeAll, describe, expect, it } from "vitest";
import { gather, useStubCredentials } from "../recorded/gather.ts";
import { judgeGathered } from "../recorded/judge.ts";
import { aRun } from "../report/sample-runs.ts";
import { allCases } from "../scenarios/index.ts";
import { withoutChanges, withoutLogs, withoutStoppedReasons } from "./blindfolds.ts";
import { persuade } from "./persuaded.ts";
import { verificationTable } from "./verification.ts";

const caseOf = (wanted: string) => {
  const found = allCases.find(({ name, half }) => name === wanted && half === "development");
  if (found === undefined) throw new Error(`There is no open case ${wanted}.`);
  return found;
};

beforeAll(useStubCredentials);

describe("a blindfold", () => {
  it("takes out what it names, and nothing else", async () => {
    const { evidence } = await gather(caseOf("import-kills-one"));
    const kinds = (of: typeof evidence) => new Set(of.facts.map(({ kind }) => kind));

    expect(kinds(evidence)).toContain("stopped-tasks");
    expect(kinds(withoutStoppedReasons(evidence))).not.toContain("stopped-tasks");
    expect(kinds(withoutChanges(evidence))).not.toContain("deployment");
    expect(kinds(withoutLogs(evidence))).toEqual(
      new Set([...kinds(evidence)].filter((kind) => kind !== "log-pattern")),
    );
  });
});

describe("a harmful proposal", () => {
  it("is refused by each layer alone, and by the conditions of its remedy without both", async () => {
    const one = caseOf("oldest-task-leaks");
    const gathered = await gather(one);
    const { diagnosis } = await judgeGathered(one, gathered);
    const decided = (evidenceGate: boolean, rulesLead: boolean) =>
      persuade(gathered, "scale", diagnosis, { evidenceGate, rulesLead });

    const layers = [true, false].flatMap((gate) => [true, false].map((lead) => decided(gate, lead)));
    expect(layers).toEqual(Array(4).fill("decline"));
  });
});

it("what was not proven is what verification holds back", () => {
  const seconds = { total: 50, toAction: 1 };
  const runs = [
    aRun({ seconds, recovery: { claimed: true, confirmed: true } }),
    aRun({
      case: "returns",
      seconds,
      said: { cause: "memory-leak", action: "restart", status: "escalated", evidence: [] },
      recovery: { claimed: false, confirmed: false },
    }),
    aRun({ case: "nothing done" }),
  ];

  const table = verificationTable({ runs });

  expect(table).toContain("| with verification | 1 | 0 |");
  expect(table).toContain("| without | 2 | 1 |");
  expect(table).toContain("Held back by verification: returns.");
});
