import { ACTIONS, modesWanted } from "../../policy/modes-wanted.ts";
import { approvalsText } from "../../policy/policy-text.ts";
import { modeInForce } from "../../remediation/guardrails/mode.ts";
import type { Config } from "../../wiring/config.ts";
import { type Check, failed, ok, skipped, warning } from "../check.ts";

export const approvers: Check = {
  id: "approvers",
  area: "people",
  does: "Where a mode is approve, somebody may answer: people are named for each way of answering that is set up.",
  remedy: "Name people in the policy file under approvals: slackUsers, httpClients or cliUsers.",
  async run({ configured }) {
    const { config } = configured();
    const asks = whatAsks(config);
    if (asks.length === 0) return skipped("Nothing is on approve, so nobody is asked beforehand.");
    const { slackUsers, httpClients, cliUsers } = config.policy.approvals;
    const where = `${asks.slice(0, 4).join(", ")}${asks.length > 4 ? " and more" : ""}`;
    if (slackUsers.length === 0 && httpClients.length === 0 && cliUsers?.length === 0) {
      return failed(`nobody may answer, but these are asked for: ${where}`, approvers.remedy);
    }
    const buttons = config.slackApp !== undefined && config.slackSigningSecret !== undefined;
    if (buttons && slackUsers.length === 0) {
      return warning(
        `questions have buttons, but no Slack user may press them (asked for: ${where})`,
        "Name Slack user ids (U...) in the policy file under approvals.slackUsers.",
      );
    }
    return ok(`${approvalsText(config.policy).replace(/\.$/, "")}; asked for: ${where}`);
  },
};

function whatAsks({ policy, mode }: Config): string[] {
  const general = ACTIONS.filter((action) => modeInForce(policy, mode, "", action) === "approve");
  const own = modesWanted(policy).filter(
    ({ service, action }) =>
      service !== undefined && modeInForce(policy, mode, service, action) === "approve",
  );
  return [...general, ...own.map(({ service, action }) => `${action} on ${service}`)];
}
