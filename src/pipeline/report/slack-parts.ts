import type { Evidence, Fact } from "../../domain/evidence.ts";
import type { ActionResult, Incident } from "../../domain/incident.ts";
import { planText, refusals } from "./action-line.ts";
import { changeLine } from "./change-line.ts";
import {
  between,
  confidenceWord,
  counted,
  formatConfidence,
  formatDuration,
  formatNumber,
} from "./format.ts";
import { reportedOutcome } from "./outcome.ts";
import type { ReportLine, ReportLines } from "./slack-lines.ts";
import { slackValue } from "./slack-text.ts";
import { citedFacts, diagnosisOf } from "./summary.ts";

/** The sections of the message as lines; every value in them is escaped, a part without lines is left out. */

/** The state, in the first line, then what came of it, what failed, and why a claim of the record is doubted. */
export function statusPart(incident: Incident, lines: ReportLines): string[] {
  const { doubt } = reportedOutcome(incident);
  return [
    `*Status: ${lines.status.value}*`,
    ...(doubt ? [`*Doubt:* ${slackValue(doubt, 300)}`] : [slackValue(incident.summary, 400)]),
    ...lines.errors.map(labelled),
  ];
}

/** Who said so, for the reader: the application's own words prove nothing by themselves. */
const PROVENANCE: Readonly<Record<Fact["provenance"], string>> = {
  "control-plane": "AWS control plane",
  metric: "metric",
  log: "application log, unverified",
  memory: "earlier incident",
};

export function causePart(incident: Incident, rootCause: ReportLine): string[] {
  const confidence = incident.decision?.confidence;
  const earned = confidence?.earned ?? diagnosisOf(incident)?.confidence;
  const lowered = confidence?.lowered.slice(0, 3).map((step) => {
    return `• lowered to ${formatConfidence(step.to)} by ${slackValue(step.rule, 60)}: ${slackValue(step.reason, 200)}`;
  });
  const facts = citedFacts(incident).slice(0, 4);
  return [
    ...(incident.evidence ? [changed(incident.evidence)] : []),
    labelled(rootCause),
    ...(earned === undefined
      ? []
      : [`*Confidence:* ${confidenceWord(earned)} (${formatConfidence(earned)})`]),
    ...(lowered ?? []),
    ...facts.map(
      (fact) => `• ${fact.id} (${PROVENANCE[fact.provenance]}) ${slackValue(fact.statement, 250)}`,
    ),
  ];
}

/** The answer to the first question of every incident. */
function changed(evidence: Evidence): string {
  const [label = "", ...answer] = changeLine(evidence).split(": ");
  return `*${label}:* ${slackValue(answer.join(": "), 300)}`;
}

export function actionPart(incident: Incident, action: ReportLine): string[] {
  return [labelled(action), ...incident.actions.slice(0, 2).flatMap(actionDetail), ...ruleLines(incident)];
}

function actionDetail(action: ActionResult): string[] {
  const steps = action.steps.slice(0, 4).map((step) => {
    return `• ${slackValue(step.what, 120)}: ${step.outcome}, ${slackValue(step.detail, 150)}`;
  });
  const change = changes(action).slice(0, 4);
  const undo = action.undo ? [`• undo: ${slackValue(action.undo, 150)}`] : [];
  return [...steps, ...(change.length > 0 ? [`• ${slackValue(change.join(", "), 300)}`] : []), ...undo];
}

/** What is different after the action; what did not change says nothing. */
function changes({ before, after }: ActionResult): string[] {
  return Object.keys({ ...before, ...after }).flatMap((name) => {
    const [was, is] = [before[name], after[name]];
    if (was === is) return [];
    if (was === undefined) return `${name} ${value(is)}`;
    return is === undefined ? `${name} ${value(was)} before` : `${name} ${value(was)} → ${value(is)}`;
  });
}

function value(measured: string | number | undefined): string {
  return typeof measured === "number" ? formatNumber(measured) : (measured ?? "unknown");
}

function ruleLines({ decision }: Incident): string[] {
  if (!decision) return [];
  const stopped = refusals(decision).slice(0, 3);
  if (stopped.length > 0) {
    return stopped.map(
      ({ rule, reason }) => `• refused by ${slackValue(rule, 60)}: ${slackValue(reason, 200)}`,
    );
  }
  if (decision.kind === "act") {
    return [
      `• allowed: ${slackValue(planText(decision.plan), 200)}; ${decision.trail.length} rules evaluated`,
    ];
  }
  const asking = decision.trail.filter((result) => result.outcome === "ask").slice(0, 3);
  return asking.map(
    ({ rule, reason }) => `• approval asked by ${slackValue(rule, 60)}: ${slackValue(reason, 200)}`,
  );
}

const MARKS = new Map<boolean | null, string>([
  [true, "✓"],
  [false, "✗"],
  [null, "?"],
]);

export function verificationPart({ verification }: Incident): string[] {
  if (!verification) return [];
  const { metricBefore, metricAfter } = verification;
  const metric =
    metricBefore !== undefined && metricAfter !== undefined
      ? [`• alarm metric ${formatNumber(metricBefore)} → ${formatNumber(metricAfter)}`]
      : [];
  const took = between(verification.startedAt, verification.endedAt);
  const time = took === undefined ? "" : ` in ${formatDuration(took)}`;
  return [
    `*Verification:* ${verification.outcome}, ${slackValue(verification.reason, 300)}`,
    ...metric,
    ...verification.checks
      .slice(0, 4)
      .map(({ met, condition, detail }) => `${MARKS.get(met)} ${condition}: ${slackValue(detail, 150)}`),
    `• good for ${verification.heldLooks} looks in a row, ${counted(verification.looks, "look")}${time}`,
  ];
}

export function uncertainPart(incident: Incident): string[] {
  const diagnosis = diagnosisOf(incident);
  const ruledOut = diagnosis?.ruledOut.slice(0, 4) ?? [];
  const gaps = incident.evidence?.gaps.slice(0, 4) ?? [];
  const missing = diagnosis?.missing.slice(0, 2) ?? [];
  return [
    ...titled(
      "Ruled out",
      ruledOut.map(({ cause, why }) => `${cause}: ${slackValue(why, 180)}`),
    ),
    ...titled("Could not be read", [
      ...gaps.map(({ source, message, remedy }) => {
        const advice = remedy === undefined ? "" : ` — ${slackValue(remedy, 150)}`;
        return `${slackValue(source, 40)}: ${slackValue(message, 180)}${advice}`;
      }),
      ...missing.map((text) => slackValue(text, 180)),
    ]),
  ];
}

export function nextPart(incident: Incident, rca: ReportLine): string[] {
  const steps = diagnosisOf(incident)?.nextSteps.slice(0, 4) ?? [];
  return [
    ...titled(
      "Next",
      steps.map((step) => slackValue(step, 250)),
    ),
    labelled(rca),
  ];
}

function titled(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : [`*${title}:*`, ...items.map((item) => `• ${item}`)];
}

function labelled(line: ReportLine): string {
  return `*${line.label}:* ${line.value}`;
}
