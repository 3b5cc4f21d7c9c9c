/** What a sender over HTTP may speak about, as the policy's `senders` says. Pure. */
import type { Alert } from "./alert.ts";
import type { Policy, SecretWebhook } from "./policy.ts";

/** Who proved himself at which address. */
export interface EventSender {
  /** The name of a secret, `grafana` for its HMAC secret, or the topic's ARN. */
  readonly name: string;
  readonly address: SecretWebhook | "sns" | "events";
}

/**
 * Returns why an alert of this sender is not taken; undefined when it is. An alert without a target is taken: nothing
 * can be done about it but telling people. A sender that the policy does not name is bound to nothing.
 */
export function outOfScope(
  senders: Policy["senders"],
  sender: EventSender,
  { target }: Pick<Alert, "target">,
): string | undefined {
  const scope = Object.hasOwn(senders, sender.name) ? senders[sender.name] : undefined;
  if (scope === undefined) return undefined;
  const { webhook, services, clusters } = scope;
  if (webhook !== undefined && sender.address !== "sns" && sender.address !== webhook)
    return `its secret opens /webhooks/${webhook} only`;
  if (target === undefined) return undefined;
  if (services !== undefined && !services.includes(target.service)) return `not of service ${target.service}`;
  if (clusters !== undefined && !clusters.includes(target.cluster)) return `not of cluster ${target.cluster}`;
  return undefined;
}
