import { OpsAgentError } from "../../domain/errors.ts";
import type { ServiceNamesReader } from "../../evidence/ports.ts";
import { call } from "./call.ts";
import type { AwsClients } from "./clients.ts";

/** The most names that one DescribeServices takes. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html */
const NAMES_A_CALL = 10;

/** Asks for the names themselves: one call for ten of them, however many services the cluster has. */
export function createServiceNamesReader(clients: AwsClients): ServiceNamesReader {
  return {
    async missing(cluster, names, options) {
      const { sdk, client } = await clients.ecs();
      const there = new Set<string>();
      const gone = new Set<string>();
      for (let from = 0; from < names.length; from += NAMES_A_CALL) {
        const services = names.slice(from, from + NAMES_A_CALL);
        const answer = await call("ecs:DescribeServices", options, (send) =>
          client.send(new sdk.DescribeServicesCommand({ cluster, services }), send),
        );
        for (const { serviceName, status } of answer.services ?? [])
          if (serviceName !== undefined) (status === "INACTIVE" ? gone : there).add(serviceName);
        for (const { arn, reason } of answer.failures ?? [])
          if (reason === "MISSING") gone.add(arn?.split("/").at(-1) ?? "");
      }
      const unsaid = names.filter((name) => !there.has(name) && !gone.has(name));
      if (unsaid.length > 0) {
        throw new OpsAgentError({
          code: "aws-failed",
          message: `ECS DescribeServices does not say whether ${cluster} has ${unsaid.join(", ")}.`,
          remedy: "Look at the cluster in the ECS console, and check what the agent's role may read.",
        });
      }
      return names.filter((name) => !there.has(name));
    },
  };
}
