/** Which incident an alert belongs to. At most one incident is open for a place at a time. */
import { z } from "zod";
import { Alert } from "./alert.ts";
import type { Target } from "./target.ts";

/** An alert at the door. Times are ISO 8601. */
export interface GroupingRequest {
  readonly alert: Alert;
  /** What incidents are joined by; see {@link lockKeyOf}. */
  readonly place: string;
  /** The id that its incident has, if it opens one. */
  readonly incidentId: string;
  /** Who would work on it; the same for all processes that share one durable engine's database. */
  readonly engine: string;
  readonly at: string;
  /** Until then the incident counts as worked on, unless `extendLock` says longer. */
  readonly aliveUntil: string;
}

/**
 * `opened`: the incident is the caller's to work on; the same alert of the same engine is told so again.
 * `elsewhere`: another engine works, or worked, on this very alert; or it came before under another incident id.
 * `joined`: the place has an open incident, which now knows of the alert.
 * `refired`: an alarm of an incident that ended less than its decay window ago. The caller opens an incident that
 * waits until then and looks again; the place is held for it.
 */
export type GroupingResult =
  | { readonly kind: "opened" }
  | { readonly kind: "elsewhere"; readonly incidentId: string }
  | { readonly kind: "joined"; readonly incidentId: string }
  | { readonly kind: "refired"; readonly incidentId: string; readonly until: string };

/** An alert that an incident was not opened for, but knows of. */
export const AttachedAlert = z.object({
  key: z.string(),
  title: z.string(),
  alarm: z.string().optional(),
  state: z.enum(["ALARM", "OK", "INSUFFICIENT_DATA"]),
  firedAt: z.iso.datetime(),
  joinedAt: z.iso.datetime(),
  /** `refired`: after the incident had ended, inside its decay window. */
  kind: z.enum(["joined", "refired"]),
});
export type AttachedAlert = z.infer<typeof AttachedAlert>;

/** How an alert is named: by its alarm, since that is what people find in the console. */
export function attachedName({
  alarm,
  title,
}: {
  readonly alarm?: string | undefined;
  readonly title: string;
}) {
  return alarm ?? title;
}

/** An incident whose alert was admitted and that nobody has finished. */
export const OpenIncident = z.object({
  incidentId: z.string(),
  place: z.string(),
  engine: z.string(),
  alert: Alert,
  aliveUntil: z.iso.datetime(),
});
export type OpenIncident = z.infer<typeof OpenIncident>;

/** One service is one place; an alert without a target is a place of its own by its alarm, else by its key. */
export function lockKeyOf(alert: Alert): string {
  if (alert.target !== undefined) return lockKeyOfService(alert.target);
  return alert.alarm === undefined ? `alert ${alert.key}` : `alarm ${alert.alarm.arn ?? alert.alarm.name}`;
}

/** The place of the alerts that name this service. */
export function lockKeyOfService({ cluster, service }: Target): string {
  return `service ${cluster}/${service}`;
}
