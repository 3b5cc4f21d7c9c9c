/** Who may answer questions, and pause and resume. Pure. */
import type { Approver } from "../domain/approval.ts";
import type { Policy } from "../domain/policy.ts";

/** Returns whether the policy lets this person answer. Without a list nobody may answer by Slack or HTTP. */
export function mayAnswer({ approvals }: Policy, { channel, id }: Approver): boolean {
  if (channel === "slack") return approvals.slackUsers.includes(id);
  if (channel === "http") return approvals.httpClients.includes(id);
  return approvals.cliUsers?.includes(id) ?? true;
}
