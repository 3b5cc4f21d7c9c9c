/** The error that a rule answers with. `status` defaults to 400. */
export interface RuleError {
  readonly code: string;
  readonly message?: string | undefined;
  readonly status?: number | undefined;
}

/** How the wire should misbehave for one operation. Without `times` the rule stays until it is cleared. */
export interface FaultRule {
  readonly operation: string;
  readonly service?: string | undefined;
  readonly times?: number | undefined;
  readonly error?: RuleError | undefined;
  readonly delayMs?: number | undefined;
  /** `before`: the connection drops and nothing is done. `after`: the operation is done, the answer is lost. */
  readonly drop?: "before" | "after" | undefined;
}

/** The fault rules of one wire server. */
export interface FaultRules {
  add(rule: FaultRule): void;
  clear(): void;
  list(): readonly FaultRule[];
  /** The first rule for this call; counts the use and forgets a rule that is used up. */
  take(service: string, operation: string): FaultRule | undefined;
}

/** An empty set of fault rules. `*` as operation stands for every operation. */
export function createFaultRules(): FaultRules {
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
          (rule.operation === operation || rule.operation === "*") &&
          (rule.service === undefined || rule.service === service),
      );
      if (!found) return undefined;
      found.left -= 1;
      if (found.left <= 0) rules = rules.filter((other) => other !== found);
      return found.rule;
    },
  };
}
