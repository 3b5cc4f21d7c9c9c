import type { Decision } from "../../domain/decision.ts";
import type { ActionResult, Incident, RecoveryCheck, Verification } from "../../domain/incident/incident.ts";
import { plural } from "../../domain/plural.ts";
import { planText, refusals } from "../text/action-line.ts";
import { CONDITION_TEXT } from "../text/condition-text.ts";
import { between, confidenceWord, formatConfidence, formatDuration, formatNumber } from "../text/format.ts";
import { causeText, citedFacts, diagnosisOf, madeActions } from "../text/summary.ts";
import { undoneSteps } from "../text/undone-text.ts";
import { firstOf } from "./slack-blocks.ts";
import type { ReportLine } from "./slack-lines.ts";
import { slackValue } from "./slack-text.ts";

/** The sections about what was decided, done and proven, as escaped lines. */

export function actionPart(incident: Incident, action: ReportLine): string[] {
  const { further, actions, decision } = incident;
  const proven = madeActions(incident).at(-1);
  const first = further === undefined ? actions : actions.slice(0, 1);
  return [
    `*${action.label}:* ${action.value}`,
    ...firstOf(first, 2, (made) => actionDetail(made, actions.length > 1, made === proven).join("\n")),
    ...(decision ? ruleLines(decision) : []),
  ];
}

/** After an action that did not help: what was seen then, and what was decided and done. */
export function furtherPart(incident: Incident): string[] {
  const { further, actions } = incident;
  if (further === undefined) return [];
  const diagnosis = diagnosisOf(further);
  const proven = madeActions(incident).at(-1);
  const confidence = further.decision?.confidence.earned ?? diagnosis?.confidence;
  const sure =
    confidence === undefined ? "" : ` (${confidenceWord(confidence)}, ${formatConfidence(confidence)})`;
  const seen = diagnosis ? slackValue(causeText(diagnosis, incident), 400) : "no diagnosis was reached";
  return [
    `*Second look:* ${seen}${sure}`,
    ...firstOf(citedFacts(further), 2, ({ statement }) => `• ${slackValue(statement, 200)}`),
    ...firstOf(actions.slice(1), 2, (made) => actionDetail(made, true, made === proven).join("\n")),
    ...(further.decision ? ruleLines(further.decision) : []),
  ];
}

/** The last action's verification has a part of its own. */
function actionDetail(action: ActionResult, isOneOfSeveral: boolean, isLast: boolean): string[] {
  const change = changes(action);
  const back = undoneSteps(action);
  return [
    ...(isOneOfSeveral ? [`*${action.action}:* ${action.outcome}`] : []),
    ...firstOf(action.steps, 4, (step) => {
      return `• ${slackValue(step.what, 120)}: ${step.outcome}, ${slackValue(step.detail, 150)}`;
    }),
    ...(change.length > 0 ? [`• ${slackValue(change.slice(0, 4).join(", "), 300)}`] : []),
    ...(!isLast && action.verification ? [`• ${proofText(action.verification)}`] : []),
    ...(back ? [`• ${slackValue(back, 250)}`] : []),
    ...(action.undo && !back ? [`• undo: ${slackValue(action.undo, 150)}`] : []),
  ];
}

function proofText({ outcome, reason, startedAt, endedAt }: Verification): string {
  const took = between(startedAt, endedAt);
  const time = took === undefined ? "" : ` (after ${formatDuration(took)})`;
  return `verification: ${outcome}, ${slackValue(reason, 200)}${time}`;
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

function ruleLines(decision: Decision): string[] {
  const rule = (verb: string) => (result: Decision["trail"][number]) =>
    `• ${verb} by ${slackValue(result.rule, 60)}: ${slackValue(result.reason, 200)}`;
  const stopped = refusals(decision);
  if (stopped.length > 0) return firstOf(stopped, 3, rule("refused"));
  if (decision.kind === "act") {
    return [
      `• allowed: ${slackValue(planText(decision.plan), 200)}; ${decision.trail.length} rules evaluated`,
    ];
  }
  const asking = decision.trail.filter((result) => result.outcome === "ask");
  return firstOf(asking, 3, rule("approval asked"));
}

const MARKS = new Map<RecoveryCheck["met"], string>([
  [true, "✓"],
  [false, "✗"],
  [null, "?"],
]);

export function verificationPart(
  incident: Incident,
  { brief = false }: { readonly brief?: boolean } = {},
): string[] {
  const { verification } = incident;
  if (!verification) return [];
  const { metricBefore, metricAfter } = verification;
  const metric =
    metricBefore !== undefined && metricAfter !== undefined
      ? [`• alarm metric ${formatNumber(metricBefore)} → ${formatNumber(metricAfter)}`]
      : [];
  const took = between(verification.startedAt, verification.endedAt);
  const time = took === undefined ? "" : ` in ${formatDuration(took)}`;
  const last = madeActions(incident).length > 1 ? " of the last action" : "";
  return [
    `*Verification${last}:* ${verification.outcome}, ${slackValue(verification.reason, 300)}`,
    ...metric,
    ...firstOf(brief ? [] : verification.checks, 5, ({ met, condition, detail }) => {
      return `${MARKS.get(met)} ${CONDITION_TEXT[condition]}: ${slackValue(detail, 150)}`;
    }),
    `• good for ${verification.heldLooks} looks in a row, ${plural(verification.looks, "look")}${time}`,
  ];
}
