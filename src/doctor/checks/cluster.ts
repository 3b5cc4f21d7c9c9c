import { OpsAgentError } from "../../domain/errors.ts";
import { type Check, failed, ok, skipped } from "../check.ts";
import type { DoctorPorts } from "../examination.ts";
import { NotCheckable } from "../not-checkable.ts";

export const cluster: Check = {
  id: "cluster",
  area: "services",
  does: "ECS_CLUSTER is set, and a cluster of that name is active in this account and region.",
  remedy: "Set ECS_CLUSTER to the name of the cluster, and AWS_REGION to its region.",
  permissions: ["ecs:DescribeClusters", "ecs:ListClusters"],
  async run({ configured }, options) {
    const { config, ports } = configured();
    const { region } = config.aws;
    if (config.cluster === undefined) {
      const here = await clustersHere(ports, options);
      return failed(`ECS_CLUSTER is not set; ${clustersText(here, region)}`, remedyFor(here));
    }
    const found = await ports.inventory.cluster(config.cluster, options).catch((thrown: unknown) => {
      if (thrown instanceof OpsAgentError && thrown.code === "aws-denied") return "denied" as const;
      throw thrown;
    });
    if (found === "denied") {
      return skipped(
        "The role may not ask (ecs:DescribeClusters); the services are looked for directly.",
        "Allow ecs:DescribeClusters to the role that runs doctor.",
      );
    }
    if (found === undefined || found.status !== "ACTIVE") {
      const here = await clustersHere(ports, options);
      const state = found === undefined ? "There is no" : "There is no active";
      return failed(
        `${state} cluster "${config.cluster}" in ${region}; ${clustersText(here, region)}`,
        remedyFor(here),
      );
    }
    const insights = found.containerInsights ? "on" : "off";
    return ok(`${found.name} is active with ${found.services} services, Container Insights ${insights}`);
  },
};

async function clustersHere(
  ports: DoctorPorts,
  options: { readonly signal: AbortSignal },
): Promise<readonly string[]> {
  return ports.inventory.clusters(options).catch((thrown: unknown) => {
    if (thrown instanceof OpsAgentError) return [];
    throw new NotCheckable("The clusters could not be listed.");
  });
}

function clustersText(names: readonly string[], region: string): string {
  return names.length === 0
    ? `no cluster is to be seen in ${region}`
    : `${region} has ${names.slice(0, 10).join(", ")}`;
}

function remedyFor(names: readonly string[]): string {
  return names.length === 0
    ? "Check AWS_REGION and the account of the credentials (see `identity`), then set ECS_CLUSTER."
    : `Set ECS_CLUSTER to one of these, such as ${names[0]}; or AWS_REGION to the region that has it.`;
}
