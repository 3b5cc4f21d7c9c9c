import { setTimeout as sleep } from "node:timers/promises";
import { liveTasksOf } from "../ecs/state.ts";
import { isHealthy } from "../ecs/task-health.ts";
import type { LoadBalancer } from "../elbv2/elb.ts";
import { callInside, type Range } from "../range.ts";
import { type LoadProcess, startLoad } from "./load-process.ts";
import { fillIn, type Scenario, type ScenarioService } from "./scenario.ts";

/** A scenario that runs: services steady, load flowing, alarms armed. */
export interface Stage {
  readonly scenario: Scenario;
  readonly balancers: ReadonlyMap<string, LoadBalancer>;
  /** The declared services with their addresses filled in. */
  readonly services: readonly ScenarioService[];
  readonly load: LoadProcess;
  readonly alarmArns: readonly string[];
}

/**
 * Creates everything that a scenario declares and waits for its baseline. Throws when it does not settle.
 * `loadStarted` is told of the load generator as soon as it runs, so that it can be stopped at any time.
 */
export async function setStage(
  range: Range,
  scenario: Scenario,
  topicArn: string,
  loadStarted: (load: LoadProcess) => void,
): Promise<Stage> {
  await callInside(range, "CreateCluster", {
    clusterName: scenario.cluster,
    settings: [{ name: "containerInsights", value: "enhanced" }],
  });
  const balancers = new Map<string, LoadBalancer>();
  const values = new Map([["topic", topicArn]]);
  for (const service of scenario.services) {
    const balancer = await range.elb.createLoadBalancer(service.name, { idleTimeoutSeconds: 5 });
    balancers.set(service.name, balancer);
    values.set(`${service.name}.url`, balancer.url);
    values.set(`${service.name}.loadBalancer`, balancer.dimension);
    values.set(`${service.name}.targetGroup`, balancer.group.dimension);
  }
  const services = scenario.services.map((service) => fillIn(service, values) as ScenarioService);
  for (const service of services) await createService(range, scenario, service, balancers);
  await until("the services are steady and healthy", () => isSteady(range));

  const load = startLoad(balancers.get(scenario.load.service)?.url ?? "", scenario.load.perSecond);
  loadStarted(load);
  await until("load is flowing", () => load.counts().succeeded > 0);
  await sleep(scenario.baselineSeconds * 1000);
  const alarmArns = await armAlarms(range, scenario, values);
  return { scenario, balancers, services, load, alarmArns };
}

/** Registers a revision of a service's task definition; answers its ARN. */
export async function registerTaskDefinition(range: Range, service: ScenarioService): Promise<string> {
  const { name, containerPort } = service;
  const registered = await callInside(range, "RegisterTaskDefinition", {
    family: name,
    networkMode: "bridge",
    requiresCompatibilities: ["EC2"],
    containerDefinitions: [
      {
        name,
        image: service.image,
        cpu: service.cpu,
        memory: service.memory,
        essential: true,
        stopTimeout: service.stopTimeout,
        portMappings: [{ containerPort, hostPort: 0, protocol: "tcp" }],
        environment: Object.entries(service.environment).map(([key, value]) => ({ name: key, value })),
        logConfiguration: {
          logDriver: "awslogs",
          options: {
            "awslogs-group": `/ecs/${name}`,
            "awslogs-region": range.world.region,
            "awslogs-stream-prefix": "ecs",
          },
        },
      },
    ],
  });
  const { taskDefinitionArn } = registered["taskDefinition"] as { readonly taskDefinitionArn: string };
  return taskDefinitionArn;
}

async function createService(
  range: Range,
  scenario: Scenario,
  service: ScenarioService,
  balancers: ReadonlyMap<string, LoadBalancer>,
): Promise<void> {
  const { name, containerPort } = service;
  await registerTaskDefinition(range, service);
  await callInside(range, "CreateService", {
    cluster: scenario.cluster,
    serviceName: name,
    taskDefinition: name,
    desiredCount: service.desiredCount,
    healthCheckGracePeriodSeconds: service.healthCheckGracePeriodSeconds,
    deploymentConfiguration: {
      minimumHealthyPercent: service.minimumHealthyPercent,
      maximumPercent: service.maximumPercent,
      deploymentCircuitBreaker: { enable: service.circuitBreaker, rollback: service.circuitBreaker },
    },
    loadBalancers: [{ targetGroupArn: balancers.get(name)?.group.arn, containerName: name, containerPort }],
  });
  if (service.autoScaling) {
    await callInside(range, "RegisterScalableTarget", {
      ServiceNamespace: "ecs",
      ResourceId: `service/${scenario.cluster}/${name}`,
      ScalableDimension: "ecs:service:DesiredCount",
      MinCapacity: service.autoScaling.min,
      MaxCapacity: service.autoScaling.max,
    });
  }
}

function isSteady(range: Range): boolean {
  return [...range.ecs.state.services.values()].every(
    (service) =>
      service.steady &&
      liveTasksOf(range.ecs.state, service).every((task) => isHealthy(task, range.elb.targetGroups)),
  );
}

/** The alarms come last, so that they do not judge the start of the services. */
async function armAlarms(
  range: Range,
  scenario: Scenario,
  values: ReadonlyMap<string, string>,
): Promise<string[]> {
  for (const alarm of scenario.alarms) {
    await callInside(range, "PutMetricAlarm", fillIn(alarm, values) as Record<string, unknown>);
  }
  const described = await callInside(range, "DescribeAlarms", {
    AlarmNames: scenario.alarms.map((alarm) => alarm.AlarmName),
  });
  const alarms = described["MetricAlarms"] as readonly { readonly AlarmArn: string }[] | undefined;
  return (alarms ?? []).map((alarm) => alarm.AlarmArn);
}

/** Looks until it is so. Throws after `timeoutMs`. */
export async function until(what: string, condition: () => boolean, timeoutMs = 30_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Gave up waiting until ${what}.`);
    await sleep(50);
  }
}
