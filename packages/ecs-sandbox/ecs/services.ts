import {
  invalid,
  readFlag,
  readNumber,
  readObject,
  readObjects,
  readText,
  readTexts,
  requireText,
} from "../wire/input.ts";
import { type Operation, WireError } from "../wire/service.ts";
import { arnOf } from "../world.ts";
import { beginDeployment } from "./deployments.ts";
import type { Service } from "./model.ts";
import { pageOf } from "./paging.ts";
import { readDeploymentConfiguration, readDesiredCount, readLoadBalancers } from "./service-input.ts";
import { serviceView } from "./service-view.ts";
import {
  type EcsState,
  findCluster,
  findService,
  findTaskDefinition,
  lookUpService,
  primaryOf,
  shortName,
} from "./state.ts";

/** CreateService, UpdateService, DescribeServices, ListServices, DeleteService. `changed` wakes the scheduler. */
export function serviceOperations(
  state: EcsState,
  changed: (service: Service) => void,
): Record<string, Operation> {
  return {
    CreateService(input) {
      const cluster = findCluster(state, input);
      const name = requireText(input, "serviceName");
      if (lookUpService(state, cluster, name)?.status === "ACTIVE") {
        throw invalid("Creation of service was not idempotent.");
      }
      const definition = findTaskDefinition(state, requireText(input, "taskDefinition"));
      const [provider] = readObjects(input, "capacityProviderStrategy");
      const capacityProvider = provider && requireText(provider, "capacityProvider");
      const schedulingStrategy = readText(input, "schedulingStrategy") === "DAEMON" ? "DAEMON" : "REPLICA";
      refuseCountOfDaemon(schedulingStrategy, readDesiredCount(input));
      const service: Service = {
        arn: arnOf(state.world, "ecs", `service/${cluster.name}/${name}`),
        name,
        cluster,
        createdAt: new Date(state.world.now()),
        launchType: /^FARGATE/.test(capacityProvider ?? readText(input, "launchType") ?? "")
          ? "FARGATE"
          : "EC2",
        ...(capacityProvider === undefined ? {} : { capacityProvider }),
        schedulingStrategy,
        deploymentController:
          readText(readObject(input, "deploymentController"), "type") === "CODE_DEPLOY"
            ? "CODE_DEPLOY"
            : "ECS",
        loadBalancers: readLoadBalancers(input),
        status: "ACTIVE",
        desiredCount: readDesiredCount(input) ?? 0,
        deploymentConfiguration: readDeploymentConfiguration(input),
        healthCheckGracePeriodSeconds: readNumber(input, "healthCheckGracePeriodSeconds") ?? 0,
        deployments: [],
        events: [],
        steady: false,
        notBefore: 0,
        failedStarts: 0,
      };
      beginDeployment(state, service, definition);
      state.services.set(service.arn, service);
      changed(service);
      return { service: serviceView(state, service) };
    },

    UpdateService(input) {
      const service = findService(state, findCluster(state, input), requireText(input, "service"));
      const reference = readText(input, "taskDefinition");
      const definition = reference === undefined ? undefined : findTaskDefinition(state, reference);
      const current = primaryOf(service)?.revision.taskDefinition;
      const desiredCount = readDesiredCount(input);
      refuseCountOfDaemon(service.schedulingStrategy, desiredCount);
      if (
        service.deploymentController === "CODE_DEPLOY" &&
        (definition || readFlag(input, "forceNewDeployment"))
      )
        throw invalid(
          "Unable to update task definition on services with a CODE_DEPLOY deployment controller. Use AWS CodeDeploy to trigger a new deployment.",
        );
      service.deploymentConfiguration = readDeploymentConfiguration(input, service.deploymentConfiguration);
      service.healthCheckGracePeriodSeconds =
        readNumber(input, "healthCheckGracePeriodSeconds") ?? service.healthCheckGracePeriodSeconds;
      if (desiredCount !== undefined) service.desiredCount = desiredCount;
      const next = definition ?? current;
      if (next && (next !== current || readFlag(input, "forceNewDeployment"))) {
        beginDeployment(state, service, next);
      }
      changed(service);
      return { service: serviceView(state, service) };
    },

    DescribeServices(input) {
      const cluster = findCluster(state, input);
      const names = readTexts(input, "services");
      if (names.length === 0) throw invalid("Services cannot be empty.");
      if (names.length > 10) throw invalid("Cannot describe more than 10 services.");
      const found = names.flatMap((name) => lookUpService(state, cluster, name) ?? []);
      return {
        services: found.map((service) => serviceView(state, service)),
        failures: names
          .filter((name) => !lookUpService(state, cluster, name))
          .map((name) => ({
            arn: name.startsWith("arn:")
              ? name
              : arnOf(state.world, "ecs", `service/${cluster.name}/${shortName(name)}`),
            reason: "MISSING",
          })),
      };
    },

    ListServices(input) {
      const cluster = findCluster(state, input);
      const arns = [...state.services.values()]
        .filter((service) => service.cluster === cluster && service.status === "ACTIVE")
        .map((service) => service.arn);
      const page = pageOf({ maxResults: 10, ...input }, arns);
      return { serviceArns: page.items, nextToken: page.nextToken };
    },

    DeleteService(input) {
      const service = findService(state, findCluster(state, input), requireText(input, "service"));
      if (service.desiredCount > 0 && !readFlag(input, "force")) {
        throw new WireError(
          "InvalidParameterException",
          "The service cannot be stopped while it is scaled above 0.",
        );
      }
      service.desiredCount = 0;
      service.status = "DRAINING";
      changed(service);
      return { service: serviceView(state, service) };
    },
  };
}

/** The desired count of a daemon service is the number of its hosts. */
function refuseCountOfDaemon(strategy: Service["schedulingStrategy"], count: number | undefined): void {
  if (strategy === "DAEMON" && count !== undefined)
    throw invalid(
      "The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again",
    );
}
