/** Past incidents of the service: cause, action, and whether it helped. */
import type { Incident } from "../../domain/incident/incident.ts";
import type { IncidentStore } from "../../domain/ports.ts";
import type { Target } from "../../domain/target.ts";
import type { PastIncidents } from "../ports.ts";
import type { EvidenceContext, FactDraft } from "../source.ts";
import { secondsBefore, span } from "../times.ts";

const MAX_PAST = 5;

/** Read more than are used: some of the newest may be open, of another cluster, or not diagnosed. */
const MAX_READ = 30;

/** Adapts the incident store. */
export function pastIncidentsOf(store: Pick<IncidentStore, "list">): PastIncidents {
  return { recent: ({ service }) => store.list({ service, limit: MAX_READ }) };
}

/** Returns facts of at most five closed incidents of the same service, the newest first. */
export function pastIncidentFacts(incidents: readonly Incident[], context: EvidenceContext): FactDraft[] {
  const { alert, target, now } = context;
  return incidents
    .filter((past) => isAbout(past, target) && past.alert.key !== alert.key)
    .toSorted((one, other) => (other.closedAt ?? "").localeCompare(one.closedAt ?? ""))
    .slice(0, MAX_PAST)
    .map((past) => toFact(past, alert.alarm?.name, now));
}

/** Changes to OK and the like were never diagnosed, so they are left out. */
function isAbout({ target, closedAt, diagnosis, secondOpinion }: Incident, wanted: Target): boolean {
  const diagnosed = diagnosis !== undefined || secondOpinion !== undefined;
  return (
    diagnosed &&
    closedAt !== undefined &&
    target?.cluster === wanted.cluster &&
    target.service === wanted.service
  );
}

function toFact(past: Incident, alarm: string | undefined, now: number): FactDraft {
  const { cause = "unknown" } = past.diagnosis ?? past.secondOpinion ?? {};
  const done = past.actions.filter(({ outcome }) => outcome !== "nothing-changed").at(-1);
  const action = done?.action ?? "none";
  const outcome = done === undefined ? past.status : (past.verification?.outcome ?? done.outcome);
  const ago = secondsBefore(past.closedAt, now);
  const sameAlarm = alarm !== undefined && past.alert.alarm?.name === alarm;
  return {
    kind: "past-incident",
    provenance: "memory",
    ...(past.closedAt === undefined ? {} : { at: past.closedAt }),
    statement: `Earlier incident${ago === undefined ? "" : `, ${span(ago)} ago`}${sameAlarm ? ", same alarm" : ""}: ${cause}, ${done === undefined ? `nothing done, ${outcome}` : `${action}, ${outcome}`}.`,
    data: {
      incidentId: past.id,
      cause,
      action,
      outcome,
      sameAlarm,
      ...(past.closedAt === undefined ? {} : { closedAt: past.closedAt }),
      ...(ago === undefined ? {} : { agoSeconds: ago }),
    },
  };
}

/** What the open incident has tried so far and how it verified: evidence against its cause, for the next look. */
export function triedActionFacts({ id, diagnosis, actions }: Incident): FactDraft[] {
  const { cause } = diagnosis ?? {};
  if (cause === undefined) return [];
  return actions.flatMap(({ action, steps, verification }) => {
    if (verification === undefined) return [];
    const { outcome } = verification;
    const at = steps.at(-1)?.endedAt;
    return [
      {
        kind: "past-incident",
        provenance: "memory",
        ...(at === undefined ? {} : { at }),
        statement: `Tried in this incident: ${action} for ${cause}, ${outcome}.`,
        data: { incidentId: id, cause, action, outcome, own: true },
      },
    ];
  });
}
