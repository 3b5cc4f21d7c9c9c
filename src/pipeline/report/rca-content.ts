import type { Incident } from "../../domain/incident.ts";
import { actionLine } from "./action-line.ts";
import { between, formatDuration, formatTime } from "./format.ts";
import { reportedOutcome, STATUS_TEXT } from "./outcome.ts";
import {
  actionSection,
  afterwardsSections,
  costSection,
  decisionSection,
  failuresSection,
  verificationSection,
} from "./rca-decision.ts";
import { pairs, type RcaDocument, type RcaSection } from "./rca-document.ts";
import {
  changesSection,
  diagnosisSection,
  evidenceSection,
  logSection,
  summarySection,
  timelineSection,
  uncertaintySections,
} from "./rca-sections.ts";
import { rootCauseOf, serviceOf } from "./summary.ts";

/** The root cause analysis of an incident, in the order in which it is read: what came of it, what changed, why. */
export function rcaDocument(incident: Incident): RcaDocument {
  return {
    title: [...new Set([serviceOf(incident), incident.alert.title])].join(": "),
    status: STATUS_TEXT[reportedOutcome(incident).status],
    sections: [
      overviewSection(incident),
      ...failuresSection(incident),
      changesSection(incident),
      diagnosisSection(incident),
      timelineSection(incident),
      evidenceSection(incident),
      ...uncertaintySections(incident),
      decisionSection(incident),
      actionSection(incident),
      verificationSection(incident),
      ...afterwardsSections(incident),
      costSection(incident),
      ...logSection(incident),
    ],
  };
}

function overviewSection(incident: Incident): RcaSection {
  const target = incident.target ?? incident.alert.target;
  const lasted = between(incident.openedAt, incident.closedAt);
  const summary = summarySection(incident);
  const overview = pairs([
    ["Status", STATUS_TEXT[reportedOutcome(incident).status]],
    ["Severity", incident.severity],
    ["Root cause", rootCauseOf(incident)],
    ["Action taken", actionLine(incident)],
    ["Service", target ? `${target.cluster} / ${target.service}` : incident.alert.targetProblem],
    ["Alarm", incident.alert.alarm?.name ?? incident.alert.title],
    ["Onset", incident.evidence && formatTime(incident.evidence.onset)],
    ["Alert received", formatTime(incident.alert.receivedAt)],
    ["Closed", incident.closedAt && formatTime(incident.closedAt)],
    ["Duration", lasted === undefined ? undefined : formatDuration(lasted)],
    ["Incident", incident.id],
  ]);
  return { ...summary, blocks: [...summary.blocks, overview] };
}
