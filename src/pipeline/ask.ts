/** Decision ask -> a person's answer. Waits durably; no answer until the deadline means no. */
import { randomUUID } from "node:crypto";
import { type Approval, type ApprovalAnswer, planHash } from "../domain/approval.ts";
import type { Decision, Plan } from "../domain/decision.ts";
import { asOpsAgentError } from "../domain/errors.ts";
import type { AskedApproval, Incident } from "../domain/incident.ts";
import type { PipelineDependencies } from "./dependencies.ts";
import { holdPlace } from "./place.ts";
import type { Run } from "./run.ts";
import { secondsOfActing } from "./time-needed.ts";

export type AskDecision = Extract<Decision, { kind: "ask" }> & { readonly plan: Plan };

export interface AskInput {
  /** The record as it stands. */
  readonly incident: () => Incident;
  readonly decision: AskDecision;
  readonly suffix: string;
}

/** An answer in time that is read so long after the deadline is yesterday's: the person thinks that it came to nothing. */
const LATEST_READ_MS = 5 * 60_000;

/**
 * Asks and waits; `told` gets the question as it is put and as it is answered. The answer is the one that the store
 * kept: the first, in time, for this very plan.
 */
export async function ask(
  { incident, decision, suffix }: AskInput,
  told: (asked: AskedApproval) => void,
  run: Run,
  deps: PipelineDependencies,
): Promise<AskedApproval> {
  const { deadlineMinutes } = deps.policy.approvals;
  const { id } = incident();
  const opened = await run.step(`ask-open${suffix}`, async () => {
    const now = deps.now();
    return {
      id: randomUUID(),
      requestedAt: now.toISOString(),
      deadline: new Date(now.getTime() + deadlineMinutes * 60_000).toISOString(),
      planHash: planHash(id, decision.target, decision.plan),
    };
  });
  const asked: AskedApproval = { ...opened.value, plan: decision.plan, why: decision.why };
  told(asked);
  run.note(opened.endedAt, "approval-requested", `${decision.action}: ${decision.why}`);
  const seconds = deadlineMinutes * 60;
  const held = { seconds: seconds + secondsOfActing(deps.policy) };
  await holdPlace(`ask-hold${suffix}`, id, held, run, deps);
  const question = await run.question(`approval${suffix}`, seconds);
  await run.step(
    `ask${suffix}`,
    async () => {
      const approval = questionOf(incident(), decision, asked, question.callbackId);
      await deps.store.ask(approval);
      await deps.store.save(incident());
      deps.progress?.({
        stage: "ask",
        detail: `waiting for a person until ${asked.deadline}: ${decision.why}`,
      });
      await putToPeople(approval, deps);
    },
    {
      event: "approval-requested",
      detail: () => `${decision.action}, plan ${asked.planHash}, until ${asked.deadline}`,
    },
  );
  await question.answered();
  const settled = async () => {
    const answer = await settle(asked, deps);
    deps.progress?.({ stage: "ask", detail: describe(answer) });
    return answer;
  };
  const answered = await run.step(`ask-outcome${suffix}`, settled, {
    event: "approval-ended",
    detail: ({ verdict, by }) => (by === undefined ? verdict : `${verdict} by ${by.channel} ${by.id}`),
  });
  const answer = answered.value;
  run.note(answered.endedAt, `approval-${answer.verdict}`, describe(answer));
  const ended: AskedApproval = { ...asked, answer };
  told(ended);
  const late = Date.parse(answered.endedAt) - Date.parse(asked.deadline);
  if (answer.verdict !== "approved" || late <= LATEST_READ_MS) return ended;
  const why = `The answer was only read ${Math.round(late / 60_000)} minutes after the deadline.`;
  const voided = await voidApproval(`ask-late${suffix}`, ended, why, run, deps);
  told(voided);
  return voided;
}

/** Tells the channels what became of the question; that they cannot be told changes nothing. */
export async function closeQuestion(
  name: string,
  asked: AskedApproval,
  run: Run,
  deps: PipelineDependencies,
): Promise<void> {
  await run.step(name, async () => {
    const approval = await deps.store.approval(asked.id);
    if (approval?.answer === undefined) return;
    for (const channel of deps.approvalChannels) {
      await channel.close(approval).catch((error: unknown) => failed(channel.name, error, deps));
    }
  });
}

/** The world had changed when the answer came: the approval is void, and says why. */
export async function voidApproval(
  name: string,
  asked: AskedApproval,
  why: string,
  run: Run,
  deps: PipelineDependencies,
): Promise<AskedApproval> {
  const voided = await run.step(
    name,
    async (): Promise<ApprovalAnswer> => {
      const answer: ApprovalAnswer = { verdict: "voided", at: deps.now().toISOString(), note: why };
      const by = asked.answer?.by;
      await deps.store.answer(asked.id, asked.planHash, by === undefined ? answer : { ...answer, by });
      return by === undefined ? answer : { ...answer, by };
    },
    { event: "approval-voided", detail: () => why },
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
  return {
    id: asked.id,
    incidentId: incident.id,
    target,
    cause,
    severity: incident.severity,
    confidence: decision.confidence.earned,
    rootCause: incident.diagnosis?.rootCause ?? "",
    why,
    plan,
    planHash: asked.planHash,
    requestedAt: asked.requestedAt,
    deadline: asked.deadline,
    callbackId,
    messages: {},
  };
}

/** A step that runs again after a crash does not ask again where it knows that it has asked. */
async function putToPeople(approval: Approval, deps: PipelineDependencies): Promise<void> {
  const kept = await deps.store.approval(approval.id);
  for (const channel of deps.approvalChannels) {
    if (kept?.messages[channel.name] !== undefined) continue;
    try {
      const reference = await channel.ask(approval);
      if (reference !== undefined) await deps.store.noteMessage(approval.id, channel.name, reference);
    } catch (error) {
      // The question can be answered on the command line and over HTTP, too.
      failed(channel.name, error, deps);
    }
  }
}

function failed(channel: string, error: unknown, deps: PipelineDependencies): void {
  deps.logger.error("approval-channel-failed", { channel, error: asOpsAgentError(error).message });
}

/** The kept answer; without one the time is over. A clock that jumped back does not bring the time back. */
async function settle(asked: AskedApproval, deps: PipelineDependencies): Promise<ApprovalAnswer> {
  const at = new Date(Math.max(deps.now().getTime(), Date.parse(asked.deadline))).toISOString();
  const kept = await deps.store.approval(asked.id);
  const stored =
    kept?.answer === undefined
      ? await deps.store.answer(asked.id, asked.planHash, { verdict: "expired", at })
      : undefined;
  const approval = stored !== undefined && "approval" in stored ? stored.approval : kept;
  return approval?.answer ?? { verdict: "expired", at };
}

function describe(answer: ApprovalAnswer): string {
  if (answer.verdict === "withdrawn") return answer.note ?? "The trouble had passed.";
  if (answer.verdict === "expired") return "Nobody answered in time; expiry means no.";
  const by = answer.by === undefined ? "" : ` by ${answer.by.id} (${answer.by.channel})`;
  return `${answer.verdict}${by}${answer.note ? `: ${answer.note}` : ""}`;
}
