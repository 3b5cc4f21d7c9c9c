import type { Plan } from "../../domain/decision.ts";
import type { ActionStep } from "../../domain/incident.ts";
import type { Target } from "../../domain/target.ts";
import type { PipelineDependencies } from "../dependencies.ts";
import { within } from "../read-time.ts";
import type { Run } from "../run.ts";
import { perform, toStep } from "./effect.ts";
import type { ActInput } from "./index.ts";
import { reconcileScale } from "./reconcile.ts";

/** Sets the planned desired count, if nobody changed it since the evidence was read. */
export function scale(
  input: ActInput,
  plan: Extract<Plan, { action: "scale" }>,
  run: Run,
  deps: PipelineDependencies,
): Promise<ActionStep> {
  const { incidentId, suffix } = input;
  const { target } = input.decision;
  return setDesired({ incidentId, target, key: `scale-set${suffix}`, ...plan }, run, deps);
}

export interface DesiredChange {
  readonly incidentId: string;
  readonly target: Target;
  readonly key: string;
  readonly from: number;
  readonly to: number;
  /** Made after the incident has ended, so that its place is not needed any more. */
  readonly afterEnd?: boolean;
}

/** One change of the desired count, skipped when it is not `from` any more. */
export async function setDesired(
  { incidentId, target, key, from, to, afterEnd = false }: DesiredChange,
  run: Run,
  deps: PipelineDependencies,
): Promise<ActionStep> {
  const what = `set the desired count from ${from} to ${to}`;
  const current = await run.step(
    `${key}-look`,
    async () => (await deps.readers.ecs.service(target, within(deps)))?.desired ?? null,
  );
  if (current.value !== from) {
    const detail = `The desired count is now ${current.value ?? "unknown"}, not ${from}; nothing was done.`;
    return toStep(what, current, "skipped", detail);
  }
  return perform(
    {
      incidentId,
      key,
      what,
      afterEnd,
      call: () => deps.actuator.setDesiredCount(target, to),
      reconcile: () => reconcileScale(deps.readers.ecs, target, from, to, within(deps)),
    },
    run,
    deps,
  );
}
