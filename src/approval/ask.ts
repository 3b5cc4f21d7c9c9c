/** Decision `ask` -> a person's answer. Waits durably; no answer until the deadline means no. */
import { randomUUID } from "node:crypto";
import { extendIncidentLock } from "../alert-grouping/incident-lock.ts";
import { type Approval, type ApprovalAnswer, planHash } from "../domain/approval.ts";
import type { Decision, Plan } from "../domain/decision.ts";
import { asOpsAgentError } from "../domain/errors.ts";
import type { AskedApproval, Attempt, Failure, Incident } from "../domain/incident/incident.ts";
import { answeredEvent } from "../domain/incident/stored-event.ts";
import { logQuotesOf, quoteText } from "../domain/log-quotes.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";
import type { DurableSteps, StepEvent } from "../workflow/durable-steps.ts";
import { remediationLeaseSeconds } from "../workflow/lease-durations.ts";
import { stepName } from "../workflow/step-names.ts";

export type AskDecision = Extract<Decision, { kind: "ask" }> & { readonly plan: Plan };

export interface AskInput {
  readonly decision: AskDecision;
  readonly attempt: Attempt;
}

/**
 * An approval that is read later than this after the deadline does not count: the person has to assume that nothing
 * was done. 5 minutes.
 */
const LATEST_READ_MS = 5 * 60_000;

/** Asks and waits for the answer. Returns the stored answer: the first one in time for this plan. */
export async function ask(
  { decision, attempt }: AskInput,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<AskedApproval> {
  const { deadlineMinutes } = deps.policy.approvals;
  const { id } = run.incident;
  const { plan, why } = decision;
  const opened = await run.step(
    stepName("ask-open", attempt),
    async () => {
      const now = deps.now();
      return {
        id: randomUUID(),
        requestedAt: now.toISOString(),
        deadline: new Date(now.getTime() + deadlineMinutes * 60_000).toISOString(),
        planHash: planHash(id, decision.target, plan),
      };
    },
    (question) => [{ kind: "approval-requested", attempt, approval: { ...question, plan, why } }],
  );
  const asked: AskedApproval = { ...opened.value, plan, why };
  const seconds = deadlineMinutes * 60;
  const held = { seconds: seconds + remediationLeaseSeconds(deps.policy) };
  await extendIncidentLock(stepName("ask-extend-lock", attempt), id, held, run, deps);
  const question = await run.question(stepName("approval", attempt), seconds);
  const approval = questionOf(run.incident, decision, asked, question.callbackId);
  await run.step(
    stepName("ask", attempt),
    async () => {
      await deps.store.ask(approval);
      return putToPeople(approval, deps);
    },
    (put) =>
      put.map((one, index) => {
        const key = `${stepName("ask", attempt)}:${index}`;
        return one.failure === undefined
          ? { kind: "notified", key, channel: one.channel, what: "the question was put" }
          : { kind: "notification-failed", key, channel: one.channel, failure: one.failure };
      }),
  );
  await question.answered();
  const answered = await run.step(
    stepName("ask-outcome", attempt),
    () => storedAnswer(asked, deps),
    (answer) => answeredEvents(asked, answer, id),
  );
  const ended: AskedApproval = { ...asked, answer: answered.value };
  const late = Date.parse(answered.endedAt) - Date.parse(asked.deadline);
  if (answered.value.verdict !== "approved" || late <= LATEST_READ_MS) return ended;
  const tooLate = `The answer was only read ${Math.round(late / 60_000)} minutes after the deadline.`;
  return voidApproval(stepName("ask-late", attempt), ended, tooLate, run, deps);
}

/** The same event as the approvals service appends, so that the store keeps one. */
function answeredEvents(
  { id, planHash: hash }: AskedApproval,
  answer: ApprovalAnswer,
  incidentId: string,
): StepEvent[] {
  const event = answeredEvent({ id, incidentId, planHash: hash, answer });
  return event === undefined ? [] : [event];
}

/** Notifies the channels of the answer. A channel that fails is logged and changes nothing. */
export async function closeQuestion(
  name: string,
  asked: AskedApproval,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<void> {
  await run.step(name, async () => {
    const approval = await deps.store.approval(asked.id);
    if (approval?.answer === undefined) return;
    for (const channel of deps.approvalChannels) {
      await channel.close(approval).catch((error: unknown) => failed(channel.name, error, deps));
    }
  });
}

/** Voids an approval, with the reason, because the service had changed when the answer came. */
export async function voidApproval(
  name: string,
  asked: AskedApproval,
  why: string,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<AskedApproval> {
  const voided = await run.step(
    name,
    async (): Promise<ApprovalAnswer> => {
      const answer: ApprovalAnswer = { verdict: "voided", at: deps.now().toISOString(), note: why };
      const by = asked.answer?.by;
      await deps.store.answer(asked.id, asked.planHash, by === undefined ? answer : { ...answer, by });
      return by === undefined ? answer : { ...answer, by };
    },
    (answer) => answeredEvents(asked, answer, run.incident.id),
  );
  return { ...asked, answer: voided.value };
}

function questionOf(
  incident: Incident,
  decision: AskDecision,
  asked: AskedApproval,
  callbackId: string,
): Approval {
  const { target, cause, plan, why } = decision;
  const logSays = logQuotesOf(incident).map((quote) => quoteText(quote, 180));
  return {
    id: asked.id,
    incidentId: incident.id,
    target,
    cause,
    severity: incident.severity,
    confidence: decision.confidence.earned,
    rootCause: incident.diagnosis?.rootCause ?? "",
    ...(logSays.length === 0 ? {} : { logSays }),
    why,
    plan,
    planHash: asked.planHash,
    requestedAt: asked.requestedAt,
    deadline: asked.deadline,
    callbackId,
    messages: {},
  };
}

interface Put {
  readonly channel: string;
  readonly failure?: Failure;
}

/** A step that runs again after a crash does not post again where it knows that it has posted. */
async function putToPeople(approval: Approval, deps: WorkflowDependencies): Promise<Put[]> {
  const kept = await deps.store.approval(approval.id);
  const put: Put[] = [];
  for (const channel of deps.approvalChannels) {
    if (kept?.messages[channel.name] !== undefined) {
      put.push({ channel: channel.name });
      continue;
    }
    try {
      const reference = await channel.ask(approval);
      if (reference !== undefined) await deps.store.noteMessage(approval.id, channel.name, reference);
      put.push({ channel: channel.name });
    } catch (error) {
      // The question can also be answered on the command line and over HTTP.
      failed(channel.name, error, deps);
      const { code, message, remedy } = asOpsAgentError(error);
      put.push({ channel: channel.name, failure: { stage: "ask", code, message, remedy } });
    }
  }
  return put;
}

function failed(channel: string, error: unknown, deps: WorkflowDependencies): void {
  deps.logger.error("approval-channel-failed", { channel, error: asOpsAgentError(error).message });
}

/**
 * Returns the stored answer, or records the expiry when there is none. A clock that jumped back does not reopen the
 * question.
 */
async function storedAnswer(asked: AskedApproval, deps: WorkflowDependencies): Promise<ApprovalAnswer> {
  const at = new Date(Math.max(deps.now().getTime(), Date.parse(asked.deadline))).toISOString();
  const kept = await deps.store.approval(asked.id);
  const stored =
    kept?.answer === undefined
      ? await deps.store.answer(asked.id, asked.planHash, { verdict: "expired", at })
      : undefined;
  const approval = stored !== undefined && "approval" in stored ? stored.approval : kept;
  return approval?.answer ?? { verdict: "expired", at };
}
