import type { ServiceDeploymentBrief, ServiceRevision } from "@aws-sdk/client-ecs";
import type { Target } from "../../domain/target.ts";
import type { DeploymentHistoryReader, ReadOptions } from "../../evidence/ports.ts";
import { call } from "./call.ts";
import type { AwsClients } from "./clients.ts";
import { toServiceDeploymentReading } from "./service-deployment-reading.ts";

/** The most deployments that one call describes. */
const newest = 20;

/** The list has no documented order: read until it ends or this limit, then sort. */
const maxPages = 2;

/** Reads a service's deployment history with at most four calls. */
export function createDeploymentHistoryReader(clients: AwsClients): DeploymentHistoryReader {
  async function list(target: Target, options?: ReadOptions): Promise<ServiceDeploymentBrief[]> {
    const { sdk, client } = await clients.ecs();
    const found: ServiceDeploymentBrief[] = [];
    let nextToken: string | undefined;
    for (let page = 0; page < maxPages && (page === 0 || nextToken); page += 1) {
      const input = {
        cluster: target.cluster,
        service: target.service,
        maxResults: 100,
        ...(nextToken === undefined ? {} : { nextToken }),
      };
      const answer = await call("ecs:ListServiceDeployments", options, (send) =>
        client.send(new sdk.ListServiceDeploymentsCommand(input), send),
      );
      found.push(...(answer.serviceDeployments ?? []));
      nextToken = answer.nextToken;
    }
    return found.sort(newestFirst).slice(0, newest);
  }

  async function revisions(arns: readonly string[], options?: ReadOptions): Promise<ServiceRevision[]> {
    if (arns.length === 0) return [];
    const { sdk, client } = await clients.ecs();
    const answer = await call("ecs:DescribeServiceRevisions", options, (send) =>
      client.send(new sdk.DescribeServiceRevisionsCommand({ serviceRevisionArns: [...arns] }), send),
    );
    return answer.serviceRevisions ?? [];
  }

  return {
    async deployments(target, options) {
      const briefs = await list(target, options);
      const arns = briefs.flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? []);
      if (arns.length === 0) return [];
      const { sdk, client } = await clients.ecs();
      const wanted = new Set(
        briefs.flatMap(({ targetServiceRevisionArn }) => targetServiceRevisionArn ?? []),
      );
      const [answer, known] = await Promise.all([
        call("ecs:DescribeServiceDeployments", options, (send) =>
          client.send(new sdk.DescribeServiceDeploymentsCommand({ serviceDeploymentArns: arns }), send),
        ),
        revisions([...wanted].slice(0, newest), options),
      ]);
      const byArn = new Map(known.map((revision) => [revision.serviceRevisionArn ?? "", revision]));
      return (answer.serviceDeployments ?? [])
        .toSorted(newestFirst)
        .map((deployment) => toServiceDeploymentReading(deployment, byArn));
    },
  };
}

function newestFirst(one: { createdAt?: Date | undefined }, other: { createdAt?: Date | undefined }): number {
  return (other.createdAt?.getTime() || 0) - (one.createdAt?.getTime() || 0);
}
