/** Booked actions, which cooldowns and budgets go by, against the events that tell of them. */
import type { ActionRecord } from "../../domain/action-record.ts";
import type { Finding } from "../finding.ts";
import type { IncidentHistory } from "./incident-events.ts";

/** A step reads its clock a little before its event does. Milliseconds. */
const CLOCK_SLACK_MS = 5 * 60_000;

/** The booked actions of one incident. */
export function checkActions(history: IncidentHistory, booked: readonly ActionRecord[]): Finding[] {
  const { id, of, folded, events } = history;
  const find = (problem: string): Finding => ({ about: "action", id, problem });
  const granted = of("action-reserved").filter((event) => event.granted);
  const findings: Finding[] = [];
  for (const action of new Set(granted.map((event) => event.action))) {
    if (!booked.some((row) => row.action === action))
      findings.push(find(`the booking of its ${action} was removed, which cooldown and budget go by`));
  }
  // A late incident's record of before events were kept has its actions in itself.
  if (of("imported").length > 0) return findings;
  const target = folded?.target ?? folded?.alert.target;
  for (const row of booked) {
    const first = granted.find((event) => event.action === row.action);
    if (first === undefined) {
      findings.push(find(`no event tells that ${row.action} was booked for it: the booking was put in`));
      continue;
    }
    if (row.service !== target?.service || row.cluster !== target.cluster)
      findings.push(find(`its ${row.action} is booked for another service`));
    const [from, to] = [Date.parse(first.at), Date.parse(events.at(-1)?.at ?? first.at)];
    const at = Date.parse(row.at);
    if (!(at >= from - CLOCK_SLACK_MS && at <= Math.max(from, to) + CLOCK_SLACK_MS))
      findings.push(find(`its ${row.action} is booked for a time at which it was not made`));
    if (row.verified !== undefined && !provenAs(row.verified, history))
      findings.push(find(`the verdict on its ${row.action} is not the one that was proven`));
    if (row.verified === undefined && history.closed && of("verified").length > 0 && !recordFailed(history))
      findings.push(find(`the verdict on its ${row.action} was removed`));
  }
  return findings;
}

/** Bookings of incidents that neither the trail nor any list knows. */
export function checkUnknownActions(known: ReadonlySet<string>, booked: readonly ActionRecord[]): Finding[] {
  return booked
    .filter(({ incidentId }) => !known.has(incidentId))
    .map(({ incidentId, action }) => ({
      about: "action",
      id: incidentId,
      problem: `the trail does not know this incident, for which ${action} is booked: it was put in`,
    }));
}

function provenAs(verified: boolean, { of }: IncidentHistory): boolean {
  const outcomes = of("verified").map(({ verification }) => verification.outcome === "recovered");
  return outcomes.length === 0 ? !verified : outcomes.includes(verified);
}

function recordFailed({ of }: IncidentHistory): boolean {
  return of("step-failed").some(({ failure }) => failure.stage.startsWith("record-action"));
}
