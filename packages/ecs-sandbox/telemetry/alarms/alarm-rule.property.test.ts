import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AlarmState } from "./alarm.ts";
import { type AlarmRuleTree, alarmsOf, isRuleTrue, parseAlarmRule } from "./alarm-rule.ts";

const states: Readonly<Record<string, AlarmState>> = {
  a: "ALARM",
  "b c": "OK",
  "ALARM(d)": "INSUFFICIENT_DATA",
  'q"uote': "ALARM",
};

const tree = fc.letrec<{ tree: AlarmRuleTree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.record({ kind: fc.constant("constant" as const), value: fc.boolean() }),
    fc.record({
      kind: fc.constant("in-state" as const),
      state: fc.constantFrom<AlarmState>("ALARM", "OK", "INSUFFICIENT_DATA"),
      alarm: fc.constantFrom(...Object.keys(states)),
    }),
    fc.record({ kind: fc.constant("not" as const), operand: tie("tree") }),
    fc.record({
      kind: fc.constantFrom("and" as const, "or" as const),
      left: tie("tree"),
      right: tie("tree"),
    }),
  ),
})).tree;

function write(rule: AlarmRuleTree): string {
  switch (rule.kind) {
    case "constant":
      return rule.value ? "TRUE" : "false";
    case "in-state":
      return `${rule.state}("${rule.alarm.replaceAll('"', '\\"')}")`;
    case "not":
      return `NOT (${write(rule.operand)})`;
    default:
      return `(${write(rule.left)}) ${rule.kind.toUpperCase()} (${write(rule.right)})`;
  }
}

test("a rule that is written out is read again as it was", () => {
  fc.assert(
    fc.property(tree, (rule) => {
      expect(parseAlarmRule(write(rule))).toEqual(rule);
    }),
  );
});

describe.each([
  ["TRUE OR FALSE AND FALSE", true],
  ["NOT TRUE OR TRUE", true],
  ["NOT (TRUE OR TRUE)", false],
  ["ALARM(a) AND NOT ALARM(b)", true],
  ["ALARM(a)AND NOT(ALARM(b))", true],
  ["OK(b) AND INSUFFICIENT_DATA(c)", true],
  ["ALARM(arn:aws:cloudwatch:us-east-1:000000000000:alarm:a)", true],
  ["ALARM(gone) OR OK(gone) OR INSUFFICIENT_DATA(gone)", false],
])("%s", (text, expected) => {
  test(`is ${expected}`, () => {
    const known: Record<string, AlarmState> = { a: "ALARM", b: "OK", c: "INSUFFICIENT_DATA" };

    expect(isRuleTrue(parseAlarmRule(text), (alarm) => known[alarm.split(":").at(-1) ?? ""])).toBe(expected);
  });
});

test("names each alarm once", () => {
  expect(alarmsOf(parseAlarmRule('ALARM(a) AND NOT (OK("b c") OR ALARM(a))'))).toEqual(["a", "b c"]);
});

test.each([
  "",
  " ALARM(a)",
  "ALARM(a) ",
  "ALARM()",
  "ALARM(a",
  "ALARM(a) ALARM(b)",
  "a AND b",
  "NOT",
  "(TRUE",
])("refuses %j", (text) => {
  expect(() => parseAlarmRule(text)).toThrow();
});
