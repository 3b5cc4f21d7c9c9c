/** Failures become events: one that ends the incident, and one that is only told beside it. */
import { asOpsAgentError } from "../domain/errors.ts";
import type { DurableSteps } from "./durable-steps.ts";
import { StageFailure } from "./stage-failure.ts";

/** Appends the fault that ends the incident. */
export async function fail(name: string, fault: unknown, run: DurableSteps): Promise<void> {
  const { code, message, remedy } = asOpsAgentError(fault);
  const failure =
    fault instanceof StageFailure ? fault.failure : { code, message, remedy, stage: "workflow" };
  await run.record(name, [{ kind: "failed", failure }]);
}

/** Tells of a failure that does not end the incident. */
export function noteFailure(name: string, { failure }: StageFailure, run: DurableSteps): Promise<void> {
  return run.record(name, [{ kind: "step-failed", failure, noted: true }]);
}
