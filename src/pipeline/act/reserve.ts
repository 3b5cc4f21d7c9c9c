/** Books the action: the last word of cooldown, budget and blast radius, in the store's own transaction. */
import type { Decision } from "../../domain/decision.ts";
import type { Reserved } from "../../domain/reservation.ts";
import type { PipelineDependencies } from "../dependencies.ts";
import type { Run, Timed } from "../run.ts";
import { secondsOfAction } from "../time-needed.ts";

type ActDecision = Extract<Decision, { kind: "act" }>;

export interface Booking {
  readonly incidentId: string;
  readonly decision: ActDecision;
  /** A person approved exactly this plan. */
  readonly approved: boolean;
}

/** Throws `StageFailure` when the store cannot say: then nothing is done. */
export function reserve(
  name: string,
  { incidentId, decision, approved }: Booking,
  run: Run,
  deps: PipelineDependencies,
): Promise<Timed<Reserved>> {
  const { cooldownMinutes, actionsPerHour, blastRadiusServices } = deps.policy.limits;
  return run.step(
    name,
    () =>
      deps.store.reserve({
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
        atWorkMinutes: secondsOfAction(deps.policy) / 60,
      }),
    {
      event: "action-booked",
      detail: (booked) =>
        booked.granted ? `${decision.action} granted` : `refused by ${booked.rule}: ${booked.reason}`,
    },
  );
}
