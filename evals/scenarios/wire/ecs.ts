/** ECS as it answers over AWS JSON 1.1. Times are seconds. */
import { json } from "../../../test/support/aws-stub-answers.ts";
import type { StubInput } from "../../../test/support/aws-stub-server.ts";
import { createRandom } from "../random.ts";
import type { DefinitionSpec } from "../types.ts";
import type { Handlers } from "./handlers.ts";
import type { Scene } from "./scene.ts";

/** The operations of ECS that the product calls; see `historyHandlers` for its deployment history. */
export function ecsHandlers(scene: Scene): Handlers {
  const tasks = new Map<string, unknown>([
    ...scene.running.map((task) => [task.arn, runningTask(scene, task)] as const),
    ...scene.stopped.map((task) => [task.arn, stoppedTask(scene, task)] as const),
  ]);
  return {
    DescribeServices: () => json({ services: [serviceOf(scene)], failures: [] }),
    ListTasks: ({ desiredStatus }) =>
      json({
        taskArns: (desiredStatus === "STOPPED" ? scene.stopped : scene.running).map((task) => task.arn),
      }),
    DescribeTasks: (input) =>
      json({ tasks: texts(input["tasks"]).flatMap((arn) => tasks.get(arn) ?? []), failures: [] }),
    DescribeTaskDefinition: (input) => describeDefinition(scene, input),
  };
}

function serviceOf(scene: Scene) {
  const { world } = scene;
  const balanced = world.balancer !== false;
  const breaker = world.breaker ?? "rollback";
  return {
    serviceArn: scene.arn("ecs", `service/${scene.cluster}/${world.service}`),
    serviceName: world.service,
    clusterArn: scene.arn("ecs", `cluster/${scene.cluster}`),
    status: "ACTIVE",
    desiredCount: scene.desired,
    runningCount: scene.running.filter((task) => (task.status ?? "RUNNING") === "RUNNING").length,
    pendingCount: scene.running.filter((task) => /PENDING|PROVISIONING|ACTIVATING/.test(task.status ?? ""))
      .length,
    launchType: world.launch === "ec2" ? "EC2" : "FARGATE",
    ...(world.launch === "ec2" ? {} : { platformVersion: "1.4.0", platformFamily: "Linux" }),
    taskDefinition: scene.definitionArn(primaryOf(scene)?.revision),
    schedulingStrategy: "REPLICA",
    deploymentController: { type: "ECS" },
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: breaker !== "off", rollback: breaker === "rollback" },
      maximumPercent: world.maximumPercent ?? 200,
      minimumHealthyPercent: world.minimumHealthyPercent ?? 100,
    },
    ...(balanced || world.graceSeconds !== undefined
      ? { healthCheckGracePeriodSeconds: world.graceSeconds ?? 60 }
      : {}),
    loadBalancers: balanced
      ? [{ targetGroupArn: scene.targetGroupArn, containerName: scene.container, containerPort: scene.port }]
      : [],
    deployments: scene.deployments.map((deployment, index) => {
      const status = deployment.status ?? (index === 0 ? "PRIMARY" : "ACTIVE");
      const primary = status === "PRIMARY";
      return {
        id: deployment.id,
        status,
        taskDefinition: scene.definitionArn(deployment.revision),
        desiredCount: deployment.desired ?? (primary ? scene.desired : 0),
        runningCount:
          deployment.running ??
          scene.running.filter(
            (task) =>
              (task.status ?? "RUNNING") === "RUNNING" && (task.revision ?? 0) === deployment.revision,
          ).length,
        pendingCount: deployment.pending ?? 0,
        failedTasks: deployment.failed ?? 0,
        createdAt: scene.seconds(deployment.at),
        updatedAt: scene.seconds(Math.min(deployment.at + 4, -0.2)),
        launchType: world.launch === "ec2" ? "EC2" : "FARGATE",
        rolloutState: deployment.rollout ?? "COMPLETED",
        rolloutStateReason:
          deployment.reason?.replace("{deployment}", scene.deployments[1]?.id ?? "") ??
          (deployment.rollout === "IN_PROGRESS"
            ? `ECS deployment ${deployment.id} in progress.`
            : `ECS deployment ${deployment.id} completed.`),
      };
    }),
    events: eventsOf(scene),
    createdAt: scene.seconds(world.young ? Math.min(...scene.deployments.map(({ at }) => at)) : -300 * 1440),
    enableExecuteCommand: false,
  };
}

function primaryOf(scene: Scene) {
  return scene.deployments.find((deployment) => deployment.status === "PRIMARY") ?? scene.deployments[0];
}

/** Newest first. The scheduler repeats "steady state" about every six hours. */
function eventsOf(scene: Scene) {
  const { world } = scene;
  const written = [
    ...(world.events ?? []),
    ...scene.stopped
      .filter((task) => task.lived !== undefined)
      .map(
        (task) => [task.at + 0.4, `has started 1 tasks: (task ${createRandom(task.id).hex(32)}).`] as const,
      ),
    ...(world.young ? [] : [-75, -435, -795]).map(
      (minute) => [minute - world.service.length, "has reached a steady state."] as const,
    ),
  ];
  return written
    .filter(([minute]) => minute < 0)
    .toSorted(([one], [other]) => other - one)
    .map(([minute, text]) => ({
      id: createRandom(`${scene.name}${minute}${text}`).hex(32),
      createdAt: scene.seconds(minute),
      message: `(service ${world.service}) ${text
        .replaceAll("{targetGroup}", scene.targetGroupArn)
        .replaceAll("{deployment}", scene.deployments[0]?.id.slice(8) ?? "")}`,
    }));
}

function networkOf(scene: Scene, task: Scene["running"][number] | Scene["stopped"][number]) {
  return scene.world.launch === "ec2"
    ? {
        networkBindings: [
          { bindIP: "0.0.0.0", containerPort: scene.port, hostPort: task.hostPort, protocol: "tcp" },
        ],
      }
    : {
        networkBindings: [],
        networkInterfaces: [{ attachmentId: task.id.slice(0, 8), privateIpv4Address: task.address }],
      };
}

function commonOf(scene: Scene, task: Scene["running"][number] | Scene["stopped"][number]) {
  return {
    taskArn: task.arn,
    clusterArn: scene.arn("ecs", `cluster/${scene.cluster}`),
    taskDefinitionArn: scene.definitionArn(task.revision),
    group: `service:${scene.world.service}`,
    startedBy: task.deploymentId,
    launchType: scene.world.launch === "ec2" ? "EC2" : "FARGATE",
    cpu: `${scene.world.definition?.cpu ?? 512}`,
    memory: `${scene.world.definition?.memory ?? 1024}`,
    version: 5,
  };
}

function runningTask(scene: Scene, task: Scene["running"][number]) {
  const status = task.status ?? "RUNNING";
  const health = task.health ?? "UNKNOWN";
  return {
    ...commonOf(scene, task),
    lastStatus: status,
    desiredStatus: "RUNNING",
    healthStatus: health,
    createdAt: scene.seconds(-(task.age ?? 1) - 0.7),
    ...(task.age === undefined ? {} : { startedAt: scene.seconds(-task.age), connectivity: "CONNECTED" }),
    containers: [
      {
        name: scene.container,
        lastStatus: status,
        healthStatus: health,
        image: imageOf(scene, task.revision),
        ...networkOf(scene, task),
      },
      ...(scene.world.definition?.sidecars ?? []).map((sidecar) => ({
        name: sidecar.name,
        lastStatus: task.ended?.container === sidecar.name ? "STOPPED" : status,
        healthStatus: "UNKNOWN",
        image: sidecar.image,
        ...(task.ended?.container === sidecar.name
          ? {
              exitCode: task.ended.exit,
              ...(task.ended.reason === undefined ? {} : { reason: task.ended.reason }),
            }
          : {}),
      })),
    ],
  };
}

function stoppedTask(scene: Scene, task: Scene["stopped"][number]) {
  const started = task.lived === undefined ? undefined : task.at - task.lived;
  return {
    ...commonOf(scene, task),
    lastStatus: "STOPPED",
    desiredStatus: "STOPPED",
    healthStatus: task.health ?? "UNKNOWN",
    createdAt: scene.seconds((started ?? task.at - 0.6) - 0.6),
    ...(started === undefined ? {} : { startedAt: scene.seconds(started) }),
    stoppingAt: scene.seconds(task.at - 0.2),
    executionStoppedAt: scene.seconds(task.at - 0.1),
    stoppedAt: scene.seconds(task.at),
    stopCode: task.code,
    stoppedReason: task.reason
      .replace("{targetGroup}", scene.targetGroupArn)
      .replace("ecs-svc/{deployment}", task.deploymentId),
    containers: [
      {
        name: scene.container,
        lastStatus: "STOPPED",
        healthStatus: task.health ?? "UNKNOWN",
        image: imageOf(scene, task.revision),
        ...(task.exit === undefined ? {} : { exitCode: task.exit }),
        ...(task.containerReason === undefined ? {} : { reason: task.containerReason }),
        ...networkOf(scene, task),
      },
      ...(scene.world.definition?.sidecars ?? []).map((sidecar) => ({
        name: sidecar.name,
        lastStatus: "STOPPED",
        image: sidecar.image,
        ...(task.lived === undefined ? {} : { exitCode: 0 }),
      })),
    ],
  };
}

function specOf(scene: Scene, offset: number): DefinitionSpec {
  return { ...scene.world.definition, ...scene.world.revisions?.[offset] };
}

function imageOf(scene: Scene, offset: number | undefined): string {
  const number = offset ?? 0;
  return (
    specOf(scene, number).image ??
    `112233445566.dkr.ecr.eu-west-1.amazonaws.com/${scene.world.service}:${createRandom(`${scene.world.service}${number}`).hex(7)}`
  );
}

function describeDefinition(scene: Scene, input: StubInput) {
  const asked = String(input["taskDefinition"]);
  const revision = Number(/:(\d+)$/.exec(asked)?.[1] ?? scene.revision);
  const offset = revision - scene.revision;
  const spec = specOf(scene, offset);
  const deployed = scene.deployments.findLast((deployment) => deployment.revision === offset);
  const log = (prefix: string) => ({
    logDriver: "awslogs",
    options: {
      "awslogs-group": scene.logGroup,
      "awslogs-region": "eu-west-1",
      "awslogs-stream-prefix": prefix,
    },
  });
  return json({
    taskDefinition: {
      taskDefinitionArn: scene.definitionArn(offset),
      family: scene.world.service,
      revision,
      status: "ACTIVE",
      taskRoleArn: scene.arn("iam", `role/${spec.taskRole ?? `${scene.world.service}-task`}`),
      executionRoleArn: scene.arn("iam", `role/${scene.world.service}-execution`),
      networkMode: scene.world.launch === "ec2" ? "bridge" : "awsvpc",
      requiresCompatibilities: [scene.world.launch === "ec2" ? "EC2" : "FARGATE"],
      cpu: `${spec.cpu ?? 512}`,
      memory: `${spec.memory ?? 1024}`,
      registeredAt: scene.seconds(deployed ? deployed.at - 0.6 : -17 * 1440 + offset * 4_100),
      containerDefinitions: [
        {
          name: scene.container,
          image: imageOf(scene, offset),
          essential: true,
          cpu: 0,
          ...(spec.containerMemory === undefined ? {} : { memory: spec.containerMemory }),
          environment: (spec.environment ?? ["LOG_LEVEL", "REGION"]).map((name) => ({ name, value: "set" })),
          secrets: (spec.secrets ?? ["DATABASE_URL"]).map((name) => ({
            name,
            valueFrom: scene.arn("secretsmanager", `secret:${scene.world.service}/${name}`),
          })),
          portMappings: [{ containerPort: spec.port ?? scene.port, protocol: "tcp" }],
          ...(spec.healthCheck === undefined
            ? {}
            : {
                healthCheck: {
                  command: ["CMD-SHELL", spec.healthCheck],
                  interval: 30,
                  timeout: 5,
                  retries: 3,
                },
              }),
          ...(spec.command === undefined ? {} : { command: spec.command.split(" ") }),
          logConfiguration: log("app"),
        },
        ...(spec.sidecars ?? []).map((sidecar) => ({
          name: sidecar.name,
          image: sidecar.image,
          essential: false,
          ...(sidecar.memory === undefined ? {} : { memory: sidecar.memory }),
          environment: [],
          logConfiguration: log(sidecar.name),
        })),
      ],
    },
  });
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
