import { factsOf } from "../../domain/evidence.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import type { IncidentSummary } from "../../domain/incident/incident-summary.ts";
import { plural } from "../../domain/plural.ts";
import { formatDollars, formatDuration } from "../../notification/text/format.ts";
import { PREVENTION } from "../../notification/text/prevention.ts";
import { failureOf, lastDiagnosisOf } from "../../notification/text/summary.ts";
import { list, pairs, type RcaBlock, type RcaSection, text } from "./rca-document.ts";
import { recurrenceSentence, recurrenceTable } from "./recurrence.ts";

/** The sections about what failed, what to do next, and what the diagnosis cost. */

export function failuresSection({ failures }: Incident): RcaSection[] {
  if (failures.length === 0) return [];
  const items = failures.map((failure) => `At ${failure.stage} (${failure.code}): ${failureOf(failure)}`);
  return [{ id: "failures", heading: "What failed in OpsAgent", blocks: [list(items, "")] }];
}

export function afterwardsSections(incident: Incident, earlier: readonly IncidentSummary[]): RcaSection[] {
  const diagnosis = lastDiagnosisOf(incident);
  const steps = list(diagnosis?.nextSteps ?? [], "None was named.");
  const advice = list(
    diagnosis ? PREVENTION[diagnosis.cause] : [],
    "Nothing was diagnosed, so nothing is advised.",
  );
  return [
    { id: "next", heading: "Next steps", blocks: [steps] },
    { id: "prevention", heading: "Prevention", blocks: [...recurring(incident, earlier), advice] },
  ];
}

/** The same trouble again and again is a finding of its own. */
function recurring(incident: Incident, earlier: readonly IncidentSummary[]): RcaBlock[] {
  const sentence = recurrenceSentence(incident, earlier);
  if (sentence !== undefined) return [text(sentence), recurrenceTable(earlier)];
  if (incident.rememberedFrom !== undefined) return [];
  const past = incident.evidence ? factsOf(incident.evidence, "past-incident") : [];
  if (past.length === 0) return [];
  const times = `This has happened before: ${plural(past.length, "earlier incident")} of the same kind.`;
  return [text(`${times} Acting on the symptom again does not remove the cause.`)];
}

export function costSection({ model, diagnoser }: Incident): RcaSection {
  const none = diagnoser === "rules" ? "No model was used: the rules diagnosed." : "No model answered.";
  const usage = model && [
    pairs([
      ["Model", model.model],
      ["Calls", String(model.calls)],
      ["Tokens", `${model.inputTokens} in, ${model.outputTokens} out`],
      ["Cost", model.costUsd === undefined ? "not told by the server" : formatDollars(model.costUsd)],
      ["Time", formatDuration(model.milliseconds)],
    ]),
  ];
  return { id: "cost", heading: "Model and cost", blocks: usage ?? [text(none)] };
}
