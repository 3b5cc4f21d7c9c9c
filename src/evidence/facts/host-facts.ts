/** Container instances in trouble, with the tasks of the service on them. Hosts that are well say nothing. */
import type { HostReading } from "../../domain/host-reading.ts";
import type { TaskReading } from "../../domain/reading.ts";
import { known } from "../known.ts";
import type { FactDraft } from "../source.ts";
import { shortId } from "./task-facts.ts";

/** The container instances that tasks run on, each once. Tasks of Fargate have none. */
export function hostsOf(tasks: readonly TaskReading[]): string[] {
  return [...new Set(tasks.flatMap(({ host }) => host ?? []))];
}

/** As many are read; what stands beyond is not said to be gone. */
const MOST_HOSTS = 100;

/**
 * One fact for every host that is not well.
 * @param hosts undefined where they were not read, or could not be
 * @param asked the hosts that were asked for; one that ECS no longer knows is gone
 */
export function hostFacts(
  hosts: readonly HostReading[] | undefined,
  asked: readonly string[],
  running: readonly TaskReading[],
): FactDraft[] {
  if (hosts === undefined) return [];
  const missing = asked
    .slice(0, MOST_HOSTS)
    .filter((arn) => !hosts.some((host) => host.arn === arn))
    .map(
      (arn): HostReading => ({
        arn,
        id: arn.slice(arn.lastIndexOf("/") + 1),
        status: "GONE",
        agentConnected: false,
      }),
    );
  return [...hosts, ...missing].flatMap((host): FactDraft[] => {
    const trouble = troubleOf(host);
    if (trouble === undefined) return [];
    const tasks = running.filter((task) => task.host === host.arn).map(({ id }) => id);
    const which = tasks.length === 0 ? "no task of the service" : `task ${tasks.map(shortId).join(", ")}`;
    return [
      {
        kind: "host",
        provenance: "control-plane",
        statement: `Host ${host.id}${host.id.startsWith("mi-") ? " (outside AWS)" : ""}, with ${which}: ${trouble}.`,
        data: known({
          host: host.id,
          status: host.status,
          agentConnected: host.agentConnected,
          health: host.health,
          capacityProvider: host.capacityProvider,
          external: host.id.startsWith("mi-") ? true : undefined,
          taskIds: tasks,
        }),
      },
    ];
  });
}

function troubleOf({ status, statusReason, agentConnected, health }: HostReading): string | undefined {
  const why = statusReason === undefined ? "" : ` (${statusReason})`;
  if (status === "GONE") return "ECS no longer knows it";
  if (!agentConnected) return "its agent is disconnected, so ECS can stop and start nothing on it";
  if (status === "DRAINING") return `it drains: ECS moves its tasks away${why}`;
  if (status !== "ACTIVE") return `it is ${status}${why}`;
  return health === "IMPAIRED" ? "ECS calls it IMPAIRED" : undefined;
}
