/** Forged, mistyped, stale and poisoned triggers through the public door: nothing is changed. The genuine ones act. */
import { describe, expect, it } from "vitest";
import { forgedTriggers, mistypedAlarms, staleTriggers } from "../../samples/forged-triggers.ts";
import { genuineTriggers } from "../../samples/genuine-triggers.ts";
import { poisonedTriggers } from "../../samples/poisoned-series.ts";
import type { Trial } from "../../samples/triggers/trial.ts";
import { runTrial } from "../../support/trial-agent.ts";
import { useCredentials } from "../../support/use-credentials.ts";

const ACTIONS = { restart: "StopTask", scale: "UpdateService", rollback: "UpdateService" } as const;

/** Runs every `each`th trial of those that must change nothing, of the poisoned ones by a number of their own, and all that must act. */
export function describeTriggers({ each, eachPoisoned }: { each: number; eachPoisoned: number }): void {
  useCredentials();

  const some = (trials: readonly Trial[], nth = each) => trials.filter((_trial, index) => index % nth === 0);

  describe.each([
    ["forged", some(forgedTriggers())],
    ["mistyped", some(mistypedAlarms())],
    ["stale", some(staleTriggers())],
    ["poisoned", some(poisonedTriggers(), eachPoisoned)],
  ])("%s triggers", (_kind, trials) => {
    it.each(trials.map((trial) => [trial.name, trial] as const))(
      "%s: nothing is changed",
      async (_name, trial) => {
        const { changes } = await runTrial(trial);

        expect(changes).toEqual([]);
      },
    );
  });

  describe("genuine triggers", () => {
    it.each(genuineTriggers().map((trial) => [trial.name, trial] as const))(
      "%s: the action is taken",
      async (_name, trial) => {
        const { changes } = await runTrial(trial);

        expect(new Set(changes)).toEqual(new Set(trial.due.map((action) => ACTIONS[action])));
      },
    );
  });
}
