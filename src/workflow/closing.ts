/** The end of an incident: what was attached belongs to it, what comes now opens another, and people are told. */
import { releaseIncidentLock } from "../alert-grouping/incident-lock.ts";
import { attachedName } from "../domain/alert-grouping.ts";
import type { Incident, Verification } from "../domain/incident/incident.ts";
import { attachedEvent } from "../domain/incident/stored-event.ts";
import { report } from "../notification/notify.ts";
import type { StatusUpdates } from "../notification/status-updates.ts";
import type { WorkflowDependencies } from "./dependencies.ts";
import type { DurableSteps, StepEvent } from "./durable-steps.ts";
import { noteFailure } from "./failures.ts";
import type { IncidentInput } from "./incident-input.ts";
import { temporaryCapacity } from "./scale-in.ts";
import { StageFailure } from "./stage-failure.ts";

/** Ends the incident for alerts, and records what that says of it. */
export async function closeIncident(
  { alert, deadline }: IncidentInput,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<void> {
  if (alert.state !== "ALARM") return;
  const before = run.incident;
  const temporary = deadline === undefined ? temporaryCapacity(before, deps) : undefined;
  if (temporary !== undefined) await run.record("add-capacity", [{ kind: "capacity-added", temporary }]);
  try {
    await releaseIncidentLock(before, run, deps, (joined) => {
      const attached = joined.map((one): StepEvent => attachedEvent(before.id, one));
      const doubt = firedSinceProven({ ...before, joined: [...joined] });
      return [
        ...attached,
        ...(doubt === undefined ? [] : [{ kind: "verification-doubted" as const, verification: doubt }]),
      ];
    });
  } catch (fault) {
    if (!(fault instanceof StageFailure)) throw fault;
    await noteFailure("finish-failed", fault, run);
  }
}

/** Tells people how it ended. */
export async function notifyClosed(
  name: "report" | "report-again",
  following: StatusUpdates,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<void> {
  await report(name, await following.settled(), run, deps);
}

/** An alarm that joined after the last look was not part of the proof, which then proves too little. */
function firedSinceProven({ verification, joined = [] }: Incident): Verification | undefined {
  if (verification?.outcome !== "recovered") return undefined;
  const late = joined.find((one) => one.state === "ALARM" && one.joinedAt > verification.endedAt);
  if (late === undefined) return undefined;
  const reason = `${verification.reason} But ${attachedName(late)} fired at ${late.firedAt}, after the last look.`;
  return { ...verification, outcome: "unknown", reason };
}
