/**
 * Diagnoses and decides a stored case again, with other rules, model, prompt or policy. It cannot act or store
 * anything: {@link ReplayDependencies} excludes what could.
 */
import { diagnose } from "../diagnosis/diagnose.ts";
import { diagnoseBySigns } from "../diagnosis/diagnose-by-signs.ts";
import type { ModelClient } from "../diagnosis/ports.ts";
import type { Alert } from "../domain/alert.ts";
import type { Decision, Plan, RuleResult } from "../domain/decision.ts";
import type { Diagnosis, ModelFailure, ModelUsage } from "../domain/diagnosis.ts";
import type { CaseAction, CaseFile, CaseRound } from "../domain/incident/case-file.ts";
import type { Incident } from "../domain/incident/incident.ts";
import type { Mode, Policy } from "../domain/policy.ts";
import type { Target } from "../domain/target.ts";
import { decide } from "../remediation/decide.ts";
import { samePlan } from "../remediation/plan.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";
import { roundsOf } from "./case-file/rounds.ts";

/** The workflow's other dependencies: everything that reads AWS, acts, stores or notifies. */
type Hands = Exclude<keyof WorkflowDependencies, "diagnoser" | "model" | "policy" | "ceiling">;

/** The dependencies of a replay. Passing any other dependency of the workflow does not compile. */
export interface ReplayDependencies extends Readonly<Partial<Record<Hands, never>>> {
  /** `as-stored`: keeps the diagnosis and only decides again. */
  readonly diagnoser: "rules" | "model" | "as-stored";
  /** Creates a client for one case. */
  readonly model?: (() => ModelClient) | undefined;
  readonly policy: Policy;
  readonly ceiling: Mode;
}

/** The case to replay. */
export interface ReplayCase {
  readonly id: string;
  readonly target: Target;
  readonly alert: Alert;
  readonly rounds: readonly CaseRound[];
  readonly history: readonly CaseAction[];
  readonly model?: ModelUsage | undefined;
}

/** One verdict, with the fields that are compared. `none`: no decision was made. */
export interface ReplayVerdict {
  readonly cause: string;
  readonly stated: number;
  readonly earned: number;
  readonly action: string;
  readonly decision: Decision["kind"] | "none";
  readonly plan?: Plan | undefined;
  /** In mode observe, what would have been done. */
  readonly wouldHave?: "act" | "ask" | undefined;
}

/** A rule with another result; a side is undefined where the rule was not reached. */
export interface RuleDifference {
  readonly rule: string;
  readonly before?: RuleResult["outcome"] | undefined;
  readonly now?: RuleResult["outcome"] | undefined;
  /** The reason now, else the one before. */
  readonly reason: string;
}

export interface ReplayedRound {
  readonly same: boolean;
  readonly before: ReplayVerdict;
  readonly now: ReplayVerdict;
  readonly rules: readonly RuleDifference[];
}

export interface Replay {
  readonly id: string;
  readonly target: Target;
  readonly openedAt: string;
  /** `same` and `different` refer to the decision and its plan, not to texts or confidence. */
  readonly outcome: "same" | "different" | "failed";
  readonly rounds: readonly ReplayedRound[];
  readonly usage: { readonly before?: ModelUsage | undefined; readonly now?: ModelUsage | undefined };
  readonly failure?: ModelFailure | undefined;
}

/** Returns a stored incident as a case, or undefined without evidence. `history`: earlier actions of all services. */
export function replayCaseOf(incident: Incident, history: readonly CaseAction[]): ReplayCase | undefined {
  const { id, target, alert, model } = incident;
  const rounds = roundsOf(incident);
  return target === undefined || rounds.length === 0
    ? undefined
    : { id, target, alert, rounds, history, model };
}

/** Returns a case file as a case. */
export function replayCaseOfFile({
  incidentId,
  target,
  alert,
  rounds,
  history,
  model,
}: CaseFile): ReplayCase {
  return { id: incidentId, target, alert, rounds, history, model };
}

/** Replays a case. Never throws when a model fails: the outcome is then `failed`. */
export async function replay(given: ReplayCase, deps: ReplayDependencies): Promise<Replay> {
  const [first, further] = given.rounds;
  const { id, target, alert, model } = given;
  const common = { id, target, openedAt: alert.receivedAt };
  if (first === undefined) throw new Error(`The case ${id} has nothing to judge.`);
  const said = await diagnosed(first, given, deps);
  const { usage, failure } = said;
  if (failure !== undefined) {
    return { ...common, outcome: "failed", rounds: [], usage: { before: model, now: usage }, failure };
  }
  const rounds = [compare(first, said, given, deps)];
  // The second round followed from the first action, so it is only replayed if the first decision is the same.
  if (further !== undefined && rounds[0]?.same) {
    const again = deps.diagnoser === "as-stored" ? further.diagnosis : diagnoseBySigns(further.evidence);
    rounds.push(compare(further, { diagnosis: again }, given, deps));
  }
  const same = rounds.every((round) => round.same);
  return { ...common, outcome: same ? "same" : "different", rounds, usage: { before: model, now: usage } };
}

/** What is decided on again. `failure`: a model that was to be asked gave no opinion. */
interface Said {
  readonly diagnosis?: Diagnosis | undefined;
  readonly secondOpinion?: Diagnosis | undefined;
  readonly modelFailure?: Pick<ModelFailure, "code"> | undefined;
  readonly usage?: ModelUsage | undefined;
  readonly failure?: ModelFailure | undefined;
}

async function diagnosed(
  { evidence, diagnosis, secondOpinion, modelFailure }: CaseRound,
  { alert }: ReplayCase,
  { diagnoser, model }: ReplayDependencies,
): Promise<Said> {
  if (diagnoser === "as-stored") return { diagnosis, secondOpinion, modelFailure };
  const { modelFailure: failure, ...said } = await diagnose({ alert, evidence, diagnoser, model });
  return { ...said, failure };
}

function compare(round: CaseRound, said: Said, given: ReplayCase, deps: ReplayDependencies): ReplayedRound {
  const decision = said.diagnosis && decided(round, { ...said, diagnosis: said.diagnosis }, given, deps);
  const before = asMade(round);
  const now = verdictOf(said.diagnosis, decision);
  return { same: isSame(before, now), before, now, rules: rulesThatDiffer(round.decision, decision) };
}

/** Decides as of then: the guardrails use the time and the actions of that round. */
function decided(
  { evidence, decidedAt }: CaseRound,
  { diagnosis, secondOpinion, modelFailure }: Said & { diagnosis: Diagnosis },
  { id, target, history }: ReplayCase,
  { policy, ceiling }: ReplayDependencies,
): Decision {
  const until = history.filter((past) => Date.parse(past.at) <= Date.parse(decidedAt));
  return decide({
    diagnosis,
    secondOpinion,
    modelFailure,
    evidence,
    target,
    policy,
    ceiling,
    history: until,
    now: decidedAt,
    incidentId: id,
  });
}

function verdictOf(diagnosis: Diagnosis | undefined, decision: Decision | undefined): ReplayVerdict {
  return {
    cause: decision?.cause ?? diagnosis?.cause ?? "none",
    stated: decision?.confidence.stated ?? diagnosis?.confidence ?? 0,
    earned: decision?.confidence.earned ?? 0,
    action: decision?.action ?? "none",
    decision: decision?.kind ?? "none",
    ...(decision === undefined || decision.kind === "decline" ? {} : { plan: decision.plan }),
    ...(decision?.kind === "decline" && decision.wouldHave !== undefined
      ? { wouldHave: decision.wouldHave.kind, plan: decision.wouldHave.plan }
      : {}),
  };
}

/**
 * Returns the decision of the round: where a person was asked, the question counts and not what followed the answer.
 */
function asMade({ diagnosis, decision, asked }: CaseRound): ReplayVerdict {
  const last = verdictOf(diagnosis, decision);
  if (asked === undefined) return last;
  return { ...last, decision: "ask", plan: asked.plan ?? last.plan, wouldHave: undefined };
}

function isSame(before: ReplayVerdict, now: ReplayVerdict): boolean {
  const nothing = ({ decision, wouldHave }: ReplayVerdict) =>
    wouldHave === undefined && (decision === "none" || decision === "decline");
  if (nothing(before) && nothing(now)) return true;
  return (
    before.decision === now.decision &&
    before.wouldHave === now.wouldHave &&
    before.action === now.action &&
    // An older record does not have the plan that was asked for.
    (before.plan === undefined || samePlan(before.plan, now.plan))
  );
}

/** Rules that judge an approval's plan, which a replay does not have. */
const AFTER_APPROVAL = new Set(["approved-plan"]);

function rulesThatDiffer(before: Decision | undefined, now: Decision | undefined): RuleDifference[] {
  const [old, current] = [resultsOf(before), resultsOf(now)];
  return [...new Set([...old.keys(), ...current.keys()])].flatMap((rule) => {
    const [was, is] = [old.get(rule), current.get(rule)];
    if (was?.outcome === is?.outcome || AFTER_APPROVAL.has(rule)) return [];
    // A rule that passes where the other side did not reach it is no difference.
    if ((was ?? is)?.outcome === "pass" && (was === undefined || is === undefined)) return [];
    return [{ rule, before: was?.outcome, now: is?.outcome, reason: (is ?? was)?.reason ?? "" }];
  });
}

function resultsOf(decision: Decision | undefined): ReadonlyMap<string, RuleResult> {
  return new Map(decision?.trail.map((result) => [result.rule, result]));
}
