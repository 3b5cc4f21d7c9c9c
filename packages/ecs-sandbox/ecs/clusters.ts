import { readObjects, readText, readTexts } from "../wire/input.ts";
import type { Operation } from "../wire/service.ts";
import { arnOf } from "../world.ts";
import { newInstance } from "./capacity.ts";
import type { Cluster } from "./model.ts";
import { pageOf } from "./paging.ts";
import { type EcsState, shortName } from "./state.ts";

/** CreateCluster, DescribeClusters, ListClusters. */
export function clusterOperations(state: EcsState): Record<string, Operation> {
  return {
    CreateCluster(input) {
      const name = readText(input, "clusterName") ?? "default";
      const known = state.clusters.get(name);
      if (known) return { cluster: clusterView(state, known) };
      const setting = readObjects(input, "settings").find((one) => one["name"] === "containerInsights");
      const value = setting?.["value"];
      const cluster: Cluster = {
        arn: arnOf(state.world, "ecs", `cluster/${name}`),
        name,
        instances: [newInstance(0, new Date(state.world.now()))],
        insights: value === "enhanced" || value === "enabled" ? value : "disabled",
      };
      state.clusters.set(name, cluster);
      return { cluster: clusterView(state, cluster) };
    },

    DescribeClusters(input) {
      const asked = readTexts(input, "clusters");
      const names = asked.length === 0 ? ["default"] : asked;
      const found = names.flatMap((name) => state.clusters.get(shortName(name)) ?? []);
      return {
        clusters: found.map((cluster) => clusterView(state, cluster)),
        failures: names
          .filter((name) => !state.clusters.has(shortName(name)))
          .map((name) => ({
            arn: name.startsWith("arn:") ? name : arnOf(state.world, "ecs", `cluster/${name}`),
            reason: "MISSING",
          })),
      };
    },

    ListClusters(input) {
      const page = pageOf(
        input,
        [...state.clusters.values()].map((cluster) => cluster.arn),
      );
      return { clusterArns: page.items, nextToken: page.nextToken };
    },
  };
}

function clusterView(state: EcsState, cluster: Cluster): Record<string, unknown> {
  const tasks = [...state.tasks.values()].filter((task) => task.cluster === cluster);
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: "ACTIVE",
    registeredContainerInstancesCount: cluster.instances.length,
    runningTasksCount: tasks.filter((task) => task.status === "RUNNING").length,
    pendingTasksCount: tasks.filter((task) => task.status === "PENDING").length,
    activeServicesCount: [...state.services.values()].filter(
      (service) => service.cluster === cluster && service.status === "ACTIVE",
    ).length,
    settings: [{ name: "containerInsights", value: cluster.insights }],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
    statistics: [],
    tags: [],
  };
}
