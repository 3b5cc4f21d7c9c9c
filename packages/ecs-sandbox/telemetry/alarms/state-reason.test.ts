import { expect, test } from "vitest";
import { type AlarmRule, type Datapoint, evaluateAlarm } from "./evaluate-alarm.ts";
import { stateReason } from "./state-reason.ts";

const START = Date.UTC(2026, 10, 23, 7, 1, 0);

function points(values: readonly (number | undefined)[]): (Datapoint | undefined)[] {
  return values.map((value, index) =>
    value === undefined ? undefined : { at: START + index * 5_000, value },
  );
}

function reasonOf(
  rule: Partial<AlarmRule>,
  values: readonly (number | undefined)[],
  isCountExplicit = true,
): string {
  const complete: AlarmRule = {
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
    comparison: "GreaterThanThreshold",
    threshold: 60,
    treatMissingData: "missing",
    ...rule,
  };
  const evaluation = evaluateAlarm(complete, points(values));
  if (evaluation.state === "retain") throw new Error("no new state");
  return stateReason(complete, evaluation, evaluation.state, isCountExplicit);
}

test("names the datapoints, newest first, and the minimum of the transition", () => {
  expect(reasonOf({}, [68, 72.1])).toBe(
    "Threshold Crossed: 2 out of the last 2 datapoints [72.1 (23/11/26 07:01:05), 68.0 (23/11/26 07:01:00)]" +
      " were greater than the threshold (60.0) (minimum 2 datapoints for OK -> ALARM transition).",
  );
});

test("says which datapoints are fine again", () => {
  expect(reasonOf({}, [68, 1e-4])).toBe(
    "Threshold Crossed: 1 out of the last 2 datapoints [1.0E-4 (23/11/26 07:01:05)]" +
      " was not greater than the threshold (60.0) (minimum 1 datapoint for ALARM -> OK transition).",
  );
});

test("is shorter when the alarm does not set DatapointsToAlarm", () => {
  expect(reasonOf({ comparison: "LessThanOrEqualToThreshold" }, [1, 2], false)).toBe(
    "Threshold Crossed: 2 datapoints [2.0 (23/11/26 07:01:05), 1.0 (23/11/26 07:01:00)]" +
      " were less than or equal to the threshold (60.0).",
  );
});

test("counts missing datapoints that were filled in", () => {
  const filled = { treatMissingData: "notBreaching", evaluationPeriods: 3, datapointsToAlarm: 1 } as const;

  expect(reasonOf(filled, [undefined, 99, undefined])).toBe(
    "Threshold Crossed: 1 out of the last 3 datapoints [99.0 (23/11/26 07:01:05)] was greater than the" +
      " threshold (60.0) and 2 missing datapoints were treated as [NonBreaching]" +
      " (minimum 1 datapoint for OK -> ALARM transition).",
  );
  expect(reasonOf({ treatMissingData: "breaching" }, [undefined, undefined])).toBe(
    "Threshold Crossed: no datapoints were received for 2 periods and 2 missing datapoints were treated as [Breaching].",
  );
});

test("says that data is missing", () => {
  expect(reasonOf({}, [undefined, undefined])).toBe("Insufficient Data: 2 datapoints were unknown.");
});

test("lists many datapoints after the sentence", () => {
  const many = { evaluationPeriods: 6, datapointsToAlarm: 6 };

  expect(reasonOf(many, [61, 62, 63, 64, 65, 66])).toBe(
    "Threshold Crossed: 6 out of the last 6 datapoints were greater than the threshold (60.0)." +
      " The most recent datapoints which crossed the threshold: [66.0 (23/11/26 07:01:25)," +
      " 65.0 (23/11/26 07:01:20), 64.0 (23/11/26 07:01:15), 63.0 (23/11/26 07:01:10)," +
      " 62.0 (23/11/26 07:01:05)] (minimum 6 datapoints for OK -> ALARM transition).",
  );
});
