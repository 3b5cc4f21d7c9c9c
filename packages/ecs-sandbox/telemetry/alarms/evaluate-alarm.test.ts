import { describe, expect, test } from "vitest";
import type { MissingDataTreatment } from "./alarm.ts";
import { type AlarmRule, type Datapoint, evaluateAlarm } from "./evaluate-alarm.ts";

function rule(datapointsToAlarm: number, treatMissingData: MissingDataTreatment): AlarmRule {
  return {
    evaluationPeriods: 3,
    datapointsToAlarm,
    comparison: "GreaterThanThreshold",
    threshold: 60,
    treatMissingData,
  };
}

/** `0` is within the threshold, `X` breaches it, `-` is missing; the newest is last, as AWS writes them. */
function range(text: string): (Datapoint | undefined)[] {
  return text.split(" ").map((mark, at) => (mark === "-" ? undefined : { at, value: mark === "X" ? 99 : 1 }));
}

const TREATMENTS = ["missing", "ignore", "breaching", "notBreaching"] as const;

/** The tables of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html */
describe.each([
  [3, "0 - X - X", ["OK", "OK", "OK", "OK"]],
  [3, "0 - - - -", ["OK", "OK", "OK", "OK"]],
  [3, "- - - - -", ["INSUFFICIENT_DATA", "retain", "ALARM", "OK"]],
  [3, "0 X X - X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
  [3, "- - X - -", ["ALARM", "retain", "ALARM", "OK"]],
  [3, "- - - - X", ["retain", "retain", "ALARM", "OK"]],
  [3, "- - - X -", ["retain", "retain", "ALARM", "OK"]],
  [2, "0 - X - X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
  [2, "0 0 X 0 X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
  [2, "0 - X - -", ["OK", "OK", "ALARM", "OK"]],
  [2, "- - - - 0", ["OK", "OK", "ALARM", "OK"]],
  [2, "- - - X -", ["ALARM", "retain", "ALARM", "OK"]],
])("%i of 3 with %s", (datapointsToAlarm, datapoints, states) => {
  test.each(TREATMENTS.map((treatment, index) => [treatment, states[index]] as const))(
    "missing data as %s: %s",
    (treatment, state) => {
      expect(evaluateAlarm(rule(datapointsToAlarm, treatment), range(datapoints)).state).toBe(state);
    },
  );
});

test.each([
  ["GreaterThanThreshold", 60, "OK"],
  ["GreaterThanOrEqualToThreshold", 60, "ALARM"],
  ["LessThanThreshold", 60, "OK"],
  ["LessThanOrEqualToThreshold", 60, "ALARM"],
] as const)("%s at the threshold itself", (comparison, value, state) => {
  const one: AlarmRule = { ...rule(1, "missing"), evaluationPeriods: 1, comparison };

  expect(evaluateAlarm(one, [undefined, undefined, { at: 0, value }]).state).toBe(state);
});
