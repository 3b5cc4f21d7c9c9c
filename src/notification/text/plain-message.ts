/** Report and question as plain text, such as an e-mail of a topic shows them. Pure. */
import type { Approval } from "../../domain/approval.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { planText } from "./action-line.ts";
import { answerCommands } from "./approval-text.ts";
import { formatTime } from "./format.ts";

interface PlainMessage {
  readonly subject: string;
  readonly body: string;
}

/** `why`: why it comes this way. */
export function plainReport(incident: Incident, why: string): PlainMessage {
  const service = (incident.target ?? incident.alert.target)?.service ?? incident.alert.title;
  return {
    subject: `OpsAgent: ${service} ${incident.status} (${incident.severity})`,
    body: [
      `${service}: ${incident.status}, ${incident.severity}`,
      "",
      incident.summary,
      ...incident.failures.map(({ message, remedy }) => `Failed: ${message} ${remedy}`),
      "",
      `The whole report: opsagent show ${incident.id}`,
      why,
    ].join("\n"),
  };
}

/** `why`: why it comes this way. */
export function plainQuestion(approval: Approval, why: string): PlainMessage {
  const { plan, target, rootCause, deadline, severity, incidentId } = approval;
  return {
    subject: `OpsAgent asks: ${plan.action} ${target.service}? (${severity})`,
    body: [
      `May OpsAgent do this? ${planText(plan)} on ${target.cluster}/${target.service}`,
      "",
      `Cause: ${rootCause}`,
      `Until: ${formatTime(deadline)}; no answer means no.`,
      "Answer on the command line:",
      ...answerCommands(incidentId, approval),
      "",
      why,
    ].join("\n"),
  };
}
