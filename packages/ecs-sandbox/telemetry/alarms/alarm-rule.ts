import type { AlarmState } from "./alarm.ts";

/** The rule of a composite alarm. `alarm` is a name or an ARN, as written. */
export type AlarmRuleTree =
  | { readonly kind: "constant"; readonly value: boolean }
  | { readonly kind: "in-state"; readonly state: AlarmState; readonly alarm: string }
  | { readonly kind: "not"; readonly operand: AlarmRuleTree }
  | { readonly kind: "and" | "or"; readonly left: AlarmRuleTree; readonly right: AlarmRuleTree };

/** A rule that cannot be read. */
export class AlarmRuleError extends Error {
  override readonly name = "AlarmRuleError";
}

const STATE_TEST = /\s*(ALARM|OK|INSUFFICIENT_DATA)\s*\(\s*(?:"((?:[^"\\]|\\.)*)"|([^\s()"]+))\s*\)/iy;
const WORD = /\s*(AND|OR|NOT|TRUE|FALSE|\(|\))(?![\w-])|\s*([()])/iy;

/**
 * Reads `ALARM(a) AND NOT (OK("b c") OR INSUFFICIENT_DATA(arn))`; NOT binds before AND, AND before OR. Throws
 * {@link AlarmRuleError}. `AT_LEAST` is not part of the sandbox.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function parseAlarmRule(text: string): AlarmRuleTree {
  if (text !== text.trim()) {
    throw new AlarmRuleError("AlarmRule must not contain leading or trailing whitespace or be null");
  }
  let position = 0;

  function take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = position;
    const match = pattern.exec(text) ?? undefined;
    if (match !== undefined) position = pattern.lastIndex;
    return match;
  }

  function takeWord(...words: readonly string[]): string | undefined {
    const before = position;
    const match = take(WORD);
    const word = (match?.[1] ?? match?.[2])?.toUpperCase();
    if (word !== undefined && words.includes(word)) return word;
    position = before;
    return undefined;
  }

  function parsePrimary(): AlarmRuleTree {
    const test = take(STATE_TEST);
    if (test !== undefined) {
      const [, state = "", quoted, plain = ""] = test;
      const alarm = quoted?.replaceAll(/\\(.)/g, "$1") ?? plain;
      return { kind: "in-state", state: state.toUpperCase() as AlarmState, alarm };
    }
    switch (takeWord("NOT", "TRUE", "FALSE", "(")) {
      case "NOT":
        return { kind: "not", operand: parsePrimary() };
      case "TRUE":
        return { kind: "constant", value: true };
      case "FALSE":
        return { kind: "constant", value: false };
      case "(": {
        const inner = parseOr();
        if (takeWord(")") === undefined) throw unexpected();
        return inner;
      }
      default:
        throw unexpected();
    }
  }

  function parseAnd(): AlarmRuleTree {
    let left = parsePrimary();
    while (takeWord("AND") !== undefined) left = { kind: "and", left, right: parsePrimary() };
    return left;
  }

  function parseOr(): AlarmRuleTree {
    let left = parseAnd();
    while (takeWord("OR") !== undefined) left = { kind: "or", left, right: parseAnd() };
    return left;
  }

  function unexpected(): AlarmRuleError {
    return new AlarmRuleError(
      `AlarmRule is not valid at position ${position}: ${text.slice(position, position + 40)}`,
    );
  }

  const tree = parseOr();
  if (position < text.length) throw unexpected();
  return tree;
}

/** Whether the rule is true; `stateOf` answers the state of a named alarm. */
export function isRuleTrue(tree: AlarmRuleTree, stateOf: (alarm: string) => AlarmState | undefined): boolean {
  switch (tree.kind) {
    case "constant":
      return tree.value;
    case "in-state":
      return stateOf(tree.alarm) === tree.state;
    case "not":
      return !isRuleTrue(tree.operand, stateOf);
    case "and":
      return isRuleTrue(tree.left, stateOf) && isRuleTrue(tree.right, stateOf);
    case "or":
      return isRuleTrue(tree.left, stateOf) || isRuleTrue(tree.right, stateOf);
  }
}

/** The alarms that a rule names, each once, as written. */
export function alarmsOf(tree: AlarmRuleTree): string[] {
  switch (tree.kind) {
    case "constant":
      return [];
    case "in-state":
      return [tree.alarm];
    case "not":
      return alarmsOf(tree.operand);
    default:
      return [...new Set([...alarmsOf(tree.left), ...alarmsOf(tree.right)])];
  }
}
