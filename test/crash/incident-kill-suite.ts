/** Kills at chosen moments of the kill matrix (kill-matrix.ts), as a suite of tests of any length. */
import { beforeAll, describe, expect, test, vi } from "vitest";
import { judge } from "./incident-judge.ts";
import type { ScenarioName } from "./incident-scenarios.ts";
import { createTrial, rehearse } from "./incident-trials.ts";

export interface Row {
  readonly scenario: ScenarioName;
  readonly moments: readonly string[];
  /** The moment at which the second alarm comes in. */
  readonly meanwhile?: string;
  /**
   * Status and changes that it must come to; without them, what it comes to when nobody is killed. A change that was
   * begun and is not seen to be done is not made any more.
   */
  readonly ends?: readonly [status: string, ...changes: string[]];
}

/** Tests that kill an OpsAgent once at each of the moments, and let another end what it left. */
export function describeKills(rows: readonly Row[]): void {
  // Not a measure: many processes at once on a busy machine take their time.
  vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 });

  beforeAll(async () => {
    await rehearse("restart");
  });

  const cases = rows
    .flatMap(({ moments, ...row }) => moments.map((moment) => ({ ...row, moment })))
    .map((one, index) => ({ ...one, how: index % 2 === 0 ? ("resume" as const) : ("handle" as const) }));

  describe("an OpsAgent that is killed", () => {
    test.concurrent.each(cases)("$scenario, $moment: $how ends it, acted on once at most", async (one) => {
      const trial = createTrial(one.scenario);
      const sendAway = trial.attend();

      const killed = await trial.start("handle", one.moment, one.meanwhile).exit;
      const last = await trial.start(one.how).exit;
      await sendAway();
      const { faults, incidents, changes } = await judge(trial, { kills: 1, last, how: one.how });

      const { usually } = trial.scenario;
      const [status, ...changed] = one.ends ?? [usually.status, ...usually.changes];
      expect(killed, killed.errors).toMatchObject({ signal: "SIGKILL" });
      expect(faults, trial.folder).toEqual([]);
      expect(incidents[0]?.status).toBe(status);
      expect(changes).toEqual(changed);
      trial.remove();
    });
  });
}
