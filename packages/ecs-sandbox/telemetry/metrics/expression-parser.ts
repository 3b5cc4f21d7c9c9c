import { ExpressionError, type Token, tokenize } from "./expression-tokens.ts";

/** The tree of a metric-math expression. */
export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "reference"; readonly id: string }
  | { readonly kind: "list"; readonly items: readonly Expression[] }
  | { readonly kind: "negate"; readonly operand: Expression }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "call"; readonly name: string; readonly arguments: readonly Expression[] };

const PRECEDENCE: Readonly<Record<string, number>> = {
  "||": 1,
  "&&": 2,
  "<": 3,
  ">": 3,
  "<=": 3,
  ">=": 3,
  "==": 3,
  "!=": 3,
  "+": 4,
  "-": 4,
  "*": 5,
  "/": 5,
  "^": 6,
};

/** Parses a metric-math expression; throws `ExpressionError`. */
export function parseExpression(text: string): Expression {
  const tokens = tokenize(text);
  let position = 0;

  const peek = (): Token => tokens[position] ?? { kind: "end" };

  function take(): Token {
    const token = peek();
    position += 1;
    return token;
  }

  function isSymbol(symbol: string): boolean {
    const token = peek();
    return token.kind === "symbol" && token.value === symbol;
  }

  function expect(symbol: string): void {
    if (!isSymbol(symbol)) throw new ExpressionError(`expected '${symbol}' in '${text}'`);
    take();
  }

  function parseItems(closing: string): Expression[] {
    const items: Expression[] = [];
    while (!isSymbol(closing)) {
      items.push(parseBinary(1));
      if (!isSymbol(closing)) expect(",");
    }
    expect(closing);
    return items;
  }

  function parsePrimary(): Expression {
    const token = take();
    if (token.kind === "number") return token;
    if (token.kind === "name") {
      if (!isSymbol("(")) return { kind: "reference", id: token.value };
      take();
      return { kind: "call", name: token.value.toUpperCase(), arguments: parseItems(")") };
    }
    if (token.kind === "symbol" && token.value === "-")
      return { kind: "negate", operand: parseBinary(PRECEDENCE["*"] ?? 0) };
    if (token.kind === "symbol" && token.value === "[") return { kind: "list", items: parseItems("]") };
    if (token.kind === "symbol" && token.value === "(") {
      const inner = parseBinary(1);
      expect(")");
      return inner;
    }
    throw new ExpressionError(`unexpected ${token.kind === "end" ? "end" : `'${token.value}'`} in '${text}'`);
  }

  function parseBinary(minimum: number): Expression {
    let left = parsePrimary();
    for (;;) {
      const token = peek();
      const precedence = token.kind === "symbol" ? PRECEDENCE[token.value] : undefined;
      if (token.kind !== "symbol" || precedence === undefined || precedence < minimum) return left;
      take();
      left = { kind: "binary", operator: token.value, left, right: parseBinary(precedence + 1) };
    }
  }

  const tree = parseBinary(1);
  if (peek().kind !== "end") throw new ExpressionError(`unexpected text after the end of '${text}'`);
  return tree;
}

/** The ids of other queries that an expression uses. */
export function referencesOf(tree: Expression): string[] {
  switch (tree.kind) {
    case "number":
      return [];
    case "reference":
      return [tree.id];
    case "list":
      return tree.items.flatMap(referencesOf);
    case "negate":
      return referencesOf(tree.operand);
    case "binary":
      return [...referencesOf(tree.left), ...referencesOf(tree.right)];
    case "call":
      return tree.arguments.flatMap(referencesOf);
  }
}
