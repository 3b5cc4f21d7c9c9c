/** Decision `ask` -> a person's answer. Waits durably; no answer until the deadline means no. */
import { randomUUID } from "node:crypto";
import { extendIncidentLock } from "../alert-grouping/incident-lock.ts";
import { type Approval, type ApprovalAnswer, NOBODY_ASKED, planHash } from "../domain/approval.ts";
import type { Decision, Plan } from "../domain/decision.ts";
import type { AskedApproval, Attempt, Incident } from "../domain/incident/incident.ts";
import { answeredEvent } from "../domain/incident/stored-event.ts";
import { logQuotesOf, quoteText } from "../domain/log-quotes.ts";
import {
  type Delivery,
  deliveryEvents,
  isWaiting,
  type Letter,
  leaveEnded,
  post,
  secondsBeforeTry,
  tryAll,
} from "../notification/delivery.ts";
import type { Lanes } from "../notification/lanes.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";
import type { DurableSteps, Question, StepEvent } from "../workflow/durable-steps.ts";
import { remediationLeaseSeconds } from "../workflow/lease-durations.ts";
import { stepName } from "../workflow/step-names.ts";
import { type Extension, extend, extendedEvent, type Put, putToPeople } from "./put-question.ts";

export type AskDecision = Extract<Decision, { kind: "ask" }> & { readonly plan: Plan };

export interface AskInput {
  readonly decision: AskDecision;
  readonly attempt: Attempt;
  readonly lanes: Lanes;
}

/**
 * An approval that is read later than this after the deadline does not count: the person has to assume that nothing
 * was done. 5 minutes.
 */
const LATEST_READ_MS = 5 * 60_000;

/** Asks and waits for the answer. Returns the stored answer: the first one in time for this plan. */
export async function ask(
  { decision, attempt, lanes }: AskInput,
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
  const putting = putToPeople({ approval, attempt, lanes }, run, deps);
  await putting.tried;
  const { answer, deadline, readAt } = await answerTo({ asked, attempt, question, putting }, run, deps);
  putting.over();
  const ended: AskedApproval = { ...asked, deadline, answer };
  const late = Date.parse(readAt) - Date.parse(deadline);
  if (answer.verdict !== "approved" || late <= LATEST_READ_MS) return ended;
  const tooLate = `The answer was only read ${Math.round(late / 60_000)} minutes after the deadline.`;
  return voidApproval(stepName("ask-late", attempt), ended, tooLate, run, deps);
}

interface Ended {
  readonly answer: ApprovalAnswer;
  /** ISO 8601; the question may have waited to be put. */
  readonly deadline: string;
  readonly readAt: string;
}

interface Waited {
  readonly asked: AskedApproval;
  readonly attempt: Attempt;
  readonly question: Question;
  readonly putting: Pick<Put, "trying">;
}

/** Waits for the deadline, and for the next one where the question had to wait until people could be asked. */
async function answerTo(
  { asked, attempt, question: first, putting }: Waited,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<Ended> {
  const { id } = run.incident;
  let question = first;
  for (let round = 1; ; round++) {
    const part = round === 1 ? undefined : round;
    await question.answered();
    const outcome = await run.step(
      stepName("ask-outcome", attempt, part),
      () => storedAnswer(asked, putting, deps),
      ({ answer, extended }) => [
        ...(answer === undefined ? [] : answeredEvents(asked, answer, id)),
        ...(extended === undefined ? [] : [extendedEvent(asked.id, extended)]),
      ],
    );
    const { answer, deadline } = outcome.value;
    if (answer !== undefined) return { answer, deadline, readAt: outcome.endedAt };
    const seconds = Math.max(1, (Date.parse(deadline) - Date.parse(outcome.endedAt)) / 1000);
    const held = { seconds: seconds + remediationLeaseSeconds(deps.policy) };
    await extendIncidentLock(stepName("ask-extend-lock", attempt, round + 1), id, held, run, deps);
    question = await run.question(stepName("approval", attempt, round + 1), seconds);
    const { callbackId } = question;
    const moved = await run.step(stepName("ask-postpone", attempt, round + 1), async () => {
      const kept = await deps.store.postpone(asked.id, { callbackId });
      return kept?.answer !== undefined;
    });
    // It was answered meanwhile, by the callback that is over.
    if (moved.value) question = { callbackId, answered: async () => undefined };
  }
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

/** Tells the answer on the channels that took the question, beside what comes after. */
export function closeQuestion(
  name: string,
  asked: AskedApproval,
  lanes: Lanes,
  run: DurableSteps,
  deps: WorkflowDependencies,
): void {
  const posted = post(
    [...deps.approvalChannels, ...(deps.fallbacks ?? [])].map((channel): Letter => {
      const put = async () => {
        const approval = await deps.store.approval(asked.id);
        return approval?.answer !== undefined && approval.messages[channel.name] !== undefined
          ? approval
          : undefined;
      };
      return {
        channel: channel.name,
        what: "the answer",
        stage: "ask",
        optional: true,
        quiet: true,
        send: async () => {
          const approval = await put();
          if (approval === undefined) return false;
          await channel.close?.(approval);
          return true;
        },
      };
    }),
    lanes,
  );
  const closing = run.deliver<readonly Delivery[]>(
    name,
    secondsBeforeTry,
    async (before) => {
      const deliveries = await tryAll(posted, before, false, deps);
      return { state: deliveries, done: !deliveries.some(isWaiting) };
    },
    (deliveries) => deliveryEvents(name, deliveries),
  );
  closing.then((deliveries) => leaveEnded(posted, deliveries)).catch(() => undefined);
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

interface Stored {
  /** Undefined where the question waited to be put, and has a later deadline. */
  readonly answer?: ApprovalAnswer;
  /** ISO 8601. */
  readonly deadline: string;
  /** It was given that deadline just now. */
  readonly extended?: Extension;
}

/**
 * The answer as it is kept; without one the question's end, where its deadline is over. A clock that jumped back does not
 * reopen the question.
 */
async function storedAnswer(
  asked: AskedApproval,
  putting: Pick<Put, "trying">,
  deps: WorkflowDependencies,
): Promise<Stored> {
  const kept = await deps.store.approval(asked.id);
  const deadline = kept?.deadline ?? asked.deadline;
  if (kept?.answer !== undefined) return { answer: kept.answer, deadline };
  const now = deps.now().getTime();
  const isPostponed = deadline > asked.deadline && now < Date.parse(deadline);
  if (isPostponed) return { deadline };
  const at = new Date(Math.max(now, Date.parse(deadline))).toISOString();
  const nobody = kept !== undefined && deps.approvalChannels.length > 0 && !wasPut(kept);
  const extended = nobody && putting.trying() ? await extend(asked.id, deps) : undefined;
  if (extended !== undefined) return { deadline: extended.deadline, extended };
  const over: ApprovalAnswer = nobody
    ? { verdict: "unasked", at, note: NOBODY_ASKED }
    : { verdict: "expired", at };
  const stored = await deps.store.answer(asked.id, asked.planHash, over);
  return { answer: ("approval" in stored ? stored.approval.answer : undefined) ?? over, deadline };
}

function wasPut({ messages }: Approval): boolean {
  return Object.keys(messages).length > 0;
}
