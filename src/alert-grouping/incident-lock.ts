/** The incident lock: a service has at most one open incident, and alerts of the same fault attach to it. */
import type { Alert } from "../domain/alert.ts";
import { type AttachedAlert, type GroupingResult, lockKeyOf } from "../domain/alert-grouping.ts";
import type { Incident } from "../domain/incident/incident.ts";
import { incidentId } from "../domain/incident/incident-fold.ts";
import { attachedEvent } from "../domain/incident/stored-event.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";

import type { DurableSteps, EventsOf } from "../workflow/durable-steps.ts";
import { investigationLeaseSeconds } from "../workflow/lease-durations.ts";
import { StageFailure } from "../workflow/stage-failure.ts";

/**
 * Acquires the incident lock for an alert, or attaches the alert to the incident that holds it. Idempotent. Throws
 * `store-failed`.
 */
export function attachOrOpen(
  alert: Alert,
  deadline: string | undefined,
  deps: WorkflowDependencies,
): Promise<GroupingResult> {
  const now = deps.now();
  return deps.store.attachOrOpen({
    alert,
    place: lockKeyOf(alert),
    incidentId: incidentId(alert),
    engine: deps.engine(),
    at: now.toISOString(),
    aliveUntil: deadline ?? later(now, investigationLeaseSeconds(deps.policy)),
  });
}

/**
 * Returns the record of an alert that another incident handles: the stored one if it is the same incident, else a
 * note that is not stored.
 */
export async function attachedRecord(
  opened: Incident,
  incidentId: string,
  deps: WorkflowDependencies,
): Promise<Incident> {
  const stored = incidentId === opened.id ? await deps.store.get(incidentId) : undefined;
  if (stored !== undefined) return stored;
  const summary = `The alert belongs to incident ${incidentId}; what is done about it stands there.`;
  return { ...opened, status: "observed", summary, joinedTo: incidentId };
}

/**
 * Extends the incident lock by `seconds`, or until `deadline` (epoch milliseconds). Throws a {@link StageFailure}
 * `superseded` when the incident has lost it.
 */
export async function extendIncidentLock(
  name: string,
  id: string,
  { seconds, deadline }: { readonly seconds: number; readonly deadline?: number | undefined },
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<void> {
  const held = await run.step(name, () => {
    const until = deadline === undefined ? later(deps.now(), seconds) : new Date(deadline).toISOString();
    return deps.store.extendLock(id, until);
  });
  if (held.value) return;
  throw new StageFailure({
    stage: name,
    code: "superseded",
    message:
      "It was given up, or another incident of the service was opened, while this one was not worked on.",
    remedy: "See the service's newest incident (`opsagent incidents`); this one does nothing more.",
  });
}

/**
 * Extends the incident lock for the grouping window and returns the alerts attached so far, or undefined when the
 * lock could not be extended.
 */
export async function extendLockForGroupingWindow(
  id: string,
  seconds: number,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<readonly AttachedAlert[] | undefined> {
  try {
    const stays = await run.step(
      "grouping-window-extend-lock",
      async () => {
        const kept = await deps.store.extendLock(id, later(deps.now(), seconds));
        return kept ? deps.store.joined(id) : null;
      },
      (joined) => (joined ?? []).map((one) => attachedEvent(id, one)),
    );
    return stays.value ?? undefined;
  } catch (fault) {
    if (!(fault instanceof StageFailure)) throw fault;
    return undefined;
  }
}

/**
 * Releases the incident lock. Later alerts open a new incident, except re-fires within the grace period after an
 * action. Returns the attached alerts.
 */
export async function releaseIncidentLock(
  incident: Incident,
  run: DurableSteps,
  deps: WorkflowDependencies,
  events: EventsOf<readonly AttachedAlert[]>,
): Promise<readonly AttachedAlert[]> {
  // Without an action there is no fix for an alarm to lag behind, so there is no grace period.
  const acted = incident.actions.some((action) => action.outcome !== "nothing-changed");
  const decaySeconds = acted ? deps.policy.timing.decayMinutes * 60 : 0;
  const left = await run.step(
    "release-lock",
    () => {
      const now = deps.now();
      return deps.store.releaseLock(incident.id, {
        at: now.toISOString(),
        decayUntil: later(now, decaySeconds),
      });
    },
    events,
  );
  return left.value;
}

function later(now: Date, seconds: number): string {
  return new Date(now.getTime() + seconds * 1000).toISOString();
}
