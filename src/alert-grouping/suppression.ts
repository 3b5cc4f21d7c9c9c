/**
 * Suppression of noise: whether people know already that this alarm is noise, and how often it fired in the last
 * hour. An alarm that fires on the low side, or that was judged in silence, is never suppressed: what it warns of looks
 * like nothing.
 */
import type { Alert } from "../domain/alert.ts";
import { alarmMetricOf, type Evidence, factsOf } from "../domain/evidence.ts";
import type { Incident, Recurrence } from "../domain/incident/incident.ts";
import { firesBelow, isLowSideAlarm, isMeasuredNow } from "../domain/metric-side.ts";
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
      now - Date.parse(one.openedAt) < remembered &&
      one.evidence !== undefined &&
      mayBeNoise(one.evidence, one.alert),
  );
  // A later incident with another cause ends the suppression.
  const isLastWord =
    noise !== undefined &&
    (evidence === undefined || mayBeNoise(evidence, alert)) &&
    mine.every((one) => one.openedAt <= noise.openedAt || isNoise(one));
  return {
    ...(last === undefined
      ? {}
      : { recurrence: { count: recent.length, lastIncidentId: last.id, flapping } }),
    ...(isLastWord ? { suppressedBy: noise.id } : {}),
  };
}

/**
 * Whether a verdict of no fault on this evidence is one of measured noise. Autoscaling's own alarms are noise by what AWS
 * says of them; a composite alarm has no metric, and CloudWatch's OK stands for it.
 */
function mayBeNoise(evidence: Evidence, { alarm }: Alert): boolean {
  const own = factsOf(evidence, "alarm").find(({ data }) => !data.other);
  if (own?.data.scaling !== undefined) return true;
  // Older records have the comparison with the alert only.
  if (firesBelow(alarm?.comparison)) return false;
  const metric = alarmMetricOf(evidence);
  if (metric === undefined) return own?.data.state === "OK";
  return isMeasuredNow(metric) && !isLowSideAlarm(metric);
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
