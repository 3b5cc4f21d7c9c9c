import type { Incident } from "../../domain/incident/incident.ts";
import { logQuotesOf, quoteText } from "../../domain/log-quotes.ts";
import { actionLine, askedText } from "../text/action-line.ts";
import { answerCommands, waitingApproval } from "../text/approval-text.ts";
import { statusText } from "../text/outcome.ts";
import { giveBackText, relatedLines } from "../text/related-text.ts";
import { failureOf, rcaOf, rootCauseOf, serviceOf } from "../text/summary.ts";
import { fairLimit, SLACK_LIMITS } from "./slack-blocks.ts";
import { slackValue } from "./slack-text.ts";

/** One line of the fallback text: a label that only OpsAgent writes, and an escaped value. */
export interface ReportLine {
  readonly label: string;
  readonly value: string;
}

/** The lines that every message carries, in its text and in its blocks. */
export interface ReportLines {
  readonly title: string;
  readonly rootCause: ReportLine;
  /** The most telling line of the application's log. */
  readonly logSays: ReportLine | undefined;
  readonly action: ReportLine;
  readonly status: ReportLine;
  /** Pauses, or a policy that cannot be used. */
  readonly held: readonly ReportLine[];
  /** One for each failure, the last one counting those left out. */
  readonly errors: readonly ReportLine[];
  /** Each question to a person and its answer. */
  readonly approvals: readonly ReportLine[];
  /** While it waits for one: the command that answers. */
  readonly answer: ReportLine | undefined;
  /** Other incidents and alarms. */
  readonly related: readonly ReportLine[];
  readonly giveBack: ReportLine | undefined;
  readonly rca: ReportLine;
}

const SHOWN_FAILURES = 3;

/** The lines of an incident's message, every value escaped, on one line and bounded; together a fallback text. */
export function reportLines(incident: Incident, held: readonly ReportLine[] = []): ReportLines {
  const { further, giveBack, openedAt } = incident;
  const approval = askedText(incident, incident);
  const second = further && askedText(further, incident);
  const [quote] = logQuotesOf(incident);
  const fixed = {
    title: `🚨 Incident: ${slackValue(serviceOf(incident), 100)} | ${incident.severity}`,
    rootCause: line("Root Cause", rootCauseOf(incident), 600),
    logSays: quote && line("Log says", quoteText(quote, 240), 600),
    action: line("Action Taken", actionLine(incident), 500),
    status: { label: "Status", value: statusText(incident) },
    held,
    errors: errorLines(incident),
    answer: answerLine(incident),
  };
  const drafts = {
    approvals: [
      ...(approval ? [draft("Approval", approval, 500)] : []),
      ...(second ? [draft("Approval of the second action", second, 500)] : []),
    ],
    related: relatedLines(incident).map(([label, value]) => draft(label, value, 300)),
    giveBack: giveBack && draft("Give back", giveBackText(giveBack, openedAt), 300),
    rca: draft("RCA", rcaOf(incident), 1_000),
  };
  const all = [...drafts.approvals, ...drafts.related, drafts.giveBack ?? [], drafts.rca].flat();
  const room = SLACK_LIMITS.text - fallbackText({ ...fixed, ...NONE }).length;
  const limit = fairLimit(all.map(lengthOf), room);
  const fitted = ({ label, value, most }: Draft) =>
    line(label, value, Math.min(most, limit - label.length - 3));
  return {
    ...fixed,
    approvals: drafts.approvals.map(fitted),
    related: drafts.related.map(fitted),
    giveBack: drafts.giveBack && fitted(drafts.giveBack),
    rca: fitted(drafts.rca),
  };
}

/** A line whose length depends on how much else there is to say. */
interface Draft {
  readonly label: string;
  readonly value: string;
  readonly most: number;
}

const NONE = { approvals: [], related: [], giveBack: undefined, rca: undefined };

function draft(label: string, value: string, most: number): Draft {
  return { label, value, most };
}

/** With its colon, space and line break. */
function lengthOf({ label, value, most }: Draft): number {
  return label.length + 3 + slackValue(value, most).length;
}

/** The lines as Slack's fallback text: what a notification shows. */
export function fallbackText(
  lines: Omit<ReportLines, "rca"> & { readonly rca: ReportLine | undefined },
): string {
  const { rootCause, logSays, action, status, held, errors, approvals, answer, related, giveBack, rca } =
    lines;
  const rest = [
    rootCause,
    logSays,
    action,
    status,
    ...held,
    ...errors,
    ...approvals,
    answer,
    ...related,
    giveBack,
    rca,
  ];
  const written = rest.flatMap((each) => (each ? [`${each.label}: ${each.value}`] : []));
  return [lines.title, ...written].join("\n");
}

function line(label: string, value: string, limit: number): ReportLine {
  return { label, value: slackValue(value, limit) };
}

/** Never shortened: half a command would be worse than none. */
function answerLine(incident: Incident): ReportLine | undefined {
  const waiting = waitingApproval(incident);
  return waiting && line("Answer", answerCommands(incident.id, waiting).join(" or "), 300);
}

function errorLines({ failures }: Incident): ReportLine[] {
  const shown = failures.slice(0, SHOWN_FAILURES).map((failure) => line("Error", failureOf(failure), 300));
  const left = failures.slice(SHOWN_FAILURES);
  if (left.length === 0) return shown;
  const codes = [...new Set(left.map((failure) => failure.code))].join(", ");
  return [...shown, line("Error", `and ${left.length} more: ${codes}`, 200)];
}
