/** What alarms did after an incident without an action. */
import type { AlarmDetails } from "../../domain/alert.ts";
import type { Cause } from "../../domain/cause.ts";
import type { Target } from "../../domain/target.ts";
import type { CaseTruth, ScoredIncident } from "./scorecard-case.ts";

/**
 * An alarm that is OK again within this time passed by itself. A restart with its proof takes about as long (the
 * default of `verifyTimeoutSeconds` is 15 minutes), so acting would have gained nothing.
 */
export const PASSED_MINUTES = 15;

/** An alarm that is still on after this has outlasted any recovery that an action is verified for. */
export const PERSISTED_MINUTES = 60;

/** The same fault returns within a day, with a day's load; later it may be another one. */
export const REFIRE_HOURS = 24;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export interface AlarmWatch {
  /** Returns the truth about an action that was not made, by what the incident's alarm did afterwards. */
  truthOf(incident: ScoredIncident, cause: Cause, target: Target): CaseTruth;
}

/** Indexes the records once: alarms, and actions by service. */
export function createAlarmWatch(incidents: readonly ScoredIncident[], now: string): AlarmWatch {
  const byName = new Map<string, ScoredIncident[]>();
  for (const incident of incidents) {
    const name = incident.alert.alarm?.name;
    if (name === undefined) continue;
    const records = byName.get(name) ?? [];
    records.push(incident);
    byName.set(name, records);
  }
  for (const records of byName.values())
    records.sort((a, b) => firedAt(a) - firedAt(b) || (a.id < b.id ? -1 : 1));

  const actions = incidents.flatMap((incident) =>
    incident.actions
      .filter(({ outcome }) => outcome !== "nothing-changed")
      .map(({ target, steps }) => ({
        place: `${target.cluster}/${target.service}`,
        at: Date.parse(steps[0]?.startedAt ?? incident.openedAt),
      })),
  );
  const actedBetween = ({ cluster, service }: Target, from: number, to: number) =>
    actions.some(({ place, at }) => place === `${cluster}/${service}` && from <= at && at <= to);

  return {
    truthOf(incident, cause, target) {
      const { alarm } = incident.alert;
      if (alarm === undefined) return nothing("the alert names no alarm that could be followed");
      const fired = firedAt(incident);
      const later = (byName.get(alarm.name) ?? []).filter(
        (other) =>
          other.id !== incident.id &&
          firedAt(other) > fired &&
          isSameAlarm(alarm, incident.alert.region, other),
      );
      const ok = later.find(({ alert }) => alert.state === "OK");
      const passedAfter = ok === undefined ? Number.POSITIVE_INFINITY : firedAt(ok) - fired;
      if (passedAfter <= PASSED_MINUTES * MINUTE) {
        const after = `OK again ${minutes(passedAfter)} after the alarm`;
        return actedBetween(target, fired, fired + passedAfter)
          ? nothing(`${after}, but an action was made on the service meanwhile`)
          : { truth: "unneeded", source: "alarm", reason: `${after}, with nothing done by OpsAgent` };
      }
      const again = later.filter(
        ({ alert, joinedTo }) =>
          alert.state === "ALARM" &&
          joinedTo === undefined &&
          Date.parse(alert.firedAt) - fired <= REFIRE_HOURS * HOUR,
      );
      if (again.length > 0) return truthOfRefire(incident, cause, again);
      if (ok !== undefined) return nothing(`OK again only ${minutes(passedAfter)} after the alarm`);
      if (Date.parse(now) - fired < PERSISTED_MINUTES * MINUTE) return nothing("too early to say");
      return nothing(
        `no OK of the alarm in ${PERSISTED_MINUTES} minutes: something was needed, but whether this, nothing says`,
      );
    },
  };
}

function truthOfRefire(incident: ScoredIncident, cause: Cause, again: readonly ScoredIncident[]): CaseTruth {
  const before = rulesCause(incident);
  const refire = again.find((other) => rulesCause(other) !== undefined);
  const after = refire === undefined ? undefined : rulesCause(refire);
  if (refire === undefined || before === undefined || after === undefined)
    return nothing("the alarm fired again, without a verdict of the rules to compare");
  if (before === after && after === cause) {
    const reason = `needed: the alarm fired again (${refire.id}), and the rules say ${cause} again`;
    return { truth: "right", source: "alarm", reason };
  }
  return nothing(`the alarm fired again (${refire.id}); the rules said ${before}, then ${after}`);
}

function rulesCause({ diagnosis, secondOpinion }: ScoredIncident): Cause | undefined {
  return [diagnosis, secondOpinion].find((opinion) => opinion?.by === "rules")?.cause;
}

/** By ARN where both have one, since names are only unique in an account and region. */
function isSameAlarm(alarm: AlarmDetails, region: string | undefined, { alert }: ScoredIncident): boolean {
  if (alarm.arn !== undefined && alert.alarm?.arn !== undefined) return alarm.arn === alert.alarm.arn;
  return alarm.name === alert.alarm?.name && (region ?? alert.region) === (alert.region ?? region);
}

function nothing(reason: string): CaseTruth {
  return { truth: "unknown", source: "nothing", reason };
}

function firedAt({ alert }: ScoredIncident): number {
  return Date.parse(alert.firedAt);
}

function minutes(milliseconds: number): string {
  return `${Math.max(1, Math.round(milliseconds / MINUTE))} min`;
}
