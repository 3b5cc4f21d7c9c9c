import { rankChanges } from "../../diagnosis/change-ranking.ts";
import type { Diagnosis } from "../../domain/diagnosis.ts";
import { type Evidence, factsOf } from "../../domain/evidence.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { type LogQuote, logQuotesOf, quoteText, statementOf } from "../../domain/log-quotes.ts";
import { stopReasonsOf } from "../../domain/stop-reasons.ts";
import { changeLine } from "../../notification/text/change-line.ts";
import {
  confidenceWord,
  formatClock,
  formatConfidence,
  formatOffset,
  formatTime,
} from "../../notification/text/format.ts";
import { reportedOutcome } from "../../notification/text/outcome.ts";
import {
  causeText,
  diagnosisOf,
  type Look,
  modelFailureText,
  rootCauseOf,
} from "../../notification/text/summary.ts";
import { list, pairs, type RcaBlock, type RcaSection, table, text } from "./rca-document.ts";

/** The sections about what happened; what was decided and done is in rca-decision.ts. */

/** The answer to "what changed?", the first question of every incident. */
export function changesSection({ evidence }: Incident): RcaSection {
  const heading = "What changed";
  if (!evidence) return { id: "changes", heading, blocks: [text("Unknown: no evidence was gathered.")] };
  const facts = new Map(evidence.facts.map((fact) => [fact.id, fact]));
  const rows = rankChanges(evidence).map(({ factId, why }) => {
    const fact = facts.get(factId);
    return [factId, fact?.at ? formatTime(fact.at) : "", fact ? statementOf(fact) : "", why];
  });
  const none = "No deployment, task definition change or scaling activity was found in what could be read.";
  return {
    id: "changes",
    heading,
    blocks: [table(["Id", "When", "What", "Why it stands here"], rows, none), ...diffBlocks(evidence)],
  };
}

function diffBlocks(evidence: Evidence): RcaBlock[] {
  return factsOf(evidence, "task-definition-diff").map(({ data }) => {
    const rows = data.changes.map(({ what, before, after }) => [what, before, after]);
    const none = `No difference between ${data.from} and ${data.to}.`;
    return table(["Changed", data.from, data.to], rows, none);
  });
}

export function timelineSection({ timeline }: Incident): RcaSection {
  const rows = timeline.map((entry) => [
    formatClock(entry.at),
    formatOffset(entry.sinceMs),
    entry.event,
    entry.detail,
  ]);
  const columns = ["Time (UTC)", "Since alert", "Event", "Detail"];
  return { id: "timeline", heading: "Timeline", blocks: [table(columns, rows, "Nothing was recorded.")] };
}

/** Facts with their ids, which stand for themselves in each look: `nth` is given for the one after the first. */
export function evidenceSection(look: Look, nth?: "second"): RcaSection {
  const cited = new Set(diagnosisOf(look)?.evidence);
  const against = new Set(diagnosisOf(look)?.against);
  const role = (id: string) => (cited.has(id) ? "supports" : against.has(id) ? "speaks against" : "");
  const rows = (look.evidence?.facts ?? []).map((fact) => [
    fact.id,
    fact.provenance,
    fact.at ? formatClock(fact.at) : "",
    statementOf(fact),
    role(fact.id),
  ]);
  const columns = ["Id", "Provenance", "Time (UTC)", "Fact", "Diagnosis"];
  const [id, heading] = nth ? ["second-evidence", "Second look: evidence"] : ["evidence", "Evidence"];
  return { id, heading, blocks: [table(columns, rows, "No evidence was gathered.")] };
}

export function diagnosisSection(incident: Incident): RcaSection {
  const diagnosis = diagnosisOf(incident);
  const heading = "Diagnosis";
  if (!diagnosis) return { id: "diagnosis", heading, blocks: [text(`Root cause: ${rootCauseOf(incident)}`)] };
  return { id: "diagnosis", heading, blocks: diagnosisBlocks(diagnosis, incident, incident) };
}

export function diagnosisBlocks(diagnosis: Diagnosis, look: Look, incident: Incident): RcaBlock[] {
  const second = look.diagnosis ? look.secondOpinion : undefined;
  const opinion = second && `${second.cause}, ${formatConfidence(second.confidence)}: ${second.rootCause}`;
  return [
    pairs([
      ["Root cause", causeText(diagnosis, incident)],
      ["Cause class", diagnosis.cause],
      ["Confidence", `${confidenceWord(diagnosis.confidence)} (${formatConfidence(diagnosis.confidence)})`],
      ["Diagnosed by", diagnosis.by === "rules" ? "rules" : (incident.model?.model ?? "model")],
      ["Rests on", diagnosis.evidence.join(", ") || "no evidence was cited"],
      ["Against it", diagnosis.against.join(", ")],
      [`Second opinion (${second?.by ?? "rules"})`, opinion],
      ["The model", look === incident ? modelFailureText(incident) : undefined],
    ]),
    text(diagnosis.rca || incident.summary),
  ];
}

export function uncertaintySections(incident: Incident): RcaSection[] {
  return [
    ...consideredSection(incident, "considered", "What was considered"),
    { id: "ruled-out", heading: "Ruled out", blocks: [ruledOutList(incident)] },
    { id: "gaps", heading: "Investigation gaps", blocks: [gapList(incident)] },
  ];
}

/** The causes that were weighed, likeliest first, also where none was likely enough; none where nothing was weighed. */
export function consideredSection(look: Look, id: string, heading: string): RcaSection[] {
  const ranked = diagnosisOf(look)?.ranked ?? [];
  if (ranked.length === 0) return [];
  const rows = ranked.map(({ cause, posterior, for: supports, against, wouldTell }) => [
    cause,
    formatConfidence(posterior),
    supports.join(", "),
    against.join(", "),
    wouldTell ?? "",
  ]);
  const columns = ["Cause", "Likelihood", "For it", "Against it", "What would tell"];
  return [{ id, heading, blocks: [table(columns, rows, "No cause was weighed.")] }];
}

export function ruledOutList(look: Look): RcaBlock {
  const ruledOut = diagnosisOf(look)?.ruledOut.map(({ cause, why }) => `${cause}: ${why}`) ?? [];
  return list(ruledOut, "No other cause was examined.");
}

export function gapList(look: Look): RcaBlock {
  const gaps = (look.evidence?.gaps ?? []).map((gap) => {
    const remedy = gap.remedy === undefined ? "" : ` — ${gap.remedy}`;
    return `${gap.source}: ${gap.message} (${gap.code}${gap.important ? ", important" : ""})${remedy}`;
  });
  const missing = diagnosisOf(look)?.missing.map((item) => `The diagnosis misses: ${item}`) ?? [];
  return list([...gaps, ...missing], look.evidence ? "Every source was read." : "Nothing was read.");
}

export function summarySection(incident: Incident): RcaSection {
  const { doubt } = reportedOutcome(incident);
  return {
    id: "summary",
    heading: "Summary",
    blocks: [text(changeLine(incident.evidence)), text(doubt ?? incident.summary)],
  };
}

/** AWS's own reasons of stops; none where no task stopped badly. */
export function stopSection({ evidence, further }: Incident): RcaSection[] {
  const reasons = stopReasonsOf(further?.evidence ?? evidence);
  if (reasons.length === 0) return [];
  return [
    {
      id: "stop-reasons",
      heading: "What AWS says of the stopped tasks",
      blocks: [{ kind: "list", items: reasons }],
    },
  ];
}

/** The telling lines of the log, whole; none where the log says nothing of the trouble. */
export function logSaysSection(incident: Incident): RcaSection[] {
  const quotes = logQuotesOf(incident);
  if (quotes.length === 0) return [];
  const note = text("The application's own words, redacted: its claim, not AWS's. They support no action.");
  return [
    {
      id: "log-says",
      heading: "What the log says",
      blocks: [note, { kind: "list", items: quotes.map((quote: LogQuote) => quoteText(quote)) }],
    },
  ];
}

export function logSection({ evidence }: Incident): RcaSection[] {
  if (!evidence || evidence.lastLines.length === 0) return [];
  const note = text(
    "The application's own words, redacted. They are shown as evidence and prove nothing by themselves.",
  );
  return [
    { id: "log", heading: "Last log lines", blocks: [note, { kind: "log", lines: evidence.lastLines }] },
  ];
}
