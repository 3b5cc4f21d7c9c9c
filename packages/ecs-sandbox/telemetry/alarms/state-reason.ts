import { count, toJavaDouble, toReasonTimestamp, was } from "../shared/format.ts";
import type { AlarmState, ComparisonOperator } from "./alarm.ts";
import { type AlarmRule, type Datapoint, type Evaluation, isBreaching } from "./evaluate-alarm.ts";

/** From this many datapoints on, CloudWatch lists only the newest ones, after the sentence. */
const MANY_DATAPOINTS = 5;

const COMPARISON_WORDS: Readonly<Record<ComparisonOperator, string>> = {
  GreaterThanThreshold: "greater than",
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  LessThanThreshold: "less than",
  LessThanOrEqualToThreshold: "less than or equal to",
};

/**
 * The state reason as CloudWatch words it. `isCountExplicit`: the alarm sets DatapointsToAlarm, which makes
 * CloudWatch say "2 out of the last 3 datapoints" and name the minimum of the transition.
 */
export function stateReason(
  rule: AlarmRule,
  evaluation: Evaluation,
  state: AlarmState,
  isCountExplicit: boolean,
): string {
  const { considered, filled } = evaluation;
  if (state === "INSUFFICIENT_DATA") {
    return `Insufficient Data: ${count(rule.evaluationPeriods, "datapoint")} ${was(rule.evaluationPeriods)} unknown.`;
  }
  const decisive = considered
    .filter(({ value }) => isBreaching(rule, value) === (state === "ALARM"))
    .toReversed();
  if (decisive.length === 0) {
    const received =
      considered.length === 0
        ? "no datapoints were received"
        : `${count(considered.length, "datapoint")} ${was(considered.length)} received`;
    return `Threshold Crossed: ${received} for ${count(rule.evaluationPeriods, "period")} and ${filledText(rule, filled)}.`;
  }
  const head = isCountExplicit
    ? `${decisive.length} out of the last ${rule.evaluationPeriods} datapoints`
    : count(decisive.length, "datapoint");
  const verdict =
    `${was(decisive.length)} ${state === "ALARM" ? "" : "not "}${COMPARISON_WORDS[rule.comparison]}` +
    ` the threshold (${toJavaDouble(rule.threshold)})`;
  const missing = filled > 0 ? ` and ${filledText(rule, filled)}` : "";
  const minimum = isCountExplicit ? ` ${minimumText(rule, state)}` : "";
  const list = datapointList(decisive);
  if (decisive.length < MANY_DATAPOINTS)
    return `Threshold Crossed: ${head} ${list} ${verdict}${missing}${minimum}.`;
  const intro = isCountExplicit
    ? "The most recent datapoints which crossed the threshold:"
    : "The most recent datapoints:";
  return `Threshold Crossed: ${head} ${verdict}${missing}. ${intro} ${list}${minimum}.`;
}

function datapointList(newestFirst: readonly Datapoint[]): string {
  const shown = newestFirst.slice(0, MANY_DATAPOINTS);
  return `[${shown.map(({ at, value }) => `${toJavaDouble(value)} (${toReasonTimestamp(at)})`).join(", ")}]`;
}

function filledText(rule: AlarmRule, filled: number): string {
  const treatment = rule.treatMissingData === "breaching" ? "Breaching" : "NonBreaching";
  return `${count(filled, "missing datapoint")} ${was(filled)} treated as [${treatment}]`;
}

function minimumText(rule: AlarmRule, state: AlarmState): string {
  return state === "ALARM"
    ? `(minimum ${count(rule.datapointsToAlarm, "datapoint")} for OK -> ALARM transition)`
    : `(minimum ${count(rule.evaluationPeriods - rule.datapointsToAlarm + 1, "datapoint")} for ALARM -> OK transition)`;
}
