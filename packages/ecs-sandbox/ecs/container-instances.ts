import { invalid, readText, readTexts } from "../wire/input.ts";
import type { Operation } from "../wire/service.ts";
import { arnOf } from "../world.ts";
import type { Cluster, ContainerInstance } from "./model.ts";
import { pageOf } from "./paging.ts";
import { type EcsState, findCluster, shortName } from "./state.ts";

/** ListContainerInstances, DescribeContainerInstances. */
export function containerInstanceOperations(state: EcsState): Record<string, Operation> {
  const arnFor = (cluster: Cluster, id: string) =>
    arnOf(state.world, "ecs", `container-instance/${cluster.name}/${id}`);

  function view(cluster: Cluster, instance: ContainerInstance): Record<string, unknown> {
    const tasks = [...state.tasks.values()].filter((task) => task.instance === instance);
    return {
      containerInstanceArn: arnFor(cluster, instance.id),
      ec2InstanceId: instance.ec2InstanceId,
      version: 1,
      versionInfo: { agentVersion: "1.98.0", dockerVersion: "DockerVersion: 25.0.8" },
      registeredResources: [],
      remainingResources: [],
      status: instance.status,
      agentConnected: instance.agentConnected,
      runningTasksCount: tasks.filter((task) => task.status === "RUNNING").length,
      pendingTasksCount: tasks.filter((task) => task.status === "PENDING").length,
      registeredAt: instance.registeredAt,
      attributes: [],
      attachments: [],
      tags: [],
    };
  }

  return {
    ListContainerInstances(input) {
      const cluster = findCluster(state, input);
      const status = readText(input, "status");
      const arns = cluster.instances
        .filter((one) => status === undefined || one.status === status)
        .map(({ id }) => arnFor(cluster, id));
      const page = pageOf(input, arns);
      return { containerInstanceArns: page.items, nextToken: page.nextToken };
    },

    DescribeContainerInstances(input) {
      const cluster = findCluster(state, input);
      const asked = readTexts(input, "containerInstances");
      if (asked.length === 0) throw invalid("Container instances cannot be empty.");
      const find = (one: string) => cluster.instances.find(({ id }) => id === shortName(one));
      return {
        containerInstances: asked.flatMap((one) => find(one) ?? []).map((found) => view(cluster, found)),
        failures: asked
          .filter((one) => !find(one))
          .map((one) => ({ arn: arnFor(cluster, shortName(one)), reason: "MISSING" })),
      };
    },
  };
}
