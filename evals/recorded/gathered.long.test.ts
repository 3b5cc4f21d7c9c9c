/** Every case gathered through the real clients: half a minute of a quiet machine. */
import { beforeAll, expect, it } from "vitest";
import { Evidence } from "../../src/domain/evidence.ts";
import { allCases } from "../scenarios/index.ts";
import { gather, useStubCredentials } from "./gather.ts";
import { inParallel } from "./judge.ts";

const MINUTES = 60_000;

/** Cases whose very point is that something cannot be read. */
const UNREADABLE = allCases.filter(
  ({ world }) => world.failing !== undefined || typeof world.logs === "string",
);

beforeAll(useStubCredentials);

it(
  "gives evidence for every case, with gaps only where they are meant, and an alarm that its series explains",
  async () => {
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
  },
  5 * MINUTES,
);
