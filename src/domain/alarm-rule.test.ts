import { expect, it } from "vitest";
import { alarmsInRule, alarmsThatFire } from "./alarm-rule.ts";

it("the parts of a composite alarm are read from names, quoted names and ARNs", () => {
  const rule =
    'ALARM(bare) OR (OK( "with (parens)" ) AND NOT INSUFFICIENT_DATA("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:by arn"))';

  expect(alarmsInRule(rule)).toEqual(["bare", "with (parens)", "by arn"]);
});

it.each([
  ['ALARM("a") AND NOT ALARM("b")', ["a"]],
  ["NOT (ALARM(a) OR OK(b)) AND ALARM(c)", ["b", "c"]],
  ["NOT (NOT ALARM(a))", ["a"]],
  ["OK(a) OR INSUFFICIENT_DATA(b)", []],
  ["(ALARM(arn:aws:cloudwatch:us-east-1:123456789012:alarm:a) OR (ALARM(b))) AND TRUE", ["a", "b"]],
  [")) ALARM(a", []],
])("in %s the alarms whose ALARM can set it off are %j", (rule, names) => {
  expect(alarmsThatFire(rule)).toEqual(names);
});
