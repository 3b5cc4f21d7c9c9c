/** Reads a cluster: its services, their autoscaling and their alarms. */
import type { DoctorPorts } from "../doctor/examination.ts";
import type { AlarmWiring, ClusterReading } from "../doctor/ports.ts";
import { isTopic, type Link, linkOf, reachesAgent } from "../doctor/wiring.ts";
import type { ScalingLimitsReading, ServiceReading, TargetGroupReading } from "../domain/reading.ts";

export interface SeenService {
  readonly name: string;
  readonly reading: ServiceReading;
  readonly limits?: ScalingLimitsReading;
  readonly targetGroups: readonly TargetGroupReading[];
  readonly alarms: readonly { readonly alarm: AlarmWiring; readonly link: Link }[];
}

export interface Seen {
  readonly account: string;
  readonly region: string;
  readonly cluster: ClusterReading;
  readonly services: readonly SeenService[];
  /** A topic that these services' alarms notify and that leads to a function or an address. */
  readonly topic?: string;
  /** What could not be read. */
  readonly gaps: readonly string[];
}

type LookPorts = Pick<
  DoctorPorts,
  "account" | "inventory" | "alarms" | "topics" | "ecs" | "loadBalancers" | "scaling"
>;

/** Services read at a time; each takes three or four calls. */
const AT_ONCE = 6;
const READ_MS = 15_000;

/**
 * Reads the cluster. Throws {@link OpsAgentError} when cluster or services cannot be read; other failures become
 * gaps.
 */
export async function look(cluster: ClusterReading, region: string, ports: LookPorts): Promise<Seen> {
  const gaps = new Set<string>();
  const orGap = async <T>(what: string, read: Promise<T>, otherwise: T): Promise<T> =>
    read.catch((error: unknown) => {
      gaps.add(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      return otherwise;
    });
  const [{ account }, listed, { alarms }] = await Promise.all([
    ports.account.identity(timed()),
    ports.inventory.services(cluster.name, timed()),
    orGap("alarms", ports.alarms.alarms(timed()), { alarms: [], complete: false }),
  ]);
  if (!listed.complete) gaps.add("services: there are more than were listed");
  const byName = new Map(alarms.map((alarm) => [alarm.name, alarm]));

  async function lookAt(service: string): Promise<SeenService[]> {
    const target = { cluster: cluster.name, service };
    const reading = await ports.ecs.service(target, timed());
    if (reading === undefined) return [];
    const [limits, targetGroups] = await Promise.all([
      orGap("autoscaling", ports.scaling.limits(target, timed()), undefined),
      orGap("load balancers", ports.loadBalancers.targetGroups(reading.targetGroupArns, timed()), []),
    ]);
    const names = targetGroups.map(({ targetGroupDimension }) => targetGroupDimension);
    const watched = { ...target, targetGroups: names, patterns: [] };
    const linked = alarms.flatMap((alarm) => {
      const link = linkOf(alarm, watched, (child) => byName.get(child));
      return link === undefined ? [] : [{ alarm, link }];
    });
    return [
      { name: service, reading, targetGroups, alarms: linked, ...(limits === undefined ? {} : { limits }) },
    ];
  }

  const services: SeenService[] = [];
  for (let at = 0; at < listed.names.length; at += AT_ONCE) {
    services.push(...(await Promise.all(listed.names.slice(at, at + AT_ONCE).map(lookAt))).flat());
  }
  const topic = await orGap("topics", agentTopic(services, ports), undefined);
  const seen = { account, region, cluster, services, gaps: [...gaps] };
  return topic === undefined ? seen : { ...seen, topic };
}

async function agentTopic(
  services: readonly SeenService[],
  { topics }: LookPorts,
): Promise<string | undefined> {
  const arns = services.flatMap(({ alarms }) => alarms.flatMap(({ alarm }) => alarm.actions)).filter(isTopic);
  for (const topic of new Set(arns)) {
    const listeners = (await topics.subscriptions(topic, timed())) ?? [];
    if (listeners.some((one) => reachesAgent(one, undefined))) return topic;
  }
  return undefined;
}

function timed() {
  return { signal: AbortSignal.timeout(READ_MS) };
}
