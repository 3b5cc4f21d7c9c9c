/** Questions that no incident waits for any more: whoever answers one has to be told that it does nothing. */
import { asOpsAgentError } from "../domain/errors.ts";
import type { WorkflowDependencies } from "../workflow/dependencies.ts";

/**
 * Voids every unanswered question whose incident is over, and tells the channels. For incidents that ended outside of
 * their workflow, which would have done it. Never throws: what fails is logged, and the question ends at its deadline.
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
      for (const channel of approvalChannels) {
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
