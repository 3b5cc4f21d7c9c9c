/** Every variation of every case: minutes. What no longer flips must leave `kept-flips.txt`. */
import { beforeAll, expect, it } from "vitest";
import { useStubCredentials } from "../recorded/gather.ts";
import { keptOf, newOnes, readKept } from "./kept-flips.ts";
import { judgeVariations, subjects } from "./subjects.ts";

const BUSY_MACHINE_MS = 40 * 60_000;

beforeAll(useStubCredentials);

it(
  "changes nothing that is done, and what is kept as known still flips",
  async () => {
    const { flips } = await judgeVariations(subjects());

    const [now, kept] = [keptOf(flips), readKept()];
    expect(newOnes(now, kept)).toEqual([]);
    expect(newOnes(kept, now)).toEqual([]);
  },
  BUSY_MACHINE_MS,
);
