/**
 * Suppression of noise: whether people know already that this alarm is noise, and how often it fired in the last
 * hour.
 */
import type { Alert } from "../domain/alert.ts";
import { type Evidence, factsOf } from "../domain/evidence.ts";
import type { Incident, Recurrence } from "../domain/incident/incident.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";

export interface Suppression {
  readonly recurrence?: Recurrence;
  /** The recent incident that judged the alarm noise and notified people of it. */
  readonly suppressedBy?: string;
}

const RECENT_MS = 60 * 60_000;
/** Incidents to read: more than a service has in an hour, unless its alarm flaps. */
const READ = 60;
/** Incidents of one alarm in an hour from which on it counts as flapping, whatever CloudWatch's history says. */
const FLAPPING_COUNT = 3;

/**
 * Reads earlier incidents of the alert's alarm; `evidence` may be undefined when it is not collected yet. Never
 * throws: without the store nothing is suppressed, which only costs a repeated message.
 */
export async function readSuppression(
  alert: Alert,
  evidence: Evidence | undefined,
  deps: WorkflowDependencies,
): Promise<Suppression> {
  const { target } = alert;
  if (target === undefined) return {};
  const past = await deps.store.list({ service: target.service, limit: READ }).catch(() => []);
  const mine = past.filter((one) => one.alert.key !== alert.key && isSameAlarm(one, alert));
  const now = deps.now().getTime();
  const recent = mine.filter((one) => now - Date.parse(one.openedAt) < RECENT_MS);
  const [last] = recent;
  const flapping =
    recent.length >= FLAPPING_COUNT ||
    (evidence ? factsOf(evidence, "alarm") : []).some(
      (fact) => !fact.data.other && fact.data.flapping === true,
    );
  const remembered = deps.policy.timing.noFaultMemoryMinutes * 60_000;
  const noise = mine.find(
    (one) =>
      one.diagnosis?.cause === "no-fault" &&
      one.rememberedFrom === undefined &&
      now - Date.parse(one.openedAt) < remembered,
  );
  // A later incident with another cause ends the suppression.
  const isLastWord =
    noise !== undefined && mine.every((one) => one.openedAt <= noise.openedAt || isNoise(one));
  return {
    ...(last === undefined
      ? {}
      : { recurrence: { count: recent.length, lastIncidentId: last.id, flapping } }),
    ...(isLastWord ? { suppressedBy: noise.id } : {}),
  };
}

function isNoise({ diagnosis }: Incident): boolean {
  return diagnosis === undefined || diagnosis.cause === "no-fault";
}

function isSameAlarm({ alert, target }: Incident, wanted: Alert): boolean {
  return (
    alert.state === "ALARM" &&
    target?.cluster === wanted.target?.cluster &&
    (alert.alarm?.arn ?? alert.alarm?.name ?? alert.title) ===
      (wanted.alarm?.arn ?? wanted.alarm?.name ?? wanted.title)
  );
}
