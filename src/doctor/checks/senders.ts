import type { Config } from "../../wiring/config.ts";
import { type Check, type Finding, ok, skipped, warning } from "../check.ts";

const REMEDY =
  "Give each secret an entry under `senders` in the policy file, with `webhook`, and `services` or `clusters` where it needs no others.";

/** Checks that each secret that opens webhooks is bound to one address, and that the policy binds no name in vain. */
export const senders: Check = {
  id: "senders",
  area: "store",
  does: "Each secret of a sender of alarms is bound to one webhook by the policy's `senders`, and each entry there has its secret.",
  remedy: REMEDY,
  async run({ configured }) {
    const { config } = configured();
    const { tokens } = config.webhooks;
    const entries = config.policy.senders;
    const free = tokens.map(({ name }) => name).filter((name) => entries[name]?.webhook === undefined);
    const known = knownSenders(config);
    const findings: Finding[] = [
      ...free.map((name) =>
        warning("its secret opens every webhook, which the next release refuses", REMEDY, name),
      ),
      ...Object.keys(entries)
        .filter((name) => !known.has(name))
        .map((name) =>
          warning(
            "is bound under `senders`, but no secret or topic has this name",
            "Correct the name: the one in OPSAGENT_WEBHOOK_TOKENS or OPSAGENT_HTTP_TOKENS, `grafana`, or an ARN of OPSAGENT_SNS_TOPICS.",
            name,
          ),
        ),
    ];
    if (findings.length > 0) return findings;
    if (tokens.length === 0) return skipped("OPSAGENT_WEBHOOK_TOKENS is not set.");
    return ok(`each secret opens one webhook: ${tokens.map(({ name }) => name).join(", ")}`);
  },
};

function knownSenders({ webhooks, httpTokens }: Config): ReadonlySet<string> {
  const named = [...webhooks.tokens, ...httpTokens].map(({ name }) => name);
  return new Set([
    ...named,
    ...webhooks.snsTopics,
    ...(webhooks.grafanaSecret === undefined ? [] : ["grafana"]),
  ]);
}
