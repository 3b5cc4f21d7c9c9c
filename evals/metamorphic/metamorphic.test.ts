/**
 * The gate: what should not matter to an incident never turns one action into another, and less evidence never makes a
 * bolder one. One variation of each case; `metamorphic.long.test.ts` has all of them.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { useStubCredentials } from "../recorded/gather.ts";
import { keptOf, newOnes, readKept } from "./kept-flips.ts";
import { judgeVariations, subjects } from "./subjects.ts";

/** Twenty seconds of a quiet machine. */
const BUSY_MACHINE_MS = 300_000;

beforeAll(useStubCredentials);

describe("a change that should not matter", () => {
  it(
    "changes nothing that is done, other than what is kept as known",
    async () => {
      const { flips, judged } = await judgeVariations(subjects(), 1);

      expect(judged.length).toBeGreaterThan(100);
      expect(newOnes(keptOf(flips), readKept())).toEqual([]);
    },
    BUSY_MACHINE_MS,
  );
});
