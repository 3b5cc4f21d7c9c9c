import type { Incident } from "../../domain/incident.ts";
import { actionLine } from "./action-line.ts";
import { reportedOutcome, STATUS_TEXT } from "./outcome.ts";
import { slackValue } from "./slack-text.ts";
import { failureOf, rcaOf, rootCauseOf, serviceOf } from "./summary.ts";

/** One line of the fallback text: a label that only OpsAgent writes, and an escaped value. */
export interface ReportLine {
  readonly label: string;
  readonly value: string;
}

/** The lines that every message carries, in its text and in its blocks. */
export interface ReportLines {
  readonly title: string;
  readonly rootCause: ReportLine;
  readonly action: ReportLine;
  readonly status: ReportLine;
  /** One for each failure, the last one counting those left out. */
  readonly errors: readonly ReportLine[];
  readonly rca: ReportLine;
}

const SHOWN_FAILURES = 3;

/** The lines of an incident's message, every value escaped, on one line and bounded. */
export function reportLines(incident: Incident): ReportLines {
  return {
    title: `🚨 Incident: ${slackValue(serviceOf(incident), 100)} | ${incident.severity}`,
    rootCause: { label: "Root Cause", value: slackValue(rootCauseOf(incident), 600) },
    action: { label: "Action Taken", value: slackValue(actionLine(incident), 500) },
    status: { label: "Status", value: STATUS_TEXT[reportedOutcome(incident).status] },
    errors: errorLines(incident),
    rca: { label: "RCA", value: slackValue(rcaOf(incident), 1_000) },
  };
}

/** The lines as Slack's fallback text: what a notification shows. */
export function fallbackText(lines: ReportLines): string {
  const { rootCause, action, status, errors, rca } = lines;
  const rest = [rootCause, action, status, ...errors, rca].map(({ label, value }) => `${label}: ${value}`);
  return [lines.title, ...rest].join("\n");
}

function errorLines({ failures }: Incident): ReportLine[] {
  const shown = failures.slice(0, SHOWN_FAILURES).map((failure) => ({
    label: "Error",
    value: slackValue(failureOf(failure), 400),
  }));
  const left = failures.slice(SHOWN_FAILURES);
  if (left.length === 0) return shown;
  const codes = [...new Set(left.map((failure) => failure.code))].join(", ");
  return [...shown, { label: "Error", value: slackValue(`and ${left.length} more: ${codes}`, 200) }];
}
