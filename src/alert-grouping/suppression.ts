/** What is known of the alarm from before: noise that was told of already, and how often it came. */
import type { Alert } from "../domain/alert.ts";
import { type Evidence, factsOf } from "../domain/evidence.ts";
import type { Incident, Recurrence } from "../domain/incident/incident.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";

export interface Suppression {
  readonly recurrence?: Recurrence;
  /** The incident in which people were told that this alarm is noise, if that was lately. */
  readonly suppressedBy?: string;
}

const RECENT_MS = 60 * 60_000;
/** More than one service has in an hour, unless its alarm flaps. */
const READ = 60;
/** So many incidents of one alarm in an hour are flapping, whatever CloudWatch's history says. */
const FLAPPING_COUNT = 3;

/**
 * Reads the memory of the alert's alarm, before there is any evidence too. Without the store there is none, which only
 * costs a repeated message.
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
  // Trouble that was seen since then is not noise.
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
