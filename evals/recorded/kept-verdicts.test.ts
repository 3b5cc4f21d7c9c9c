/** The gate: every recorded case is gathered through the real adapters and judged by the rules as it was before. */
import { beforeAll, describe, expect, it } from "vitest";
import {
  HOW_TO_KEEP,
  keptOf as keptOfFlips,
  newOnes,
  readKept as readKeptFlips,
} from "../metamorphic/kept-flips.ts";
import { judgeVariations, subjects } from "../metamorphic/subjects.ts";
import { allCases } from "../scenarios/index.ts";
import { gather, useStubCredentials } from "./gather.ts";
import { inParallel, judgeGathered, type Verdict } from "./judge.ts";
import {
  changesOf,
  HOW_TO_ACCEPT,
  type KeptVerdicts,
  keptOf,
  readKept,
  shortfallsOf,
} from "./kept-verdicts.ts";

const WIDTH = 6;
/** Ten seconds of a quiet machine. */
const BUSY_MACHINE_MS = 600_000;
/** Of each set; `metamorphic.long.test.ts` has one incident of every family, and every variation. */
const SAMPLED_FAMILIES = 10;

describe("the recorded cases", () => {
  let verdicts: readonly Verdict[];
  let kept: KeptVerdicts;

  beforeAll(async () => {
    useStubCredentials();
    kept = readKept();
    verdicts = await inParallel(allCases, WIDTH, async (one) => judgeGathered(one, await gather(one)));
  }, BUSY_MACHINE_MS);

  it("are judged as they were before", () => {
    const changes = changesOf(kept, keptOf(verdicts));

    expect(changes, told(changes)).toEqual([]);
  });

  it("are right in every class of each half as often as before", () => {
    const shortfalls = shortfallsOf(kept, keptOf(verdicts));

    expect(shortfalls, told(shortfalls)).toEqual([]);
  });

  it("have a floor for every class of each half", () => {
    expect([...kept.floors.keys()].sort()).toEqual([...keptOf(verdicts).floors.keys()].sort());
  });

  it(
    "and generated ones, every other of a sample, are treated alike when what should not matter is changed",
    async () => {
      const known = new Map(verdicts.map((verdict) => [verdict.one.name, verdict]));

      const everyOther = subjects(SAMPLED_FAMILIES).filter((_subject, index) => index % 2 === 0);

      const { flips, judged } = await judgeVariations(everyOther, 1, known);

      expect(judged.length).toBeGreaterThan(40);
      const unknown = newOnes(keptOfFlips(flips), readKeptFlips());
      expect(unknown, `${unknown.join("\n")}\n${HOW_TO_KEEP}`).toEqual([]);
    },
    BUSY_MACHINE_MS,
  );

  it("see no harmful action done or asked for", () => {
    const harmful = verdicts.filter(({ harm }) => harm !== "none");

    // Which held-out case it is stays unsaid.
    expect(harmful.map(({ one }) => (one.half === "held-out" ? "a held-out case" : one.name))).toEqual([]);
  });
});

describe("a verdict that changes", () => {
  const floor = { cases: 2, rightCause: 2, rightAction: 2, rightDecision: 1 };
  const before: KeptVerdicts = {
    cases: new Map([["one-case", "oom-kill, restart, act, right, no harm"]]),
    floors: new Map([["held-out oom-kill", floor]]),
  };

  it("is told with its case, before and after", () => {
    const now = { ...before, cases: new Map([["one-case", "unknown, none, decline, wrong cause, no harm"]]) };

    expect(changesOf(before, now)).toEqual([
      "one-case: was oom-kill, restart, act, right, no harm; now unknown, none, decline, wrong cause, no harm",
    ]);
  });

  it("is told of a case that is new and of one that is gone", () => {
    const now = { ...before, cases: new Map([["other-case", "unknown, none, decline, right, no harm"]]) };

    expect(changesOf(before, now)).toEqual([
      "one-case: was oom-kill, restart, act, right, no harm; now no such case",
      "other-case: was no such case; now unknown, none, decline, right, no harm",
    ]);
  });

  it("is told by the count of its class, where only counts are kept", () => {
    const now = { ...before, floors: new Map([["held-out oom-kill", { ...floor, rightCause: 1 }]]) };

    expect(shortfallsOf(before, now)).toEqual(["held-out oom-kill: rightCause 1, at least 2 before"]);
  });
});

function told(lines: readonly string[]): string {
  return `\n${lines.join("\n")}\n${HOW_TO_ACCEPT}\n`;
}
