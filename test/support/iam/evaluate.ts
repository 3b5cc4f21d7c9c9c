/**
 * A small evaluator of identity-based IAM policies, for what the policies of this project use: Allow and Deny,
 * Action and Resource with wildcards, and a few condition operators. Whatever else it meets it refuses to judge.
 * The rules: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */

type OneOrMany = string | readonly string[];

export interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: OneOrMany;
  readonly Resource: OneOrMany;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, OneOrMany>>>>;
}

export interface IamRequest {
  /** `service:Operation`. */
  readonly action: string;
  /** An ARN, or `*` where the call is about nothing in particular. */
  readonly resource: string;
  /** Condition keys, in their usual spelling. */
  readonly context?: Readonly<Record<string, string>>;
}

const KNOWN_KEYS = new Set(["Sid", "Effect", "Action", "Resource", "Condition"]);

/** The statement that decides, or undefined where none allows: a Deny that matches, else the first Allow. */
export function decidingStatement(
  statements: readonly Statement[],
  request: IamRequest,
): Statement | undefined {
  const matching = statements.filter((statement) => appliesTo(statement, request));
  return matching.find(({ Effect }) => Effect === "Deny") ?? matching[0];
}

/** Whether an identity with these statements may make the request. */
export function isAllowed(statements: readonly Statement[], request: IamRequest): boolean {
  return decidingStatement(statements, request)?.Effect === "Allow";
}

function appliesTo(statement: Statement, { action, resource, context = {} }: IamRequest): boolean {
  const unknown = Object.keys(statement).filter((key) => !KNOWN_KEYS.has(key));
  if (unknown.length > 0) throw new Error(`This evaluator does not know ${unknown.join(", ")}.`);
  return (
    many(statement.Action).some((pattern) => like(pattern.toLowerCase(), action.toLowerCase())) &&
    // A call about nothing in particular is only allowed by `*` itself.
    many(statement.Resource).some((pattern) =>
      resource === "*" ? pattern === "*" : like(pattern, resource),
    ) &&
    Object.entries(statement.Condition ?? {}).every(([operator, keys]) =>
      Object.entries(keys).every(([key, values]) => holds(operator, context[key], many(values))),
    )
  );
}

/** A key that the request has not makes every operator false that is not negated. */
function holds(operator: string, given: string | undefined, values: readonly string[]): boolean {
  switch (operator) {
    case "StringEquals":
      return given !== undefined && values.includes(given);
    case "StringLike":
    case "ArnEquals":
    case "ArnLike":
      return given !== undefined && values.some((value) => like(value, given));
    case "Bool":
      return given !== undefined && values.includes(given);
    default:
      throw new Error(`This evaluator does not know the condition operator ${operator}.`);
  }
}

function like(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "s").test(text);
}

function many(value: OneOrMany): readonly string[] {
  return typeof value === "string" ? [value] : value;
}
