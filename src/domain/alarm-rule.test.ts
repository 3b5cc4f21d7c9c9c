import { expect, it } from "vitest";
import { alarmsInRule } from "./alarm-rule.ts";

it("the parts of a composite alarm are read from names, quoted names and ARNs", () => {
  const rule =
    'ALARM(bare) OR (OK( "with (parens)" ) AND NOT INSUFFICIENT_DATA("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:by arn"))';

  expect(alarmsInRule(rule)).toEqual(["bare", "with (parens)", "by arn"]);
});
