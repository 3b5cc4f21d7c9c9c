import type { Inventory } from "../../../doctor/ports.ts";
import { call } from "../call.ts";
import type { InspectionClients } from "./clients.ts";

/** The most pages of clusters or services. */
const maxPages = 20;

/** Lists clusters and services. */
export function createInventory(clients: InspectionClients): Inventory {
  return {
    async clusters(options) {
      const [sdk, { client }] = await Promise.all([clients.inspection(), clients.ecs()]);
      const names: string[] = [];
      let nextToken: string | undefined;
      for (let page = 0; page < maxPages && (page === 0 || nextToken); page += 1) {
        const command = new sdk.ListClustersCommand({ ...(nextToken === undefined ? {} : { nextToken }) });
        const answer = await call("ecs:ListClusters", options, (send) => client.send(command, send));
        names.push(...(answer.clusterArns ?? []).map(lastPart));
        nextToken = answer.nextToken;
      }
      return names.sort();
    },

    async cluster(name, options) {
      const [sdk, { client }] = await Promise.all([clients.inspection(), clients.ecs()]);
      const command = new sdk.DescribeClustersCommand({ clusters: [name], include: ["SETTINGS"] });
      const answer = await call("ecs:DescribeClusters", options, (send) => client.send(command, send));
      const [found] = answer.clusters ?? [];
      if (found === undefined) return undefined;
      const insights = found.settings?.find((one) => one.name === "containerInsights")?.value ?? "disabled";
      return {
        arn: found.clusterArn ?? "",
        name: found.clusterName ?? lastPart(name),
        status: found.status ?? "",
        services: found.activeServicesCount ?? 0,
        containerInsights: insights !== "disabled",
      };
    },

    async services(cluster, options) {
      const [sdk, { client }] = await Promise.all([clients.inspection(), clients.ecs()]);
      const names: string[] = [];
      let nextToken: string | undefined;
      for (let page = 0; page < maxPages && (page === 0 || nextToken); page += 1) {
        const command = new sdk.ListServicesCommand({
          cluster,
          maxResults: 100,
          ...(nextToken === undefined ? {} : { nextToken }),
        });
        const answer = await call("ecs:ListServices", options, (send) => client.send(command, send));
        names.push(...(answer.serviceArns ?? []).map(lastPart));
        nextToken = answer.nextToken;
      }
      return { names: names.sort(), complete: nextToken === undefined };
    },
  };
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}
