/** How long a rollback's own traffic shift takes, for which recovery is waited. Pure. */
import type { Plan } from "../domain/decision.ts";
import { type Evidence, factsOf } from "../domain/evidence.ts";
import { WATCHED_SHIFT_MINUTES } from "../domain/limits.ts";

/** Returns the seconds of the shift and bake that going back by a new deployment begins; 0 for every other change. */
export function settleSeconds(plan: Plan, evidence: Evidence): number {
  if (plan.action !== "rollback" || plan.how !== "update-service") return 0;
  const {
    strategy = "ROLLING",
    bakeMinutes = 0,
    shiftMinutes = 0,
  } = factsOf(evidence, "service")[0]?.data ?? {};
  return strategy === "ROLLING" ? 0 : 60 * Math.min(bakeMinutes + shiftMinutes, WATCHED_SHIFT_MINUTES);
}
