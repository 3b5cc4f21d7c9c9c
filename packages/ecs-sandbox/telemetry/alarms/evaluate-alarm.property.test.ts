import fc from "fast-check";
import { expect, test } from "vitest";
import { type AlarmRule, type Datapoint, evaluateAlarm, evaluationRange } from "./evaluate-alarm.ts";

type Mark = "0" | "X" | "-";

const cases = fc.integer({ min: 1, max: 6 }).chain((periods) =>
  fc.record({
    periods: fc.constant(periods),
    needed: fc.integer({ min: 1, max: periods }),
    treatment: fc.constantFrom("missing", "ignore", "breaching", "notBreaching"),
    marks: fc.array(fc.constantFrom<Mark>("0", "X", "-"), {
      minLength: evaluationRange(periods),
      maxLength: evaluationRange(periods),
    }),
  }),
);

function evaluate(marks: readonly Mark[], periods: number, needed: number, treatment: string): string {
  const rule: AlarmRule = {
    evaluationPeriods: periods,
    datapointsToAlarm: needed,
    comparison: "GreaterThanThreshold",
    threshold: 0,
    treatMissingData: treatment as AlarmRule["treatMissingData"],
  };
  const range = marks.map((mark, at): Datapoint | undefined =>
    mark === "-" ? undefined : { at, value: mark === "X" ? 1 : 0 },
  );
  return evaluateAlarm(rule, range).state;
}

/** AWS's rules on the marks as text, one regular expression or count at a time. */
function oracle(marks: readonly Mark[], periods: number, needed: number, treatment: string): string {
  const real = marks.filter((mark) => mark !== "-").join("");
  const hits = (text: string) => text.replaceAll(/[^X]/g, "").length;
  if (real.length >= periods) return hits(real.slice(-periods)) >= needed ? "ALARM" : "OK";
  const filler = { breaching: "X", notBreaching: "0" }[treatment] ?? "";
  if (filler !== "") return hits(real.padEnd(periods, filler)) >= needed ? "ALARM" : "OK";
  if (treatment === "missing" && real === "") return "INSUFFICIENT_DATA";
  if (hits(real) >= needed) return "ALARM";
  if (real.includes("0")) return "OK";
  const age = marks.join("").replace(/^-+/, "").length;
  return treatment === "missing" && age >= needed ? "ALARM" : "retain";
}

test("agrees with the written rules for every treatment, M and N", () => {
  fc.assert(
    fc.property(cases, ({ marks, periods, needed, treatment }) => {
      expect(evaluate(marks, periods, needed, treatment)).toBe(oracle(marks, periods, needed, treatment));
    }),
    { numRuns: 2_000 },
  );
});

test("a datapoint that turns bad never ends an alarm", () => {
  fc.assert(
    fc.property(cases, fc.nat(), ({ marks, periods, needed, treatment }, pick) => {
      const index = pick % marks.length;
      fc.pre(marks[index] === "0" && evaluate(marks, periods, needed, treatment) === "ALARM");

      const worse = marks.with(index, "X");

      expect(evaluate(worse, periods, needed, treatment)).toBe("ALARM");
    }),
    { numRuns: 300 },
  );
});
