/** Closes an incident: releases its lock, so that the next alert opens another, and notifies people. */
import { releaseIncidentLock } from "../alert-grouping/incident-lock.ts";
import { attachedName } from "../domain/alert-grouping.ts";
import type { Incident, Verification } from "../domain/incident/incident.ts";
import { attachedEvent } from "../domain/incident/stored-event.ts";
import { report } from "../notification/notify.ts";
import type { Telling } from "../notification/status-updates.ts";
import type { WorkflowDependencies } from "./dependencies.ts";
import type { DurableSteps, StepEvent } from "./durable-steps.ts";
import { noteFailure } from "./failures.ts";
import type { IncidentInput } from "./incident-input.ts";
import { temporaryCapacity } from "./scale-in.ts";
import { StageFailure } from "./stage-failure.ts";

/** Releases the incident lock and records what was attached until then. */
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

/** Notifies people of the outcome. */
export async function notifyClosed(
  name: "report" | "report-again",
  telling: Telling,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<void> {
  const { statusUpdates: followed, lanes, last } = telling;
  await report(name, { followed, lanes, last }, run, deps);
}

/** Doubts a proof after which another alarm fired: the last look did not see it. */
function firedSinceProven({ verification, joined = [] }: Incident): Verification | undefined {
  if (verification?.outcome !== "recovered") return undefined;
  const late = joined.find((one) => one.state === "ALARM" && one.joinedAt > verification.endedAt);
  if (late === undefined) return undefined;
  const reason = `${verification.reason} But ${attachedName(late)} fired at ${late.firedAt}, after the last look.`;
  return { ...verification, outcome: "unknown", reason };
}
