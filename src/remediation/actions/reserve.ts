/** Reserves the action: cooldown, budget and blast radius are judged in the store's own transaction. */
import type { Decision } from "../../domain/decision.ts";
import type { Attempt } from "../../domain/incident/incident.ts";
import type { Reserved } from "../../domain/reservation.ts";
import type { WorkflowDependencies } from "../../workflow/dependencies.ts";
import type { DurableSteps, Timed } from "../../workflow/durable-steps.ts";
import { actionLeaseSeconds } from "../../workflow/lease-durations.ts";
import { stepName } from "../../workflow/step-names.ts";

type ActDecision = Extract<Decision, { kind: "act" }>;

export interface Booking {
  readonly incidentId: string;
  readonly decision: ActDecision;
  readonly attempt: Attempt;
  /** A person approved exactly this plan. */
  readonly approved: boolean;
}

/**
 * Reserves the action in one durable step. Throws a {@link StageFailure} when the store cannot answer: then nothing
 * is done.
 */
export function reserve(
  { incidentId, decision, approved, attempt }: Booking,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<Timed<Reserved>> {
  return run.step(
    stepName("reserve", attempt),
    async () => {
      const { policy } = await deps.policySource.current();
      const { cooldownMinutes, actionsPerHour, blastRadiusServices } = policy.limits;
      return deps.store.reserve({
        record: {
          incidentId,
          cluster: decision.target.cluster,
          service: decision.target.service,
          action: decision.action,
          cause: decision.cause,
          at: deps.now().toISOString(),
        },
        limits: { cooldownMinutes, actionsPerHour, blastRadiusServices },
        approved,
        atWorkMinutes: actionLeaseSeconds(deps.policy) / 60,
      });
    },
    (booked) => {
      const { granted, ...refusal } = booked;
      return [{ kind: "action-reserved", attempt, action: decision.action, granted, ...refusal }];
    },
  );
}
