/** Pauses against the entries that tell of them. */
import { type Pause, pausedEntry, scopeText } from "../../domain/brake.ts";
import type { AuditEntry } from "../../domain/incident/audit.ts";
import { keptInput } from "../../domain/incident/audit-input.ts";
import type { Finding } from "../finding.ts";

/** What stands between a person and a door in the words of an entry (`pausedEntry`). */
const PAUSED =
  / paused (.+) through (?:the command line|the dashboard|Slack|the HTTP API) until (somebody resumes|\d{4}-[\dT:.-]+Z); /;
const RESUMED = / resumed (.+) through (?:the command line|the dashboard|Slack|the HTTP API); /;

/** `pauses`: those in force at `now`; `entries`: all of the brake, in order. */
export function checkBrake(pauses: readonly Pause[], entries: readonly AuditEntry[], now: string): Finding[] {
  const words = ({ at, detail }: { at: string; detail: string }) => JSON.stringify([at, detail]);
  const told = new Set(entries.map(words));
  const find = (id: string, problem: string): Finding => ({ about: "brake", id, problem });
  const planted = pauses
    .filter((pause) => !told.has(words(keptInput(pausedEntry(pause)))))
    .map((pause) => find(scopeText(pause.scope), "no entry tells of this pause: it was put in or changed"));
  const standing = new Map<string, string>();
  for (const { event, detail } of entries) {
    const [, paused, until] = PAUSED.exec(detail) ?? [];
    const [, resumed] = RESUMED.exec(detail) ?? [];
    if (event === "paused" && paused !== undefined && until !== undefined) standing.set(paused, until);
    if (event === "resumed" && resumed !== undefined) standing.delete(resumed);
  }
  const held = new Set(pauses.map(({ scope }) => scopeText(scope)));
  const removed = [...standing]
    .filter(([scope, until]) => !held.has(scope) && !(Date.parse(until) <= Date.parse(now)))
    .map(([scope]) => find(scope, "its pause was removed without a resume"));
  return [...planted, ...removed];
}
