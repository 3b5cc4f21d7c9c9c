/** Alert grouping: which incident an alert belongs to. At most one incident is open for each lock key. */
import { z } from "zod";
import { AlarmContributor, type AlarmDetails, Alert } from "./alert.ts";
import type { Target } from "./target.ts";

/** An alert that a store has to group. Times are ISO 8601. */
export interface GroupingRequest {
  readonly alert: Alert;
  /** The lock key: alerts with the same one belong to one incident; see {@link lockKeyOf}. */
  readonly place: string;
  /** The id of its incident, if it opens one. */
  readonly incidentId: string;
  /** The engine that would work on it; the same for all processes that share one durable engine's database. */
  readonly engine: string;
  readonly at: string;
  /** Until then the lock is held, unless `extendLock` extends it. */
  readonly aliveUntil: string;
}

/**
 * `opened`: the caller works on the incident; the same alert of the same engine gets the same answer again.
 * `elsewhere`: another engine works, or worked, on this alert; or it came before under another incident id. `joined`:
 * an open incident holds the lock, and the alert is attached to it. `refired`: an alarm of an incident that closed
 * less than its grace period ago. The caller opens an incident that waits until then and looks again, and holds the
 * lock for it.
 */
export type GroupingResult =
  | { readonly kind: "opened" }
  | { readonly kind: "elsewhere"; readonly incidentId: string }
  | { readonly kind: "joined"; readonly incidentId: string }
  | { readonly kind: "refired"; readonly incidentId: string; readonly until: string };

/** An alert that is attached to an incident which another alert opened. */
export const AttachedAlert = z.object({
  key: z.string(),
  title: z.string(),
  alarm: z.string().optional(),
  /** Of an alarm on many series: the one that fired. */
  contributor: AlarmContributor.optional(),
  state: z.enum(["ALARM", "OK", "INSUFFICIENT_DATA"]),
  firedAt: z.iso.datetime(),
  joinedAt: z.iso.datetime(),
  /** `refired`: after the incident had closed, within its grace period. */
  kind: z.enum(["joined", "refired"]),
});
export type AttachedAlert = z.infer<typeof AttachedAlert>;

/** Names an alert by its alarm, which people find in the console, else by its title. */
export function attachedName({
  alarm,
  title,
}: {
  readonly alarm?: string | undefined;
  readonly title: string;
}) {
  return alarm ?? title;
}

/** An incident that was opened and not closed. */
export const OpenIncident = z.object({
  incidentId: z.string(),
  place: z.string(),
  engine: z.string(),
  alert: Alert,
  aliveUntil: z.iso.datetime(),
});
export type OpenIncident = z.infer<typeof OpenIncident>;

/** Returns the lock key: by service; without a target by the alarm, else by the alert's key. */
export function lockKeyOf(alert: Alert): string {
  if (alert.target !== undefined) return lockKeyOfService(alert.target);
  if (alert.alarm === undefined) return `alert ${alert.key}`;
  const { arn, contributor } = alert.alarm;
  return `alarm ${arn ?? identityOf(alert.alarm)}${arn && contributor ? ` ${contributor.id}` : ""}`;
}

/** Tells alarms apart, and the series of one alarm that notifies for each. */
export function identityOf({ name, contributor }: Pick<AlarmDetails, "name" | "contributor">): string {
  return contributor === undefined ? name : `${name} ${contributor.id}`;
}

/** Returns the lock key of the alerts of this service. */
export function lockKeyOfService({ cluster, service }: Target): string {
  return `service ${cluster}/${service}`;
}
