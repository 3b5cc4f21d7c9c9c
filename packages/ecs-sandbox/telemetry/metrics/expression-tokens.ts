/** One token of a metric-math expression. */
export type Token =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "name"; readonly value: string }
  | { readonly kind: "symbol"; readonly value: string }
  | { readonly kind: "end" };

/** A metric-math expression that cannot be read or computed. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
}

const TOKEN =
  /\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|([A-Za-z_]\w*)|(<=|>=|==|!=|&&|\|\||[-+*/^()[\],<>]))/y;

/** Splits an expression into tokens, ending with `end`; throws {@link ExpressionError} at a stray character. */
export function tokenize(expression: string): Token[] {
  const tokens: Token[] = [];
  const text = expression.trimEnd();
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null)
      throw new ExpressionError(`unexpected character at position ${at} of '${expression}'`);
    const [, number, name, symbol = ""] = match;
    if (number !== undefined) tokens.push({ kind: "number", value: Number(number) });
    else if (name !== undefined) tokens.push(wordOf(name));
    else tokens.push({ kind: "symbol", value: symbol });
  }
  return [...tokens, { kind: "end" }];
}

/** Ids begin in lower case, so that these two words can only be operators. */
function wordOf(name: string): Token {
  if (name === "AND") return { kind: "symbol", value: "&&" };
  if (name === "OR") return { kind: "symbol", value: "||" };
  return { kind: "name", value: name };
}
