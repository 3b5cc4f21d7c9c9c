/** One attempt to remediate: decide, ask, act, verify, undo. */
import { extendIncidentLock } from "../alert-grouping/incident-lock.ts";
import { type AskDecision, ask, closeQuestion, voidApproval } from "../approval/ask.ts";
import type { Decision } from "../domain/decision.ts";
import type { Diagnosis } from "../domain/diagnosis.ts";
import { alarmMetricOf, type Evidence, factsOf } from "../domain/evidence.ts";
import { wasMade } from "../domain/incident/action-fold.ts";
import type { ActionResult, AskedApproval, Attempt, Verification } from "../domain/incident/incident.ts";
import type { Policy } from "../domain/policy.ts";
import { restrainedNames } from "../domain/policy-names.ts";
import { readTimeout } from "../evidence/read-timeout.ts";
import type { Lanes } from "../notification/lanes.ts";
import { readActionHistory } from "../remediation/action-history.ts";
import { act } from "../remediation/actions/act.ts";
import { undo } from "../remediation/actions/undo.ts";
import { decide } from "../remediation/decide.ts";
import { groundsOf } from "../remediation/grounds.ts";
import { settleSeconds } from "../remediation/settle-time.ts";
import { verify } from "../verification/verify.ts";
import type { WorkflowDependencies } from "./dependencies.ts";
import type { DurableSteps } from "./durable-steps.ts";
import { noteFailure } from "./failures.ts";
import { type Investigated, type InvestigationInput, read } from "./investigation.ts";
import { remediationLeaseSeconds } from "./lease-durations.ts";
import { recoveryBasis } from "./recovery-basis.ts";
import { StageFailure } from "./stage-failure.ts";
import { stepName } from "./step-names.ts";

export interface RemediationInput extends InvestigationInput {
  readonly investigated: Investigated;
  readonly lanes: Lanes;
  /** Names of alarms that have to be OK in the end beside the alert's and those that joined. */
  readonly alsoOk?: readonly string[];
  readonly attempt: Attempt;
  /** What the record rests on from the decision on, where this decision replaces an earlier one. Pure. */
  readonly basisOf?: (decision: Decision) => DecisionBasis | undefined;
}

export interface DecisionBasis {
  readonly evidence: Evidence;
  readonly diagnosis: Diagnosis;
  readonly secondOpinion?: Diagnosis;
}

/** One attempt. Returns what verification said, or undefined when nothing was changed. */
export async function remediate(
  input: RemediationInput,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<Verification | undefined> {
  const { attempt, investigated, deadline } = input;
  const { decision: first, answerable } = await decideOn(input, investigated.evidence, undefined, run, deps);
  // Neither is one asked whom nobody let answer.
  if (first.kind === "ask" && !answerable) return undefined;
  const allowed = first.kind === "ask" ? await askFirst(first, input, run, deps) : { decision: first };
  if (allowed?.decision.kind !== "act") return undefined;
  const { decision, evidence = investigated.evidence, approved = false } = allowed;

  const { id } = run.incident;
  const settle = settleSeconds(decision.plan, evidence);
  const held = { seconds: remediationLeaseSeconds(deps.policy) + settle, deadline };
  await extendIncidentLock(stepName("extend-lock", attempt), id, held, run, deps);
  const result = await act({ incidentId: id, decision, evidence, attempt, approved, deadline }, run, deps);
  const last = result.steps.at(-1);
  // What was not made can neither be proven nor have failed to help.
  if (!wasMade(result.steps) || last === undefined) return undefined;

  const verification = await prove(input, evidence, { since: last.endedAt, settle }, run, deps);
  const proven: ActionResult = { ...result, verification };
  await remember(input, proven, run, deps);
  const { cause } = decision;
  await undo({ incidentId: id, cause, approved, action: proven, verification, attempt }, run, deps);
  return verification;
}

interface Decided {
  readonly decision: Decision;
  /** The policy of now lets somebody answer a question. */
  readonly answerable: boolean;
}

async function decideOn(
  input: RemediationInput,
  evidence: Evidence,
  asked: { readonly hash: string; readonly plan: AskDecision["plan"] } | undefined,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<Decided> {
  const { target, investigated, attempt, basisOf } = input;
  const { diagnosis, secondOpinion, modelFailure } = investigated;
  const incidentId = run.incident.id;
  const decided = await run.step(
    stepName(asked === undefined ? "decide" : "decide-approved", attempt),
    async (): Promise<Decided> => {
      const { times, history } = await readActionHistory(evidence.observedAt, deps);
      const { policy, problem: policyProblem } = await deps.policySource.current();
      const pauses = await deps.store.pauses(times[0]);
      const absentNames = await absentNamesOf(policy, target.cluster, deps);
      const { ceiling } = deps;
      const given = {
        diagnosis,
        secondOpinion,
        modelFailure,
        evidence,
        diagnosedOn: investigated.evidence,
        target,
        policy,
        policyProblem,
        pauses,
        absentNames,
        ceiling,
        history,
        incidentId,
        ...(asked === undefined ? {} : { approvedPlanHash: asked.hash, approvedPlan: asked.plan }),
      };
      const [first, ...others] = times;
      const at = (now: string) => decide({ ...given, now });
      const decision = others.map(at).reduce(stricter, at(first));
      return { decision, answerable: someoneMayAnswer(policy) };
    },
    ({ decision }) => {
      const basis = asked === undefined ? basisOf?.(decision) : undefined;
      const again = asked === undefined ? {} : { afterApproval: true };
      return [{ kind: "decided", attempt, decision, ...again, ...(basis === undefined ? {} : { basis }) }];
    },
  );
  return decided.value;
}

interface Allowed {
  readonly decision: Decision;
  /** The service as it was seen after the approval. */
  readonly evidence?: Evidence;
  readonly approved?: boolean;
}

/** A person's answer, and after a yes the world once more: what changed meanwhile voids it. */
async function askFirst(
  decision: Extract<Decision, { kind: "ask" }>,
  input: RemediationInput,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<Allowed | undefined> {
  const { attempt } = input;
  const { plan } = decision;
  // An invocation that must end soon cannot wait for a person.
  if (plan === undefined || input.deadline !== undefined) return undefined;
  const { lanes } = input;
  const close = (asked: AskedApproval) =>
    closeQuestion(stepName("ask-close", attempt), asked, lanes, run, deps);
  const asked = await ask({ decision: { ...decision, plan }, attempt, lanes }, run, deps);
  if (asked.answer?.verdict !== "approved") {
    close(asked);
    return undefined;
  }
  const seen = await run.step(stepName("observe-approved", attempt), () => read(input, deps));
  const approved = { hash: asked.planHash, plan };
  const { decision: again } = await decideOn(input, seen.value, approved, run, deps);
  if (again.kind === "act") {
    close(asked);
    return { decision: again, evidence: seen.value, approved: true };
  }
  const why = again.kind === "decline" ? again.reasons.join(" ") : again.why;
  const voided = await voidApproval(stepName("ask-void", attempt), asked, why, run, deps);
  close(voided);
  return undefined;
}

/** False when the policy lets nobody answer, on any channel. */
function someoneMayAnswer({ approvals }: Policy): boolean {
  const { slackUsers, httpClients, cliUsers } = approvals;
  return slackUsers.length > 0 || httpClients.length > 0 || cliUsers === undefined || cliUsers.length > 0;
}

function prove(
  input: RemediationInput,
  evidence: Evidence,
  { since, settle }: { readonly since: string; readonly settle: number },
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<Verification> {
  const { alert, target, deadline, attempt, alsoOk = [] } = input;
  return verify(
    {
      name: stepName("verify", attempt),
      attempt,
      incidentId: run.incident.id,
      alert,
      target,
      alsoOk,
      since,
      basis: recoveryBasis(alert, input.investigated.evidence, input.investigated.diagnosis),
      runningBefore: factsOf(evidence, "service")[0]?.data.running,
      metricBefore: alarmMetricOf(evidence)?.data.summary.current,
      deadline,
      settleSeconds: settle,
    },
    run,
    deps,
  );
}

/** Names that the policy protects or freezes and that are no service of the cluster: read only where there are any. */
async function absentNamesOf(
  policy: Policy,
  cluster: string,
  deps: WorkflowDependencies,
): Promise<readonly string[] | "unreadable" | undefined> {
  const names = restrainedNames(policy);
  const { serviceNames } = deps.readers;
  if (names.length === 0 || serviceNames === undefined) return undefined;
  return serviceNames.missing(cluster, names, readTimeout(deps)).catch(() => "unreadable" as const);
}

/** What verification said of the action, for the guardrails of what comes next. */
async function remember(
  input: RemediationInput,
  action: ActionResult,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<void> {
  const started = action.steps.find((step) => step.outcome !== "skipped")?.startedAt;
  if (started === undefined) return;
  const { attempt } = input;
  const { cluster, service } = action.target;
  const name = stepName("record-action", attempt);
  try {
    await run.step(name, () =>
      deps.store.recordAction({
        incidentId: run.incident.id,
        cluster,
        service,
        action: action.action,
        cause: input.investigated.diagnosis.cause,
        at: started,
        verified: action.verification?.outcome === "recovered",
        restedOn: groundsOf(input.investigated.diagnosis, input.investigated.evidence),
      }),
    );
  } catch (fault) {
    // What was proven stays proven; that it could not be noted is told beside it.
    if (!(fault instanceof StageFailure)) throw fault;
    await noteFailure(`${name}-failed`, fault, run);
  }
}

const FREEDOM: Readonly<Record<Decision["kind"], number>> = { decline: 0, ask: 1, act: 2 };

function stricter(one: Decision, other: Decision): Decision {
  return FREEDOM[other.kind] < FREEDOM[one.kind] ? other : one;
}
