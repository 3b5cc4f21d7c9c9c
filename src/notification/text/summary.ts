import type { Diagnosis } from "../../domain/diagnosis.ts";
import type { Fact } from "../../domain/evidence.ts";
import type { ActionResult, Failure, Incident } from "../../domain/incident/incident.ts";

/** The few sentences that every form of the report shares, as plain text: each renderer escapes them itself. */

/** The service an incident is about; the alarm's title where no target is known. */
export function serviceOf(incident: Incident): string {
  return incident.target?.service ?? incident.alert.target?.service ?? incident.alert.title;
}

/** What one look came to; an incident has a first one, and a second one after an action that did not help. */
export type Look = Pick<Incident, "evidence" | "diagnosis" | "secondOpinion" | "decision" | "approval">;

/** The diagnosis that a look stands on: the diagnoser's, else the rules' where the model failed. */
export function diagnosisOf(look: Look): Diagnosis | undefined {
  return look.diagnosis ?? look.secondOpinion;
}

/** The actions that changed something, or may have; the last of them is the one that the verification is about. */
export function madeActions(incident: Incident): ActionResult[] {
  return incident.actions.filter((action) => action.outcome !== "nothing-changed");
}

/** The diagnosis that the report ends with: that of the second look, where there was one. */
export function lastDiagnosisOf(incident: Incident): Diagnosis | undefined {
  return (incident.further && diagnosisOf(incident.further)) ?? diagnosisOf(incident);
}

/** Leaves room for the second look's, where both are told in one line. */
const FIRST_CAUSE = 250;

/** The root cause in one sentence, and what a second look made of it where it saw another. */
export function rootCauseOf(incident: Incident): string {
  const first = diagnosisOf(incident);
  const second = incident.further && diagnosisOf(incident.further);
  if (!first) {
    const yet = incident.status === "open" ? " yet" : "";
    return `not determined${yet} — ${whyUndetermined(incident)}`;
  }
  const cause = causeText(first, incident);
  if (second === undefined || (second.cause === first.cause && second.rootCause === first.rootCause)) {
    return cause;
  }
  const short = cause.length > FIRST_CAUSE ? `${cause.slice(0, FIRST_CAUSE)}…` : cause;
  return `${short.replace(/\.$/, "")} — on a second look: ${causeText(second, incident)}`;
}

/** A diagnosis in one sentence, marked where it is the rules' word because the model failed. */
export function causeText(diagnosis: Diagnosis, incident: Incident): string {
  const failed = incident.modelFailure !== undefined || incident.diagnosis === undefined;
  const mark = failed && diagnosis.by === "rules" ? " (by the rules alone)" : "";
  return `${diagnosis.rootCause || diagnosis.cause}${mark}`;
}

/** Says that the model gave no opinion, why, and who decided; undefined where it gave one or was not asked. */
export function modelFailureText({ modelFailure }: Incident): string | undefined {
  if (modelFailure === undefined) return undefined;
  return `The model gave no opinion, so the rules decided alone: ${failureOf(modelFailure)}`;
}

function whyUndetermined(incident: Incident): string {
  if (incident.passed) return "the alarm went back to OK by itself";
  if (incident.joinedTo !== undefined) return `incident ${incident.joinedTo} deals with it`;
  const failure = incident.failures[0];
  if (failure) return `OpsAgent failed at ${failure.stage}`;
  if (incident.alert.targetProblem) return incident.alert.targetProblem;
  if (incident.alert.state !== "ALARM") return `the alarm went to ${incident.alert.state}`;
  return incident.status === "open" ? (incident.progress?.detail ?? "under investigation") : incident.summary;
}

/** The written analysis; the incident's summary where none was made. */
export function rcaOf(incident: Incident): string {
  return lastDiagnosisOf(incident)?.rca || incident.summary;
}

/** What failed and what to do about it, in one sentence. */
export function failureOf(failure: Pick<Failure, "message" | "remedy">): string {
  return failure.remedy ? `${failure.message} — ${failure.remedy}` : failure.message;
}

/** The facts that a look's diagnosis cites, in its order; ids that do not exist are left out. */
export function citedFacts(look: Look): Fact[] {
  const facts = new Map(look.evidence?.facts.map((fact) => [fact.id, fact]));
  const cited = diagnosisOf(look)?.evidence ?? [];
  return [...new Set(cited)].flatMap((id) => facts.get(id) ?? []);
}
