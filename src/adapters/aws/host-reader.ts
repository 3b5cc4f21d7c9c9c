import type { ContainerInstance } from "@aws-sdk/client-ecs";
import type { HostReading } from "../../domain/host-reading.ts";
import type { HostReader } from "../../evidence/ports.ts";
import { call } from "./call.ts";
import type { AwsClients } from "./clients.ts";
import { defined } from "./defined.ts";

/** The most that one call describes. */
const mostHosts = 100;

/** Reads container instances with one call. Those that are gone are left out. */
export function createHostReader(clients: AwsClients): HostReader {
  return {
    async hosts(target, arns, options) {
      if (arns.length === 0) return [];
      const { sdk, client } = await clients.ecs();
      const input = {
        cluster: target.cluster,
        containerInstances: [...arns].slice(0, mostHosts),
        include: ["CONTAINER_INSTANCE_HEALTH" as const],
      };
      const answer = await call("ecs:DescribeContainerInstances", options, (send) =>
        client.send(new sdk.DescribeContainerInstancesCommand(input), send),
      );
      return (answer.containerInstances ?? []).map(toHostReading);
    },
  };
}

function toHostReading(instance: ContainerInstance): HostReading {
  const arn = instance.containerInstanceArn ?? "";
  return defined({
    arn,
    id: instance.ec2InstanceId ?? arn.slice(arn.lastIndexOf("/") + 1),
    status: instance.status ?? "UNKNOWN",
    statusReason: instance.statusReason,
    agentConnected: instance.agentConnected ?? false,
    health: instance.healthStatus?.overallStatus,
    capacityProvider: instance.capacityProviderName,
  });
}
