import { type Check, type Finding, failed, ok, skipped } from "../check.ts";
import type { Examination } from "../examination.ts";
import { NotCheckable } from "../not-checkable.ts";
import { listenersOf, watchedServices } from "../watched-services.ts";
import { isFunction, isTopic, reachesAgent, shortAddress } from "../wiring.ts";

export const alarmTopics: Check = {
  id: "alarm-topics",
  area: "alarms",
  does: "Each topic that these alarms notify has a confirmed subscription that leads to the agent: a Lambda function or an HTTPS address (`--agent TEXT` says what its address must contain).",
  remedy: "Subscribe the agent to the topic.",
  permissions: ["sns:ListSubscriptionsByTopic"],
  async run(examination, options) {
    const { services } = await watchedServices(examination, options);
    const actions = new Set(
      services.flatMap(({ alarms }) =>
        alarms.filter(({ alarm }) => alarm.actionsEnabled).flatMap(({ alarm }) => alarm.actions),
      ),
    );
    const topics = [...actions].filter(isTopic);
    const functions = [...actions].filter(isFunction);
    if (topics.length + functions.length === 0) {
      throw new NotCheckable("No alarm of these services notifies a topic; see `alarm-actions`.");
    }
    const wanted = examination.given.agentAddress;
    return [
      ...(await Promise.all(topics.map((topic) => judgeTopic(examination, topic, options)))),
      ...functions.map((arn) =>
        wanted === undefined || arn.includes(wanted)
          ? ok("alarms call this function directly", shortAddress(arn))
          : failed(`alarms call ${arn}, which is not the agent`, alarmTopics.remedy, shortAddress(arn)),
      ),
    ];
  },
};

async function judgeTopic(
  examination: Examination,
  topic: string,
  options: { readonly signal: AbortSignal },
): Promise<Finding> {
  const name = shortAddress(topic);
  const found = await listenersOf(examination, topic, options);
  if (found === "denied") {
    return skipped("The role may not list its subscriptions.", "Allow sns:ListSubscriptionsByTopic.", name);
  }
  if (found === "missing") {
    return failed(
      `alarms notify ${topic}, which does not exist`,
      `aws sns create-topic --name '${name}', then subscribe the agent to it.`,
      name,
    );
  }
  const { agentAddress } = examination.given;
  const agents = found.filter((one) => reachesAgent(one, agentAddress));
  if (agents.length > 0)
    return ok(`leads to ${agents.map(({ endpoint }) => shortAddress(endpoint)).join(", ")}`, name);
  const pending = found.filter(({ confirmed }) => !confirmed);
  const seen =
    found.length === 0
      ? "it has no subscription"
      : pending.length > 0
        ? `the subscription of ${pending.map(({ endpoint }) => shortAddress(endpoint)).join(", ")} is not confirmed`
        : `it notifies ${found.map(({ protocol }) => protocol).join(", ")}, but not the agent`;
  return failed(
    seen,
    pending.length > 0
      ? "Start `opsagent serve` at that address so that it confirms, or subscribe it anew."
      : `aws sns subscribe --topic-arn ${topic} --protocol lambda --notification-endpoint FUNCTION_ARN, and allow SNS to invoke it (aws lambda add-permission --principal sns.amazonaws.com).`,
    name,
  );
}
