/** What the three checks of alarms share. */
import { OpsAgentError } from "../domain/errors.ts";
import type { Examination } from "./examination.ts";
import type { AlarmWiring, SubscriptionReading } from "./ports.ts";
import { type Link, linkOf } from "./wiring.ts";

export interface WatchedService {
  readonly name: string;
  readonly alarms: readonly { readonly alarm: AlarmWiring; readonly link: Link }[];
}

/** Returns each service with its alarms. Throws `NotCheckable` where alarms or services are unknown. */
export async function watchedServices(
  examination: Examination,
  options: { readonly signal: AbortSignal },
): Promise<{ readonly services: readonly WatchedService[]; readonly complete: boolean }> {
  const { config, ports } = examination.configured();
  const [cluster, services, { alarms, complete }] = await Promise.all([
    examination.cluster(),
    examination.services(),
    examination.alarms(),
  ]);
  const byName = new Map(alarms.map((alarm) => [alarm.name, alarm]));
  const watched = services.map(async ({ name, reading }): Promise<WatchedService> => {
    const groups = await ports.loadBalancers.targetGroups(reading.targetGroupArns, options).catch(() => []);
    const about = {
      cluster: cluster.name,
      service: name,
      targetGroups: groups.map(({ targetGroupDimension }) => targetGroupDimension),
      patterns: config.policy.alarms.filter((rule) => rule.service === name).map(({ pattern }) => pattern),
    };
    const linked = alarms.flatMap((alarm) => {
      const link = linkOf(alarm, about, (child) => byName.get(child));
      return link === undefined ? [] : [{ alarm, link }];
    });
    return { name, alarms: linked };
  });
  return { services: await Promise.all(watched), complete };
}

/** Returns the subscribers of a topic, or a word that says why they are unknown. */
export async function listenersOf(
  { configured }: Examination,
  topicArn: string,
  options: { readonly signal: AbortSignal },
): Promise<readonly SubscriptionReading[] | "missing" | "denied"> {
  try {
    return (await configured().ports.topics.subscriptions(topicArn, options)) ?? "missing";
  } catch (thrown) {
    if (thrown instanceof OpsAgentError && thrown.code === "aws-denied") return "denied";
    throw thrown;
  }
}
