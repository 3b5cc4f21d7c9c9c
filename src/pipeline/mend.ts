/** Decide, ask, act, verify, undo: everything between a verdict and the proof that it was mended. */
import type { Decision } from "../domain/decision.ts";
import { alarmMetricOf, type Evidence, factsOf } from "../domain/evidence.ts";
import type { ActionResult, AskedApproval, Incident, Verification } from "../domain/incident.ts";
import type { Policy } from "../domain/policy.ts";
import { decide } from "../policy/decide.ts";
import { act } from "./act/index.ts";
import { undo } from "./act/undo.ts";
import { type AskDecision, ask, closeQuestion, voidApproval } from "./ask.ts";
import type { PipelineDependencies } from "./dependencies.ts";
import { type Examined, type ExamineInput, lookOnce } from "./examine.ts";
import type { Following } from "./follow.ts";
import { holdPlace } from "./place.ts";
import { recall } from "./recall.ts";
import type { Run } from "./run.ts";
import { StageFailure } from "./stage-failure.ts";
import { secondsOfActing } from "./time-needed.ts";
import { verify } from "./verify.ts";

export interface MendInput extends ExamineInput {
  readonly examined: Examined;
  /** Names of alarms that have to be OK in the end beside the alert's and those that joined. */
  readonly alsoOk?: readonly string[];
  /** Tells attempts apart: the first, the second after one that did not help, and one for alarms that came late. */
  readonly suffix: "" | "-2" | "-late";
  /** The record as it stands. */
  readonly incident: () => Incident;
  /** Adds what was decided to the record. */
  readonly tellDecision: (found: Pick<Incident, "decision" | "approval">) => void;
  readonly tell: (found: Partial<Incident>) => void;
  /** Tells those who follow the incident how it stands. */
  readonly follow: Following["tell"];
}

/** One attempt. Returns what verification said, or undefined when nothing was changed. */
export async function mend(
  input: MendInput,
  run: Run,
  deps: PipelineDependencies,
): Promise<Verification | undefined> {
  const { suffix, examined, tell, deadline, follow } = input;
  const first = await decideOn(`decide${suffix}`, input, examined.evidence, undefined, run, deps);
  input.tellDecision({ decision: first });
  follow(`decided${suffix}`);
  const allowed = first.kind === "ask" ? await askFirst(first, input, run, deps) : { decision: first };
  if (allowed?.decision.kind !== "act") return undefined;
  const { decision, evidence = examined.evidence, approved = false } = allowed;

  const { id, actions: earlier } = input.incident();
  await holdPlace(`hold${suffix}`, id, { seconds: secondsOfActing(deps.policy), deadline }, run, deps);
  const result = await act({ incidentId: id, decision, evidence, suffix, approved, deadline }, run, deps);
  for (const step of result.steps) {
    run.note(step.endedAt, `action-${step.outcome}`, `${step.what}: ${step.detail}`);
  }
  tell({ actions: [...earlier, result] });
  follow(`acted${suffix}`);
  const last = result.steps.at(-1);
  if (result.outcome === "nothing-changed" || last === undefined) return undefined;

  const verification = await prove(input, evidence, last.endedAt, run, deps);
  run.note(verification.endedAt, `verified-${verification.outcome}`, verification.reason);
  const proven: ActionResult = { ...result, verification };
  tell({ actions: [...earlier, proven], verification });
  follow(`verified${suffix}`);
  await remember(input, proven, run, deps);
  const undone = await undo(id, proven, verification, suffix, run, deps);
  for (const step of undone) run.note(step.endedAt, `undo-${step.outcome}`, `${step.what}: ${step.detail}`);
  if (undone.length > 0) {
    tell({ actions: [...earlier, { ...proven, undone }] });
    follow(`undone${suffix}`);
  }
  return verification;
}

async function decideOn(
  name: string,
  input: MendInput,
  evidence: Evidence,
  asked: { readonly hash: string; readonly plan: AskDecision["plan"] } | undefined,
  run: Run,
  deps: PipelineDependencies,
): Promise<Decision> {
  const { target, examined } = input;
  const { diagnosis, rules } = examined;
  const incidentId = input.incident().id;
  const decided = await run.step(
    name,
    async () => {
      const { times, history } = await recall(evidence.observedAt, deps);
      const { policy, ceiling } = deps;
      const given = {
        diagnosis,
        rules,
        evidence,
        diagnosedOn: examined.evidence,
        target,
        policy,
        ceiling,
        history,
        incidentId,
        ...(asked === undefined ? {} : { approvedPlanHash: asked.hash, approvedPlan: asked.plan }),
      };
      const [first, ...others] = times;
      const at = (now: string) => decide({ ...given, now });
      const decision = others.map(at).reduce(stricter, at(first));
      deps.progress?.({ stage: "decide", detail: summarize(decision) });
      return decision;
    },
    { event: "incident-decided", detail: summarize },
  );
  run.note(decided.endedAt, "decided", summarize(decided.value));
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
  input: MendInput,
  run: Run,
  deps: PipelineDependencies,
): Promise<Allowed | undefined> {
  const { suffix } = input;
  const { plan } = decision;
  // An invocation that must end soon cannot wait for a person; neither is one asked whom nobody let answer.
  if (plan === undefined || input.deadline !== undefined || !someoneMayAnswer(deps.policy)) return undefined;
  const told = (approval: AskedApproval) => {
    input.tellDecision({ decision, approval });
    if (approval.answer === undefined) input.follow(`asked${suffix}`, "approval-requested");
    else input.follow(`approval-${approval.answer.verdict}${suffix}`);
  };
  const question = { incident: input.incident, decision: { ...decision, plan }, suffix };
  const asked = await ask(question, told, run, deps);
  if (asked.answer?.verdict !== "approved") {
    await closeQuestion(`ask-close${suffix}`, asked, run, deps);
    return undefined;
  }
  const seen = await lookOnce(`observe-approved${suffix}`, input, run, deps);
  const approved = { hash: asked.planHash, plan };
  const again = await decideOn(`decide-approved${suffix}`, input, seen.value, approved, run, deps);
  if (again.kind === "act") {
    await closeQuestion(`ask-close${suffix}`, asked, run, deps);
    input.tellDecision({ decision: again, approval: asked });
    return { decision: again, evidence: seen.value, approved: true };
  }
  const why = again.kind === "decline" ? again.reasons.join(" ") : again.why;
  const voided = await voidApproval(`ask-void${suffix}`, asked, why, run, deps);
  await closeQuestion(`ask-close${suffix}`, voided, run, deps);
  input.tellDecision({ decision: again, approval: voided });
  input.follow(`approval-voided${suffix}`);
  return undefined;
}

/** False when the policy lets nobody answer, on any channel. */
function someoneMayAnswer({ approvals }: Policy): boolean {
  const { slackUsers, httpClients, cliUsers } = approvals;
  return slackUsers.length > 0 || httpClients.length > 0 || cliUsers === undefined || cliUsers.length > 0;
}

function prove(
  input: MendInput,
  evidence: Evidence,
  since: string,
  run: Run,
  deps: PipelineDependencies,
): Promise<Verification> {
  const { alert, target, deadline, suffix, alsoOk = [] } = input;
  return verify(
    {
      name: `verify${suffix}`,
      incidentId: input.incident().id,
      alert,
      target,
      alsoOk,
      since,
      runningBefore: factsOf(evidence, "service")[0]?.data.running,
      metricBefore: alarmMetricOf(evidence)?.data.summary.current,
      deadline,
    },
    run,
    deps,
  );
}

/** What verification said of the action, for the guardrails of what comes next. */
async function remember(
  input: MendInput,
  action: ActionResult,
  run: Run,
  deps: PipelineDependencies,
): Promise<void> {
  const started = action.steps.find((step) => step.outcome !== "skipped")?.startedAt;
  if (started === undefined) return;
  const { cluster, service } = action.target;
  await run
    .step(`remember${input.suffix}`, () =>
      deps.store.recordAction({
        incidentId: input.incident().id,
        cluster,
        service,
        action: action.action,
        cause: input.examined.diagnosis.cause,
        at: started,
        verified: action.verification?.outcome === "recovered",
      }),
    )
    .catch((fault: unknown) => {
      // What was proven stays proven; that it could not be noted is told beside it.
      if (!(fault instanceof StageFailure)) throw fault;
      input.tell({ failures: [...input.incident().failures, fault.failure] });
    });
}

const FREEDOM: Readonly<Record<Decision["kind"], number>> = { decline: 0, ask: 1, act: 2 };

function stricter(one: Decision, other: Decision): Decision {
  return FREEDOM[other.kind] < FREEDOM[one.kind] ? other : one;
}

function summarize(decision: Decision): string {
  const confidence = `earned confidence ${decision.confidence.earned.toFixed(2)}`;
  if (decision.kind === "decline") return `decline, ${confidence}: ${decision.reasons.join(" ")}`;
  return `${decision.kind} ${decision.action}, ${confidence}`;
}
