/** Explains what a policy allows on one service at one time, and which rule decides. Pure. */
import type { ActionRecord } from "../domain/action-record.ts";
import type { Pause } from "../domain/brake.ts";
import { CAUSES, type Cause } from "../domain/cause.ts";
import type { Plan, RuleResult } from "../domain/decision.ts";
import { type FrozenTime, nextFreeze } from "../domain/freeze.ts";
import type { Mode, Policy } from "../domain/policy.ts";
import type { Target } from "../domain/target.ts";
import { type GuardrailContext, judgeAll } from "../remediation/guardrail.ts";
import { modeInForce, modeSetting, modeWanted } from "../remediation/guardrails/mode.ts";
import { PERMISSION_GUARDRAILS } from "../remediation/guardrails/permission-guardrails.ts";
import { type Remedy, remedyFor } from "../remediation/remedies.ts";
import { ACTIONS, type Acting } from "./modes-wanted.ts";
import { approvalsText, limitsText } from "./policy-text.ts";

/** `none`: there is no store yet, so past actions are unknown. `unreadable`: nothing would be done. */
export type HistoryState =
  | { readonly state: "known"; readonly actions: readonly ActionRecord[] }
  | { readonly state: "none" }
  | { readonly state: "unreadable"; readonly why: string };

export interface ExplainInput {
  readonly policy: Policy;
  /** OPSAGENT_MODE. */
  readonly ceiling: Mode;
  readonly target: Target;
  /** ISO 8601. */
  readonly at: string;
  readonly history: HistoryState;
  /** The brake; empty where there is no store yet. */
  readonly pauses?: readonly Pause[] | undefined;
  /** Why the policy of now cannot be used. */
  readonly policyProblem?: string | undefined;
  /** Only this cause; all of them if absent. */
  readonly cause?: Cause | undefined;
}

/** The result of an action for a cause, if evidence and the service's state allow it. */
export type Verdict = "acts" | "asks" | "refuses";

export interface CauseExplanation {
  readonly cause: Cause;
  readonly action: Acting;
  readonly verdict: Verdict;
  /** The rule that decides; absent where every rule passes. */
  readonly rule?: string;
  readonly reason: string;
  /** Conditions on the evidence, such as `only if the desired count is 0`; otherwise the action is refused or asked. */
  readonly condition?: string;
}

export interface ActionExplanation {
  readonly action: Acting;
  readonly mode: Mode;
  /** The setting that decides the mode, such as `services.shop.modes.restart`. */
  readonly setBy: string;
  /** The rules whose result for this action differs from the other actions. */
  readonly rules: readonly RuleResult[];
}

export interface PolicyExplanation {
  readonly target: Target;
  readonly at: string;
  /** The rules with the same result for every action. */
  readonly rules: readonly RuleResult[];
  readonly nextFreeze?: FrozenTime;
  readonly actions: readonly ActionExplanation[];
  readonly limits: readonly string[];
  readonly approvals: string;
  /** Past actions, as a sentence. */
  readonly history: string;
  readonly causes: readonly CauseExplanation[];
}

/**
 * Explains a policy with the same rules that `decide` uses for permission. What depends on an incident's evidence
 * becomes a condition. Never throws.
 */
export function explainPolicy(input: ExplainInput): PolicyExplanation {
  const { policy, target, at, history } = input;
  const results = new Map(ACTIONS.map((action) => [action, permissionFor(action, input)]));
  const same = commonTo([...results.values()]);
  const coming = nextFreeze(policy.freezes, target.service, Date.parse(at));
  const causes = input.cause === undefined ? (Object.keys(CAUSES) as Cause[]) : [input.cause];
  return {
    target,
    at,
    rules: same,
    ...(coming === undefined ? {} : { nextFreeze: coming }),
    actions: ACTIONS.map((action) => ({
      action,
      mode: modeInForce(policy, input.ceiling, target.service, action),
      setBy: settingOf(action, input),
      rules: (results.get(action) ?? []).filter((result) => !isAmong(result, same)),
    })),
    limits: limitsText(policy),
    approvals: approvalsText(policy),
    history: historyText(history, target),
    causes: causes.flatMap((cause) =>
      ACTIONS.map((action) => explainCause(cause, action, results.get(action) ?? [])),
    ),
  };
}

/** Rules that need past actions, which may be unknown. */
const NEED_HISTORY: ReadonlySet<string> = new Set([
  "cooldown",
  "action-budget",
  "no-repeat-of-unverified-action",
  "one-further-action",
  "blast-radius",
]);

function permissionFor(
  action: Acting,
  { policy, policyProblem, pauses = [], ceiling, target, at, history }: ExplainInput,
): RuleResult[] {
  const context: GuardrailContext = {
    target,
    cause: "unknown",
    plan: SOME_PLAN[action],
    evidence: { observedAt: at, onset: at, facts: [], gaps: [], lastLines: [] },
    policy,
    policyProblem,
    pauses,
    ceiling,
    history: history.state === "known" ? history.actions : [],
    now: at,
  };
  const results = judgeAll(PERMISSION_GUARDRAILS, context);
  if (history.state === "known") return results;
  const others = results.filter(({ rule }) => !NEED_HISTORY.has(rule));
  if (history.state === "none") return others;
  const reason = `The record of past actions could not be read, so nothing is done: ${history.why}`;
  return [{ rule: "history", outcome: "refuse", reason }, ...others];
}

/** Permission depends on the kind of a plan only. */
const SOME_PLAN: Readonly<Record<Acting, Plan>> = {
  restart: { action: "restart", tasks: [{ taskArn: "-", taskId: "-", why: "-" }] },
  scale: { action: "scale", from: 1, to: 2 },
  rollback: { action: "rollback", from: "-:2", to: "-:1", how: "update-service" },
};

function explainCause(cause: Cause, action: Acting, permission: readonly RuleResult[]): CauseExplanation {
  const remedy = remedyFor(cause, action);
  const trail = [matrixResult(cause, action, remedy), ...permission];
  const decisive =
    trail.find(({ outcome }) => outcome === "refuse") ?? trail.find(({ outcome }) => outcome === "ask");
  const verdict = decisive === undefined ? "acts" : decisive.outcome === "refuse" ? "refuses" : "asks";
  const condition = remedy === undefined ? undefined : conditionText(remedy);
  return {
    cause,
    action,
    verdict,
    ...(decisive === undefined ? {} : { rule: decisive.rule }),
    reason: decisive?.reason ?? `Every rule allows ${action} for ${cause}.`,
    ...(condition === undefined ? {} : { condition }),
  };
}

/** Returns the conditions of a remedy, as a sentence without its full stop; undefined where it has none. */
function conditionText({ only, unless }: Remedy): string | undefined {
  const listed = (conditions: Remedy["only"], lead: string, joint: string) =>
    conditions.length === 0 ? [] : [`${lead} ${conditions.map(({ asks }) => asks).join(joint)}`];
  const parts = [...listed(only, "only if", "; and "), ...listed(unless, "not if", "; or ")];
  return parts.length === 0 ? undefined : parts.join("; ");
}

function matrixResult(cause: Cause, action: Acting, remedy: Remedy | undefined): RuleResult {
  const rule = "cause-action-matrix";
  if (remedy === undefined) return { rule, outcome: "refuse", reason: `${action} does not cure ${cause}.` };
  return remedy.at === "ask"
    ? { rule, outcome: "ask", reason: `${action} for ${cause} is for a person to decide, whatever the mode.` }
    : { rule, outcome: "pass", reason: `${action} can cure ${cause}.` };
}

function settingOf(action: Acting, { policy, ceiling, target }: ExplainInput): string {
  const wanted = modeWanted(policy, target.service, action);
  const setting = modeSetting(policy, target.service, action);
  return modeInForce(policy, ceiling, target.service, action) === wanted
    ? setting
    : `OPSAGENT_MODE=${ceiling}, below ${setting}: ${wanted}`;
}

function commonTo(lists: readonly (readonly RuleResult[])[]): RuleResult[] {
  const [first = [], ...others] = lists;
  return first.filter((result) => others.every((list) => isAmong(result, list)));
}

function isAmong(result: RuleResult, list: readonly RuleResult[]): boolean {
  return list.some(
    ({ rule, outcome, reason }) =>
      rule === result.rule && outcome === result.outcome && reason === result.reason,
  );
}

function historyText(history: HistoryState, { cluster, service }: Target): string {
  if (history.state === "none")
    return "There is no store yet, so what was done lately is not known; a store that cannot be read refuses.";
  if (history.state === "unreadable") return `The store cannot be read, which refuses: ${history.why}`;
  const [last] = history.actions
    .filter((past) => past.service === service && past.cluster === cluster)
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at));
  if (last === undefined) return "No action on this service is on record.";
  const came =
    last.verified === undefined ? "not yet verified" : last.verified ? "it helped" : "it did not help";
  return `The last action was ${last.action} for ${last.cause} at ${last.at} (${last.incidentId}): ${came}.`;
}
