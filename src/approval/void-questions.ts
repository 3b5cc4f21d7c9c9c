/** Voids questions that no incident waits for, so that whoever answers one is told that it does nothing. */
import { asOpsAgentError } from "../domain/errors.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";

/**
 * Voids every unanswered question of closed incidents and notifies the channels. For incidents that were closed
 * outside their workflow. Never throws: failures are logged, and the question expires at its deadline.
 */
export async function voidLeftQuestions(
  why: string,
  { store, approvalChannels, logger, now }: WorkflowDependencies,
): Promise<void> {
  try {
    const open = new Set((await store.open()).map(({ incidentId }) => incidentId));
    const left = (await store.unanswered()).filter(({ incidentId }) => !open.has(incidentId));
    for (const { id, planHash } of left) {
      await store.answer(id, planHash, { verdict: "voided", at: now().toISOString(), note: why });
      const approval = await store.approval(id);
      if (approval?.answer === undefined) continue;
      for (const channel of approvalChannels.filter(({ name }) => approval.messages[name] !== undefined)) {
        await channel.close(approval).catch((error: unknown) => {
          const problem = asOpsAgentError(error).message;
          logger.error("approval-channel-failed", { channel: channel.name, error: problem });
        });
      }
    }
  } catch (error) {
    logger.error("questions-not-voided", { error: asOpsAgentError(error).message });
  }
}
