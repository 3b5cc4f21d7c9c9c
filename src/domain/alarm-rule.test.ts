import { describe, expect, it } from "vitest";
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

describe("rules that count, and children elsewhere", () => {
  const own = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:shop";

  it("name what AT_LEAST counts", () => {
    expect(
      alarmsInRule('AT_LEAST(2, ALARM, ("web-cpu", web-5xx, web-late)) AND NOT ALARM(deploying)'),
    ).toEqual(["web-cpu", "web-5xx", "web-late", "deploying"]);
    expect(alarmsThatFire("AT_LEAST(50%, ALARM, (a, b)) AND NOT ALARM(c)")).toEqual(["a", "b"]);
  });

  it.each([
    "arn:aws:cloudwatch:us-east-1:999988887777:alarm:web-cpu",
    "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:web-cpu",
  ])("keep the ARN of an alarm that is not of the rule's account and region: %s", (arn) => {
    expect(alarmsThatFire(`ALARM(${arn}) OR ALARM(web-5xx)`, own)).toEqual([arn, "web-5xx"]);
    expect(alarmsInRule(`ALARM("${own.replace("shop", "web-cpu")}")`, own)).toEqual(["web-cpu"]);
  });
});
