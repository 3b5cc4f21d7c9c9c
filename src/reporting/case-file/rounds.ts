/** An incident's record as rounds: what each decision was based on, when it was made, and what was asked. */
import type { Evidence } from "../../domain/evidence.ts";
import type { CaseRound } from "../../domain/incident/case-file.ts";
import type { AskedApproval, Incident } from "../../domain/incident/incident.ts";

/** Returns the first round and the second one, if there are any. Empty without evidence. */
export function roundsOf(incident: Incident): CaseRound[] {
  const { evidence, further } = incident;
  if (evidence === undefined) return [];
  const first = roundOf(incident, decidedOn(evidence, incident), incident);
  return further === undefined ? [first] : [first, roundOf(further, further.evidence, incident)];
}

type Look = Pick<Incident, "diagnosis" | "secondOpinion" | "modelFailure" | "decision" | "approval">;

function roundOf(look: Look, evidence: Evidence, incident: Incident): CaseRound {
  const { diagnosis, secondOpinion, modelFailure, decision, approval } = look;
  return {
    decidedAt: decidedAt(evidence, incident),
    evidence,
    ...(diagnosis === undefined ? {} : { diagnosis }),
    ...(secondOpinion === undefined ? {} : { secondOpinion }),
    ...(modelFailure === undefined ? {} : { modelFailure: { code: modelFailure.code } }),
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

/** Returns the time of the round's first decision; without one, the time of its evidence. */
function decidedAt({ observedAt }: Evidence, { timeline }: Incident): string {
  return timeline.find(({ event, at }) => event === "decided" && at >= observedAt)?.at ?? observedAt;
}

/**
 * Returns the evidence without what a model requested, which is at its end: rules and code use the first evidence
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
