import { invalid, readText, readTexts, requireText } from "../wire/input.ts";
import { type Operation, WireError } from "../wire/service.ts";
import { requestRollback, revisionsOf } from "./deployments.ts";
import type { Deployment, Service } from "./model.ts";
import { pageOf } from "./paging.ts";
import { serviceDeploymentView, serviceRevisionView } from "./service-view.ts";
import { type EcsState, findCluster, findService } from "./state.ts";

/** What StopServiceDeployment takes: for a rollback that goes on already it changes nothing. */
const ongoing: ReadonlySet<Deployment["status"]> = new Set([
  "IN_PROGRESS",
  "ROLLBACK_REQUESTED",
  "ROLLBACK_IN_PROGRESS",
]);

/**
 * ListServiceDeployments, DescribeServiceDeployments, StopServiceDeployment, ContinueServiceDeployment,
 * DescribeServiceRevisions.
 */
export function serviceDeploymentOperations(
  state: EcsState,
  changed: (service: Service) => void,
): Record<string, Operation> {
  function find(arn: string): { service: Service; deployment: Deployment } | undefined {
    for (const service of state.services.values()) {
      const deployment = service.deployments.find((one) => one.arn === arn);
      if (deployment) return { service, deployment };
    }
    return undefined;
  }

  return {
    ListServiceDeployments(input) {
      const service = findService(state, findCluster(state, input), requireText(input, "service"));
      const statuses = readTexts(input, "status");
      const briefs = (service.deploymentController === "ECS" ? service.deployments : [])
        .filter((deployment) => statuses.length === 0 || statuses.includes(deployment.status))
        .map((deployment) => ({
          serviceDeploymentArn: deployment.arn,
          serviceArn: service.arn,
          clusterArn: service.cluster.arn,
          startedAt: deployment.createdAt,
          createdAt: deployment.createdAt,
          finishedAt: deployment.finishedAt,
          targetServiceRevisionArn: deployment.revision.arn,
          status: deployment.status,
          statusReason: deployment.statusReason,
        }));
      const page = pageOf(input, briefs);
      return { serviceDeployments: page.items, nextToken: page.nextToken };
    },

    DescribeServiceDeployments(input) {
      const arns = readTexts(input, "serviceDeploymentArns");
      if (arns.length === 0) throw invalid("serviceDeploymentArns cannot be empty.");
      return {
        serviceDeployments: arns.flatMap((arn) => {
          const found = find(arn);
          return found ? [serviceDeploymentView(state, found.service, found.deployment)] : [];
        }),
        failures: arns.filter((arn) => !find(arn)).map((arn) => ({ arn, reason: "MISSING" })),
      };
    },

    StopServiceDeployment(input) {
      const arn = requireText(input, "serviceDeploymentArn");
      const found = find(arn);
      if (!found) throw new WireError("ServiceDeploymentNotFoundException", "Service deployment not found.");
      if (!ongoing.has(found.deployment.status)) {
        throw new WireError(
          "ConflictException",
          `The service deployment is in the ${found.deployment.status} status and cannot be stopped.`,
        );
      }
      if ((readText(input, "stopType") ?? "ROLLBACK") === "ROLLBACK") {
        if (!requestRollback(state, found.service, found.deployment)) {
          throw new WireError("ConflictException", "There is no service revision to roll back to.");
        }
      } else if (found.deployment.status === "IN_PROGRESS") {
        found.deployment.status = "STOPPED";
        found.deployment.rolloutState = "FAILED";
        found.deployment.finishedAt = new Date(state.world.now());
      }
      changed(found.service);
      return { serviceDeploymentArn: arn };
    },

    ContinueServiceDeployment(input) {
      const arn = requireText(input, "serviceDeploymentArn");
      const hookId = requireText(input, "hookId");
      const found = find(arn);
      if (!found) throw new WireError("ServiceDeploymentNotFoundException", "Service deployment not found.");
      const run = found.deployment.shift?.hooks.find(({ id }) => id === hookId);
      if (run?.status !== "AWAITING_ACTION" || found.deployment.status !== "IN_PROGRESS")
        throw invalid("The lifecycle hook is not awaiting an action.");
      run.status = "SUCCEEDED";
      if (readText(input, "action") === "ROLLBACK") {
        const reason = "Service deployment rolled back because of a ContinueServiceDeployment request.";
        requestRollback(state, found.service, found.deployment, reason);
      }
      changed(found.service);
      return { serviceDeploymentArn: arn };
    },

    DescribeServiceRevisions(input) {
      const arns = readTexts(input, "serviceRevisionArns");
      const known = [...state.services.values()].flatMap((service) =>
        revisionsOf(service).map((revision) => ({ service, revision })),
      );
      const found = arns.flatMap((arn) => known.find(({ revision }) => revision.arn === arn) ?? []);
      return {
        serviceRevisions: found.map(({ service, revision }) => serviceRevisionView(service, revision)),
        failures: arns
          .filter((arn) => !known.some(({ revision }) => revision.arn === arn))
          .map((arn) => ({ arn, reason: "MISSING" })),
      };
    },
  };
}
