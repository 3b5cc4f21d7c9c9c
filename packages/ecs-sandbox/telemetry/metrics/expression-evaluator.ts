import type { TimeWindow } from "./aggregate.ts";
import { callFunction, fill, isKnownFunction } from "./expression-functions.ts";
import type { Expression } from "./expression-parser.ts";
import { ExpressionError } from "./expression-tokens.ts";
import { combine, type MathValue, mapValue, type SeriesValue, scalar } from "./expression-value.ts";

/** What an expression is computed in: the values of other queries and the time window. */
export interface EvaluationContext {
  readonly window: TimeWindow;
  resolve(id: string): MathValue;
  /** The series of every metric query, for `METRICS()`. */
  metrics(): SeriesValue[];
}

const OPERATORS: Readonly<Record<string, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "^": (left, right) => left ** right,
  "<": (left, right) => Number(left < right),
  ">": (left, right) => Number(left > right),
  "<=": (left, right) => Number(left <= right),
  ">=": (left, right) => Number(left >= right),
  "==": (left, right) => Number(left === right),
  "&&": (left, right) => Number(left !== 0 && right !== 0),
  "||": (left, right) => Number(left !== 0 || right !== 0),
  "!=": (left, right) => Number(left !== right),
};

/** Computes an expression; throws `ExpressionError` where it makes no sense. */
export function evaluateExpression(tree: Expression, context: EvaluationContext): MathValue {
  switch (tree.kind) {
    case "number":
      return scalar(tree.value);
    case "reference":
      return context.resolve(tree.id);
    case "list":
      return {
        kind: "list",
        items: tree.items.flatMap((item) => seriesOf(evaluateExpression(item, context))),
      };
    case "negate":
      return mapValue(evaluateExpression(tree.operand, context), (value) => -value);
    case "binary": {
      const apply = OPERATORS[tree.operator];
      if (apply === undefined) throw new ExpressionError(`the operator ${tree.operator} is not supported`);
      return combine(evaluateExpression(tree.left, context), evaluateExpression(tree.right, context), apply);
    }
    case "call":
      return evaluateCall(tree, context);
  }
}

function evaluateCall(call: Extract<Expression, { kind: "call" }>, context: EvaluationContext): MathValue {
  if (!isKnownFunction(call.name)) throw new ExpressionError(`the function ${call.name} is not supported`);
  const [first, second] = call.arguments;
  if (call.name === "METRICS") return { kind: "list", items: context.metrics() };
  if (call.name !== "FILL") {
    return callFunction(
      call.name,
      call.arguments.map((argument) => evaluateExpression(argument, context)),
    );
  }
  if (first === undefined || second === undefined)
    throw new ExpressionError("FILL takes a series and a filler");
  const filler = fillerOf(second, context);
  const filled = seriesOf(evaluateExpression(first, context)).map((series) =>
    fill(series, filler, context.window),
  );
  const [only] = filled;
  return filled.length === 1 && only !== undefined ? only : { kind: "list", items: filled };
}

function fillerOf(tree: Expression, context: EvaluationContext): number | "REPEAT" | "LINEAR" {
  if (tree.kind === "reference" && (tree.id === "REPEAT" || tree.id === "LINEAR")) return tree.id;
  const value = evaluateExpression(tree, context);
  if (value.kind !== "scalar") throw new ExpressionError("FILL fills with a number, REPEAT or LINEAR");
  return value.value;
}

function seriesOf(value: MathValue): readonly SeriesValue[] {
  if (value.kind === "scalar") throw new ExpressionError("expected a time series, found a number");
  return value.kind === "list" ? value.items : [value];
}
