/** An incident's record as the looks it consists of: what each was decided on, when, and what was asked. */
import type { Evidence } from "../../domain/evidence.ts";
import type { CaseRound } from "../../domain/incident/case-file.ts";
import type { AskedApproval, Incident } from "../../domain/incident/incident.ts";

/** The first look and the further one, as far as they were taken. Empty where nothing was looked at. */
export function roundsOf(incident: Incident): CaseRound[] {
  const { evidence, further } = incident;
  if (evidence === undefined) return [];
  const first = roundOf(incident, decidedOn(evidence, incident), incident);
  return further === undefined ? [first] : [first, roundOf(further, further.evidence, incident)];
}

type Look = Pick<Incident, "diagnosis" | "secondOpinion" | "decision" | "approval">;

function roundOf(look: Look, evidence: Evidence, incident: Incident): CaseRound {
  const { diagnosis, secondOpinion, decision, approval } = look;
  return {
    decidedAt: decidedAt(evidence, incident),
    evidence,
    ...(diagnosis === undefined ? {} : { diagnosis }),
    ...(secondOpinion === undefined ? {} : { secondOpinion }),
    ...(decision === undefined ? {} : { decision }),
    ...(approval === undefined ? {} : { asked: askedOf(approval) }),
  };
}

function askedOf({ plan, answer }: AskedApproval): NonNullable<CaseRound["asked"]> {
  return {
    ...(plan === undefined ? {} : { plan }),
    ...(answer === undefined ? {} : { answer: answer.verdict }),
  };
}

/** The first decision after the look; a look without one was decided on when it was taken. */
function decidedAt({ observedAt }: Evidence, { timeline }: Incident): string {
  return timeline.find(({ event, at }) => event === "decided" && at >= observedAt)?.at ?? observedAt;
}

/**
 * The pack without what a model had read in addition, which stands at its end: rules and code judge the first pack
 * only.
 */
function decidedOn(evidence: Evidence, { timeline }: Incident): Evidence {
  const note = timeline.find(({ event }) => event === "evidence-added")?.detail;
  if (note === undefined) return evidence;
  const added = Number(/^(\d+) facts/.exec(note)?.[1] ?? 0);
  return {
    ...evidence,
    facts: evidence.facts.slice(0, evidence.facts.length - added),
    gaps: evidence.gaps.filter(({ source }) => !source.startsWith("more-")),
  };
}
