import type { AlarmState, ComparisonOperator, MissingDataTreatment } from "./alarm.ts";

/** The value of one complete period, labelled by its start (epoch milliseconds). */
export interface Datapoint {
  readonly at: number;
  readonly value: number;
  readonly sampleCount?: number | undefined;
}

/** What decides the state of an alarm. */
export interface AlarmRule {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly comparison: ComparisonOperator;
  readonly threshold: number;
  readonly treatMissingData: MissingDataTreatment;
}

/** The outcome of one evaluation. `considered` is oldest first; `filled` counts the missing points treated as real. */
export interface Evaluation {
  readonly state: AlarmState | "retain";
  readonly considered: readonly Datapoint[];
  readonly filled: number;
}

/**
 * Returns the number of periods that are evaluated: more than the evaluation periods, so that a late datapoint does
 * not count as missing. AWS does not publish the number; its documentation shows 5 for 3 evaluation periods.
 */
export function evaluationRange(evaluationPeriods: number): number {
  return evaluationPeriods + 2;
}

/** Whether a value breaches the threshold. */
export function isBreaching(rule: AlarmRule, value: number): boolean {
  switch (rule.comparison) {
    case "GreaterThanThreshold":
      return value > rule.threshold;
    case "GreaterThanOrEqualToThreshold":
      return value >= rule.threshold;
    case "LessThanThreshold":
      return value < rule.threshold;
    case "LessThanOrEqualToThreshold":
      return value <= rule.threshold;
  }
}

/**
 * Evaluates the periods of the evaluation range, oldest first, `undefined` where there is no data.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function evaluateAlarm(rule: AlarmRule, range: readonly (Datapoint | undefined)[]): Evaluation {
  const real = range.filter((datapoint) => datapoint !== undefined);
  const considered = real.slice(-rule.evaluationPeriods);
  const missing = rule.evaluationPeriods - considered.length;
  const breaching = considered.filter(({ value }) => isBreaching(rule, value)).length;
  const decide = (count: number): AlarmState => (count >= rule.datapointsToAlarm ? "ALARM" : "OK");

  if (missing === 0) return { state: decide(breaching), considered, filled: 0 };
  switch (rule.treatMissingData) {
    case "breaching":
      return { state: decide(breaching + missing), considered, filled: missing };
    case "notBreaching":
      return { state: decide(breaching), considered, filled: missing };
    case "ignore":
      return { state: decideUnfilled(rule, breaching, considered.length), considered, filled: 0 };
    case "missing": {
      if (considered.length === 0) return { state: "INSUFFICIENT_DATA", considered, filled: 0 };
      const isDue = isPrematureAlarm(rule, range);
      const state = isDue ? "ALARM" : decideUnfilled(rule, breaching, considered.length);
      return { state, considered, filled: 0 };
    }
  }
}

/**
 * With too few datapoints and nothing to fill them with: enough breaching ones alarm, one that does not breach
 * clears, and breaching ones alone (`- - - - X`) are no reason to leave the current state.
 */
function decideUnfilled(rule: AlarmRule, breaching: number, considered: number): AlarmState | "retain" {
  if (breaching >= rule.datapointsToAlarm) return "ALARM";
  return breaching < considered ? "OK" : "retain";
}

/**
 * AWS's "premature alarm state": everything known breaches and the oldest of it is at least as old as
 * `datapointsToAlarm` periods (`- - X - -`).
 */
function isPrematureAlarm(rule: AlarmRule, range: readonly (Datapoint | undefined)[]): boolean {
  const oldest = range.findIndex((datapoint) => datapoint !== undefined);
  const isAllBreaching = range.every(
    (datapoint) => datapoint === undefined || isBreaching(rule, datapoint.value),
  );
  return oldest >= 0 && isAllBreaching && range.length - oldest >= rule.datapointsToAlarm;
}
