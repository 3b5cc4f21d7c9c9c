import type { Diagnosis } from "../../domain/diagnosis.ts";
import type { Fact } from "../../domain/evidence.ts";
import type { Failure, Incident } from "../../domain/incident.ts";

/** The few sentences that every form of the report shares, as plain text: each renderer escapes them itself. */

/** The service an incident is about; the alarm's title where no target is known. */
export function serviceOf(incident: Incident): string {
  return incident.target?.service ?? incident.alert.target?.service ?? incident.alert.title;
}

/** The diagnosis that the report stands on: the diagnoser's, else the rules' where the model failed. */
export function diagnosisOf(incident: Incident): Diagnosis | undefined {
  return incident.diagnosis ?? incident.secondOpinion;
}

/** The root cause in one sentence, marked where it is the rules' word because the model failed. */
export function rootCauseOf(incident: Incident): string {
  const diagnosis = diagnosisOf(incident);
  if (!diagnosis) return `not determined — ${whyUndetermined(incident)}`;
  const mark = incident.diagnoser === "model" && diagnosis.by === "rules" ? " (by the rules alone)" : "";
  return `${diagnosis.rootCause || diagnosis.cause}${mark}`;
}

function whyUndetermined(incident: Incident): string {
  const failure = incident.failures[0];
  if (failure) return `OpsAgent failed at ${failure.stage}`;
  if (incident.alert.targetProblem) return incident.alert.targetProblem;
  if (incident.alert.state !== "ALARM") return `the alarm went to ${incident.alert.state}`;
  return incident.summary;
}

/** The written analysis; the incident's summary where none was made. */
export function rcaOf(incident: Incident): string {
  return diagnosisOf(incident)?.rca || incident.summary;
}

/** What failed and what to do about it, in one sentence. */
export function failureOf(failure: Failure): string {
  return failure.remedy ? `${failure.message} — ${failure.remedy}` : failure.message;
}

/** The facts that a diagnosis cites, in its order; ids that do not exist are left out. */
export function citedFacts(incident: Incident): Fact[] {
  const facts = new Map(incident.evidence?.facts.map((fact) => [fact.id, fact]));
  const cited = diagnosisOf(incident)?.evidence ?? [];
  return [...new Set(cited)].flatMap((id) => facts.get(id) ?? []);
}
