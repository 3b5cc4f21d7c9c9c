import type { LoadBalancer } from "../elbv2/model.ts";
import { callInside, type Range } from "../range.ts";
import { arnOf } from "../world.ts";
import { clusterOf, type Scenario, type ScenarioService } from "./scenario.ts";

/** Registers a revision of a service's task definition; answers its ARN. */
export async function registerTaskDefinition(range: Range, service: ScenarioService): Promise<string> {
  const { name, containerPort } = service;
  const { region } = range.world;
  const logConfiguration = awslogs(service.logGroup ?? `/ecs/${name}`, service.logPrefix, region);
  const registered = await callInside(range, "RegisterTaskDefinition", {
    family: name,
    networkMode: "bridge",
    requiresCompatibilities: [service.launchType],
    ...(service.launchType === "FARGATE" || service.cpuIsLimit ? { cpu: String(service.cpu) } : {}),
    ...(service.launchType === "FARGATE" ? { memory: String(service.memory) } : {}),
    ...(service.ephemeralStorageGiB === undefined
      ? {}
      : { ephemeralStorage: { sizeInGiB: service.ephemeralStorageGiB } }),
    containerDefinitions: [
      {
        name,
        image: service.image,
        cpu: service.cpu,
        memory: service.memory,
        memoryReservation: service.memoryReservation,
        essential: true,
        stopTimeout: service.stopTimeout,
        portMappings: [{ containerPort, hostPort: 0, protocol: "tcp" }],
        environment: variables(service.environment),
        secrets: Object.entries(service.secrets).map(([key, secret]) => ({
          name: key,
          valueFrom: range.secrets.arnOf(secret),
        })),
        healthCheck: service.containerHealthCheck,
        dependsOn: Object.entries(service.dependsOn).map(([containerName, condition]) => ({
          containerName,
          condition,
        })),
        logConfiguration: service.fireLens
          ? { logDriver: "awsfirelens", options: service.fireLens }
          : logConfiguration,
      },
      ...service.sidecars.map(({ environment, logRouter, ...sidecar }) => ({
        ...sidecar,
        stopTimeout: service.stopTimeout,
        environment: variables(environment),
        ...(logRouter && { firelensConfiguration: { type: "fluentbit" } }),
        logConfiguration: logRouter ? awslogs(logRouter.group, "firelens", region) : logConfiguration,
      })),
    ],
  });
  const { taskDefinitionArn } = registered["taskDefinition"] as { readonly taskDefinitionArn: string };
  return taskDefinitionArn;
}

function awslogs(group: string, prefix: string, region: string): object {
  return {
    logDriver: "awslogs",
    options: { "awslogs-group": group, "awslogs-region": region, "awslogs-stream-prefix": prefix },
  };
}

function variables(environment: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(environment).map(([name, value]) => ({ name, value }));
}

/** Creates a service behind its load balancer, with the bounds of its scaling. */
export async function createService(
  range: Range,
  scenario: Scenario,
  service: ScenarioService,
  balancer: LoadBalancer | undefined,
): Promise<void> {
  const { name, containerPort } = service;
  await registerTaskDefinition(range, service);
  await callInside(range, "CreateService", {
    cluster: clusterOf(scenario, name),
    serviceName: name,
    taskDefinition: name,
    ...(service.schedulingStrategy === "DAEMON" ? {} : { desiredCount: service.desiredCount }),
    schedulingStrategy: service.schedulingStrategy,
    deploymentController: { type: service.controller },
    ...(service.capacityProvider === undefined
      ? { launchType: service.launchType }
      : { capacityProviderStrategy: [{ capacityProvider: service.capacityProvider, weight: 1 }] }),
    healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
    deploymentConfiguration: {
      ...(service.controller === "CODE_DEPLOY" && {
        strategy: "BLUE_GREEN",
        bakeTimeInMinutes: 60,
      }),
      ...service.rollout,
      minimumHealthyPercent: service.minimumHealthyPercent,
      maximumPercent: service.maximumPercent,
      deploymentCircuitBreaker: { enable: service.circuitBreaker, rollback: service.circuitBreaker },
    },
    loadBalancers: [
      {
        targetGroupArn: balancer?.group.arn,
        containerName: name,
        containerPort,
        ...(balancer?.alternate && {
          advancedConfiguration: {
            alternateTargetGroupArn: balancer.alternate.arn,
            productionListenerRule: balancer.arn.replace(":loadbalancer/", ":listener-rule/").concat("/1/1"),
            roleArn: arnOf(range.world, "iam", "role/ecsInfrastructureRole"),
          },
        }),
      },
    ],
  });
  if (!service.autoScaling) return;
  await callInside(range, "RegisterScalableTarget", {
    ...scalableTarget(scenario, name),
    MinCapacity: service.autoScaling.min,
    MaxCapacity: service.autoScaling.max,
    SuspendedState: suspendedState(service.autoScaling.suspended),
  });
}

const metricTypes = {
  cpu: "ECSServiceAverageCPUUtilization",
  memory: "ECSServiceAverageMemoryUtilization",
  requests: "ALBRequestCountPerTarget",
} as const;

/** What names the desired count of a service to Application Auto Scaling. */
export function scalableTarget(scenario: Scenario, service: string): Record<string, string> {
  return {
    ServiceNamespace: "ecs",
    ResourceId: `service/${clusterOf(scenario, service)}/${service}`,
    ScalableDimension: "ecs:service:DesiredCount",
  };
}

/** Puts the scaling policies that a service declares, with their alarms: they judge from now on. */
export async function putScalingPolicies(
  range: Range,
  scenario: Scenario,
  service: ScenarioService,
  balancer: LoadBalancer | undefined,
): Promise<void> {
  const id = scalableTarget(scenario, service.name);
  for (const policy of service.autoScaling?.policies ?? []) {
    const label = balancer && `${balancer.dimension}/${balancer.group.dimension}`;
    await callInside(range, "PutScalingPolicy", {
      ...id,
      PolicyName: `${service.name}-${policy.metric}`,
      PolicyType: "TargetTrackingScaling",
      TargetTrackingScalingPolicyConfiguration: {
        TargetValue: policy.target,
        PredefinedMetricSpecification: {
          PredefinedMetricType: metricTypes[policy.metric],
          ...(policy.metric === "requests" ? { ResourceLabel: label } : {}),
        },
        ScaleOutCooldown: policy.scaleOutCooldown,
        ScaleInCooldown: policy.scaleInCooldown,
        DisableScaleIn: policy.disableScaleIn,
      },
    });
  }
}

/** Dynamic scaling in both directions on or off. */
export function suspendedState(isSuspended: boolean): Record<string, boolean> {
  return { DynamicScalingInSuspended: isSuspended, DynamicScalingOutSuspended: isSuspended };
}
