import type { ServiceDeployment, ServiceRevision } from "@aws-sdk/client-ecs";
import type { ServiceDeploymentReading } from "../../domain/reading.ts";
import { defined, isoTime } from "./defined.ts";
import { toDeploymentProgress } from "./service-shape-reading.ts";

/** Converts ECS's description of a past deployment; the revisions have its task definition and images. */
export function toServiceDeploymentReading(
  deployment: ServiceDeployment,
  revisions: ReadonlyMap<string, ServiceRevision>,
): ServiceDeploymentReading {
  const { targetServiceRevision, sourceServiceRevisions, rollback, deploymentCircuitBreaker } = deployment;
  const target = revisions.get(targetServiceRevision?.arn ?? "");
  return defined({
    id: lastPart(deployment.serviceDeploymentArn) ?? "",
    arn: deployment.serviceDeploymentArn,
    revision: lastPart(targetServiceRevision?.arn),
    status: deployment.status ?? "UNKNOWN",
    reason: deployment.statusReason,
    createdAt: isoTime(deployment.createdAt),
    startedAt: isoTime(deployment.startedAt),
    finishedAt: isoTime(deployment.finishedAt ?? deployment.stoppedAt),
    taskDefinition: target?.taskDefinition,
    images: (target?.containerImages ?? []).map(({ containerName, image, imageDigest }) =>
      defined({ container: containerName ?? "", image: image ?? "", digest: imageDigest }),
    ),
    replaced: (sourceServiceRevisions ?? []).flatMap(
      ({ arn }) => revisions.get(arn ?? "")?.taskDefinition ?? [],
    ),
    circuitBreaker:
      deploymentCircuitBreaker &&
      defined({
        status: deploymentCircuitBreaker.status ?? "UNKNOWN",
        failures: deploymentCircuitBreaker.failureCount ?? 0,
        threshold: deploymentCircuitBreaker.threshold,
      }),
    rollback:
      rollback &&
      defined({
        reason: rollback.reason,
        taskDefinition: revisions.get(rollback.serviceRevisionArn ?? "")?.taskDefinition,
      }),
    ...toDeploymentProgress(deployment, revisions),
  });
}

function lastPart(arn: string | undefined): string | undefined {
  return arn?.slice(arn.lastIndexOf("/") + 1);
}
