import { randomInt } from "node:crypto";

/** The error that a rule answers with. `status` defaults to what AWS answers with for this code. */
export interface RuleError {
  readonly code: string;
  readonly message?: string | undefined;
  readonly status?: number | undefined;
}

/**
 * How the wire should misbehave for one operation, for all that begin alike (`Describe*`) or for every one
 * (`*`). Without `times` the rule stays until it is cleared.
 */
export interface FaultRule {
  readonly operation: string;
  readonly service?: string | undefined;
  readonly times?: number | undefined;
  /** Share of the calls that are hit, over 0 up to 1; all of them by default. */
  readonly share?: number | undefined;
  readonly error?: RuleError | undefined;
  readonly delayMs?: number | undefined;
  /** A delay drawn anew for each call, from 0 to this, on top of `delayMs`. */
  readonly jitterMs?: number | undefined;
  /** `before`: the connection drops and nothing is done. `after`: the operation is done, the answer is lost. */
  readonly drop?: "before" | "after" | undefined;
}

/** The fault rules of one wire server. */
export interface FaultRules {
  add(rule: FaultRule): void;
  clear(): void;
  list(): readonly FaultRule[];
  /** The first rule that hits this call; counts the use and forgets a rule that is used up. */
  take(service: string, operation: string): FaultRule | undefined;
}

/** An empty set of fault rules. `random` draws from 0 up to 1. */
export function createFaultRules(random: () => number = Math.random): FaultRules {
  let rules: { rule: FaultRule; left: number }[] = [];
  return {
    add(rule) {
      rules.push({ rule, left: rule.times ?? Number.POSITIVE_INFINITY });
    },
    clear() {
      rules = [];
    },
    list: () => rules.map(({ rule }) => rule),
    take(service, operation) {
      const found = rules.find(
        ({ rule }) =>
          matchesOperation(rule.operation, operation) &&
          (rule.service === undefined || rule.service === service) &&
          (rule.share === undefined || random() < rule.share),
      );
      if (!found) return undefined;
      found.left -= 1;
      if (found.left <= 0) rules = rules.filter((other) => other !== found);
      return found.rule;
    },
  };
}

/** Whether a pattern (a name, or its beginning and `*`) means this operation. */
export function matchesOperation(pattern: string, operation: string): boolean {
  return pattern.endsWith("*") ? operation.startsWith(pattern.slice(0, -1)) : pattern === operation;
}

/** How long a rule holds this call up, in milliseconds. */
export function delayOf({ delayMs = 0, jitterMs = 0 }: FaultRule): number {
  return delayMs + (jitterMs > 0 ? randomInt(Math.ceil(jitterMs) + 1) : 0);
}
