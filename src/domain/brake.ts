/** The brake: who paused what, until when. While a pause is in force, nothing of its scope is changed. Pure. */

import { createHash } from "node:crypto";
import { z } from "zod";
import { fieldsFor, textFor, type ValueFor } from "./exit.ts";
import type { AuditInput } from "./incident/audit.ts";
import type { Target } from "./target.ts";

/** What is paused: everything, or one service, in every cluster unless one is named. */
export const PauseScope = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("all") }),
  z.strictObject({
    kind: z.literal("service"),
    service: z.string().min(1),
    cluster: z.string().min(1).exactOptional(),
  }),
]);
export type PauseScope = z.infer<typeof PauseScope>;

/** The door through which somebody paused or resumed. */
export const BrakeDoor = z.enum(["cli", "dashboard", "slack", "http"]);
export type BrakeDoor = z.infer<typeof BrakeDoor>;

/** Longest reason, in UTF-16 units: it is told whole wherever the pause is. */
export const MAX_PAUSE_WHY = 500;

export const Pause = z.strictObject({
  scope: PauseScope,
  by: z.string().min(1).max(200),
  at: z.iso.datetime(),
  /** Exclusive; without it the pause stands until somebody resumes. */
  until: z.iso.datetime().exactOptional(),
  why: z.string().min(1).max(MAX_PAUSE_WHY).exactOptional(),
  via: BrakeDoor,
});
export type Pause = z.infer<typeof Pause>;

/** Who ends a pause. */
export const Resume = Pause.pick({ by: true, at: true, via: true });
export type Resume = z.infer<typeof Resume>;

/** The incident id under which the audit trail keeps what was done to the brake: `opsagent audit show brake`. */
export const BRAKE_TRAIL = "brake";

/** Returns the same text for the same scope: a pause replaces the one of its scope. */
export function scopeKey(scope: PauseScope): string {
  return JSON.stringify(scope.kind === "all" ? ["all"] : ["service", scope.service, scope.cluster ?? null]);
}

/** Whether the pause is not over at a time (ISO 8601). One from a clock that is ahead counts at once. */
export function isInForce({ until }: Pause, now: string): boolean {
  return until === undefined || Date.parse(now) < Date.parse(until);
}

/** Returns the pauses that hold a target at a time: those of everything first. */
export function pausesOf(
  pauses: readonly Pause[],
  target: Pick<Target, "cluster" | "service">,
  now: string,
): readonly Pause[] {
  const holds = ({ scope }: Pause) =>
    scope.kind === "all" ||
    (scope.service === target.service && (scope.cluster === undefined || scope.cluster === target.cluster));
  const found = pauses.filter((pause) => isInForce(pause, now) && holds(pause));
  return found.toSorted((one, other) => rank(one) - rank(other));
}

const rank = ({ scope }: Pause) => (scope.kind === "all" ? 0 : 1);

/** Returns one sentence for people: "Paused by ann since 09:12 until 11:12 UTC: database move." */
export function pauseText({ scope, by, at, until, why }: Pause, now: string): string {
  const whole = [at, ...(until === undefined ? [] : [until])].some((time) => dayOf(time) !== dayOf(now));
  const time = (iso: string) => (whole ? `${dayOf(iso)} ${clockOf(iso)}` : clockOf(iso));
  const what = scope.kind === "all" ? "Paused" : `${scopeText(scope)} is paused`;
  const end = until === undefined ? "UTC, until somebody resumes" : `until ${time(until)} UTC`;
  return `${what} by ${by} since ${time(at)} ${end}${why === undefined ? "." : `: ${ended(why)}`}`;
}

/** Returns what a scope covers, in words: "everything", "shop", "shop of the cluster production". */
export function scopeText(scope: PauseScope): string {
  if (scope.kind === "all") return "everything";
  return scope.cluster === undefined ? scope.service : `${scope.service} of the cluster ${scope.cluster}`;
}

/** A pause as it is stored: without secrets in its reason. */
export function pauseToKeep(pause: Pause): ValueFor<"store", Pause> {
  const why = pause.why === undefined ? {} : { why: textFor("store", pause.why, MAX_PAUSE_WHY) };
  return fieldsFor("store", { ...pause, ...why }, []);
}

/** Returns the audit entry of a pause; the same pause has the same key. */
export function pausedEntry(pause: Pause): AuditInput {
  const { scope, by, at, until, why, via } = pause;
  const end = until === undefined ? "until somebody resumes" : `until ${until}`;
  const reason = why === undefined ? "no reason given" : `reason: ${why}`;
  const detail = `${by} paused ${scopeText(scope)} through ${DOORS[via]} ${end}; ${reason}`;
  return { incidentId: BRAKE_TRAIL, key: `paused:${at}:${digest(pause)}`, event: "paused", detail, at };
}

/** Returns the audit entry of the end of a pause. */
export function resumedEntry(pause: Pause, { by, at, via }: Resume): AuditInput {
  const detail = `${by} resumed ${scopeText(pause.scope)} through ${DOORS[via]}; ${pause.by} had paused it at ${pause.at}`;
  const key = `resumed:${at}:${digest([pause, by, via])}`;
  return { incidentId: BRAKE_TRAIL, key, event: "resumed", detail, at };
}

const DOORS: Record<BrakeDoor, string> = {
  cli: "the command line",
  dashboard: "the dashboard",
  slack: "Slack",
  http: "the HTTP API",
};

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}

const dayOf = (iso: string) => new Date(iso).toISOString().slice(0, 10);
const clockOf = (iso: string) => new Date(iso).toISOString().slice(11, 16);
const ended = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);
