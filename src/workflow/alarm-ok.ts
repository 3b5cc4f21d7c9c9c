/**
 * Handles an `OK` while an incident waits for a person. The message proves nothing: it may be late, or of an alarm whose
 * metric is gone. It starts a recovery check against AWS, and only what that sees withdraws the question.
 */
import type { Alert } from "../domain/alert.ts";
import { identityOf, lockKeyOf } from "../domain/alert-grouping.ts";
import type { Approval, ApprovalAnswer } from "../domain/approval.ts";
import { asOpsAgentError } from "../domain/errors.ts";
import type { RecoveryBasis } from "../verification/normal-series.ts";
import { lookAtRecovery, type RecoveryQuestion } from "../verification/recovery-checks.ts";
import { verify } from "../verification/verify.ts";
import type { WorkflowDependencies } from "./dependencies.ts";
import type { DurableSteps } from "./durable-steps.ts";
import { recoveryBasis } from "./recovery-basis.ts";
import { StageFailure } from "./stage-failure.ts";

/** An open incident of the alarm that waits for a person, and since when it is looked at again. ISO 8601. */
interface Waiting {
  readonly incidentId: string;
  readonly alert: Alert;
  readonly since: string;
  readonly basis: RecoveryBasis;
}

/**
 * Withdraws the question of an incident whose trouble has passed, and wakes it: then it ends without an action. Needs
 * all that proves a mended service, held as long; anything less, and the question stays. Runs beside the incident and
 * touches nothing of it but the unanswered question, of which the first answer wins. Never throws for what fails.
 */
export async function checkAfterAlarmOk(
  alert: Alert,
  run: DurableSteps,
  deps: WorkflowDependencies,
): Promise<void> {
  try {
    const found = await run.step("alarm-ok-find", async () => (await waitingFor(alert, deps)) ?? null);
    const waiting = found.value;
    const target = waiting?.alert.target;
    if (waiting === null || target === undefined) return;
    const { incidentId, since, basis } = waiting;
    const question = { incidentId, alert: waiting.alert, target, since, basis };
    const seen = await verify(
      {
        ...question,
        name: "alarm-ok-look",
        runningBefore: undefined,
        metricBefore: undefined,
        deadline: undefined,
      },
      run,
      deps,
    );
    if (seen.outcome !== "recovered") return;
    // The store appends the answer to the events of the incident that asked.
    await run.step("alarm-ok-withdraw", () => withdraw(question, deps));
  } catch (fault) {
    if (!(fault instanceof StageFailure)) throw fault;
    deps.logger.error("all-clear-failed", { alert: alert.title, ...fault.failure });
  }
}

async function waitingFor(alert: Alert, { store, now }: WorkflowDependencies): Promise<Waiting | undefined> {
  const own = alert.alarm && identityOf(alert.alarm);
  if (own === undefined) return undefined;
  const place = lockKeyOf(alert);
  for (const open of (await store.open()).filter((one) => one.place === place)) {
    const { incidentId } = open;
    const opens = open.alert.alarm !== undefined && identityOf(open.alert.alarm) === own;
    const joins = async () =>
      (await store.joined(incidentId)).some(
        ({ alarm: name, contributor }) => name !== undefined && identityOf({ name, contributor }) === own,
      );
    if (!opens && !(await joins())) continue;
    if ((await unanswered(incidentId, store)).length === 0) continue;
    const record = await store.get(incidentId);
    const basis = recoveryBasis(open.alert, record?.evidence, record?.diagnosis);
    return { incidentId, alert: open.alert, since: now().toISOString(), basis };
  }
  return undefined;
}

/** The questions of an incident that nobody has answered. Throws `store-failed`. */
export async function unanswered(
  incidentId: string,
  store: Pick<WorkflowDependencies["store"], "approvalsOf">,
): Promise<Approval[]> {
  return (await store.approvalsOf(incidentId)).filter(({ answer }) => answer === undefined);
}

const WHY = "The alarm is OK again, and every condition of recovery held without an action.";

/**
 * Looks a last time: a crash can lie between the proof and this. Safe to repeat: what a crash left withdrawn and asleep
 * is woken. Returns how many questions are withdrawn.
 */
async function withdraw(question: RecoveryQuestion & { incidentId: string }, deps: WorkflowDependencies) {
  const { store } = deps;
  const { incidentId } = question;
  // Taken before the look, so that an alarm that joins during it counts as later than the answer.
  const answer: ApprovalAnswer = { verdict: "withdrawn", at: deps.now().toISOString(), note: WHY };
  const { checks } = await lookAtRecovery(question, deps);
  if (checks.every(({ met }) => met === true)) {
    for (const { id, planHash } of await unanswered(incidentId, store))
      await store.answer(id, planHash, answer);
  }
  const withdrawn = (await store.approvalsOf(incidentId)).filter(
    (one) => one.answer?.verdict === "withdrawn",
  );
  for (const { callbackId } of withdrawn) {
    // Without a way to wake it, and when waking fails, the incident learns of it at the question's deadline.
    await deps.callbackClient?.resume(callbackId, "withdrawn").catch((error: unknown) => {
      deps.logger.error("approval-not-woken", {
        incident: incidentId,
        error: asOpsAgentError(error).message,
      });
    });
  }
  return withdrawn.length;
}
