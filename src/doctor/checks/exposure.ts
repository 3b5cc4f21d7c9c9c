import { type Check, ok, warning } from "../check.ts";

export const exposure: Check = {
  id: "exposure",
  area: "store",
  does: "What `opsagent serve` would let in: without a token or a signing secret it only listens on this machine; and the names in the policy have tokens.",
  remedy:
    "Set OPSAGENT_HTTP_TOKENS (name:secret) and SLACK_SIGNING_SECRET as docs/configuration.md describes.",
  async run({ configured }) {
    const { config } = configured();
    const { httpTokens, slackSigningSecret, slackApp, policy } = config;
    const names = httpTokens.map(({ name }) => name);
    const without = policy.approvals.httpClients.filter((client) => !names.includes(client));
    if (without.length > 0) {
      return warning(
        `approvals.httpClients names ${without.join(", ")}, for whom there is no token`,
        "Add NAME:SECRET to OPSAGENT_HTTP_TOKENS, or take the name out of the policy.",
      );
    }
    if (slackSigningSecret !== undefined && slackApp === undefined) {
      return warning(
        "SLACK_SIGNING_SECRET is set, but no Slack app, so no message has buttons",
        "Set SLACK_BOT_TOKEN and SLACK_CHANNEL, or unset SLACK_SIGNING_SECRET.",
      );
    }
    const ways = [
      ...(names.length === 0 ? [] : [`tokens for ${names.join(", ")}`]),
      ...(slackSigningSecret === undefined ? [] : ["Slack's signature"]),
    ];
    return ways.length === 0
      ? ok("`opsagent serve` listens on this machine only; nothing else is let in")
      : ok(`\`opsagent serve\` lets in: ${ways.join(", ")}`);
  },
};
