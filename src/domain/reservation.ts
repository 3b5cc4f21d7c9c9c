/**
 * Booking an action before it is made. Cooldown, budget and blast radius are judged here a second time, inside the
 * store's own transaction: two incidents that decide in the same moment both read a history without the other.
 */
import type { ActionRecord } from "./action-record.ts";
import { cooldownFrom, minutesBetween } from "./cooldown.ts";

export interface Reservation {
  /** The action about to be made, without a verdict. */
  readonly record: ActionRecord;
  readonly limits: {
    readonly cooldownMinutes: number;
    readonly actionsPerHour: number;
    readonly blastRadiusServices: number;
  };
  /** A person approved exactly this action, which the hourly budget then does not hold back. */
  readonly approved: boolean;
  /** Until then an action without a verdict counts as still going on, whatever the cooldown. Minutes. */
  readonly atWorkMinutes: number;
}

/** What the booking came to. `rule` names the guardrail that refused. */
export type Reserved =
  | { readonly granted: true }
  | { readonly granted: false; readonly rule: ReservationRule; readonly reason: string };

export type ReservationRule = "cooldown" | "action-budget" | "blast-radius" | "superseded";

/** How far back {@link judgeReservation} looks, in minutes, whatever the cooldown. */
export const BUDGET_WINDOW_MINUTES = 60;
export const BLAST_WINDOW_MINUTES = 10;

/** Minutes that the history must reach back for {@link judgeReservation}. */
export function reservationWindowMinutes({ limits, atWorkMinutes }: Reservation): number {
  return Math.max(BUDGET_WINDOW_MINUTES, BLAST_WINDOW_MINUTES, limits.cooldownMinutes, atWorkMinutes);
}

/**
 * Pure. `history` has every action of the last {@link reservationWindowMinutes}. An incident never stands in its own
 * way: its earlier action is not counted. Times in the future, after a clock that jumped back, count as just now.
 */
export function judgeReservation(
  { record, limits, approved, atWorkMinutes }: Reservation,
  history: readonly ActionRecord[],
): Reserved {
  const others = history.filter((past) => past.incidentId !== record.incidentId);
  const ago = (past: ActionRecord) => minutesBetween(past.at, record.at);
  const here = others.filter((past) => past.cluster === record.cluster && past.service === record.service);
  const restsFrom = cooldownFrom(record, limits.cooldownMinutes, history);
  const recent =
    restsFrom ?? here.find((past) => past.verified === undefined && !(ago(past) >= atWorkMinutes));
  if (recent !== undefined) {
    return refused(
      "cooldown",
      `incident ${recent.incidentId} is acting on the same service, or has just acted on it`,
    );
  }
  const lastHour = here.filter((past) => !(ago(past) >= BUDGET_WINDOW_MINUTES)).length;
  if (!approved && !(lastHour < limits.actionsPerHour)) {
    return refused("action-budget", `${lastHour} actions were made on the service in the last hour`);
  }
  const elsewhere = new Set(
    others
      .filter((past) => !here.includes(past) && !(ago(past) >= BLAST_WINDOW_MINUTES))
      .map((past) => `${past.cluster}/${past.service}`),
  );
  return elsewhere.size < limits.blastRadiusServices
    ? { granted: true }
    : refused(
        "blast-radius",
        `${elsewhere.size} other services were acted on in ${BLAST_WINDOW_MINUTES} minutes`,
      );
}

function refused(rule: ReservationRule, reason: string): Reserved {
  return { granted: false, rule, reason };
}
