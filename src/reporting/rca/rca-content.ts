import type { Incident } from "../../domain/incident/incident.ts";
import type { IncidentSummary } from "../../domain/incident/incident-summary.ts";
import { actionLine } from "../../notification/text/action-line.ts";
import { verdictText } from "../../notification/text/approval-text.ts";
import { between, formatDuration, formatTime } from "../../notification/text/format.ts";
import { statusText } from "../../notification/text/outcome.ts";
import { giveBackText, relatedLines } from "../../notification/text/related-text.ts";
import { rootCauseOf, serviceOf } from "../../notification/text/summary.ts";
import { actionSection, verificationSection } from "./rca-action.ts";
import { afterwardsSections, costSection, failuresSection } from "./rca-afterwards.ts";
import { approvalSection, decisionSection } from "./rca-decision.ts";
import { pairs, type RcaDocument, type RcaSection } from "./rca-document.ts";
import { furtherSections } from "./rca-further.ts";
import { joinedSection } from "./rca-related.ts";
import {
  changesSection,
  diagnosisSection,
  evidenceSection,
  logSaysSection,
  logSection,
  stopSection,
  summarySection,
  timelineSection,
  uncertaintySections,
} from "./rca-sections.ts";

/** The root cause analysis of an incident, in the order in which it is read: what came of it, what changed, why. */
export function rcaDocument(incident: Incident, earlier: readonly IncidentSummary[] = []): RcaDocument {
  return {
    title: [...new Set([serviceOf(incident), incident.alert.title])].join(": "),
    status: statusText(incident),
    sections: [
      overviewSection(incident),
      ...failuresSection(incident),
      changesSection(incident),
      ...joinedSection(incident),
      diagnosisSection(incident),
      ...stopSection(incident),
      ...logSaysSection(incident),
      timelineSection(incident),
      evidenceSection(incident),
      ...uncertaintySections(incident),
      decisionSection(incident),
      ...approvalSection(incident, incident),
      actionSection(incident),
      ...furtherSections(incident),
      verificationSection(incident),
      ...afterwardsSections(incident, earlier),
      costSection(incident),
      ...logSection(incident),
    ],
  };
}

function overviewSection(incident: Incident): RcaSection {
  const { approval, further, giveBack } = incident;
  const target = incident.target ?? incident.alert.target;
  const lasted = between(incident.openedAt, incident.closedAt);
  const summary = summarySection(incident);
  const overview = pairs([
    ["Status", statusText(incident)],
    ["Severity", incident.severity],
    ["Root cause", rootCauseOf(incident)],
    ["Action taken", actionLine(incident)],
    ["Approval", approval && verdictText(approval, incident.status)],
    ["Approval of the second action", further?.approval && verdictText(further.approval, incident.status)],
    ["Service", target ? `${target.cluster} / ${target.service}` : incident.alert.targetProblem],
    ["Alarm", incident.alert.alarm?.name ?? incident.alert.title],
    ...relatedLines(incident),
    ["Give back", giveBack && giveBackText(giveBack, incident.openedAt)],
    ["Onset", incident.evidence && formatTime(incident.evidence.onset)],
    ["Alert received", formatTime(incident.alert.receivedAt)],
    ["Closed", incident.closedAt && formatTime(incident.closedAt)],
    ["Duration", lasted === undefined ? undefined : formatDuration(lasted)],
    ["Incident", incident.id],
  ]);
  return { ...summary, blocks: [...summary.blocks, overview] };
}
