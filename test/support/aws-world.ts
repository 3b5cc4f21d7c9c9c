/**
 * A small ECS service on the AWS wire that is really sick until the right action is done: three tasks behind a
 * load balancer, one of them leaking memory, or all of them under too much traffic. Tests then break single
 * answers of it.
 */
import { type Answer, json, xml } from "./aws-stub-answers.ts";
import { type AwsStub, type StubInput, startAwsStub } from "./aws-stub-server.ts";
import { LEAKING, metricData, type Sickness } from "./aws-world-metrics.ts";

export const ACCOUNT = "us-east-1:000000000000";
export const CLUSTER = "sandbox";
export const SERVICE = "shop";
export const LOG_GROUP = "/ecs/shop";

const ECS = `arn:aws:ecs:${ACCOUNT}`;
const ELB = `arn:aws:elasticloadbalancing:${ACCOUNT}`;
const TARGET_GROUP = `${ELB}:targetgroup/shop/6d0ecf831eec9f09`;
const DEFINITION = `${ECS}:task-definition/shop:7`;

/** Every read that an investigation makes, as AWS names it. */
export const READS = [
  "DescribeServices",
  "ListTasks",
  "DescribeTasks",
  "DescribeTaskDefinition",
  "GetMetricData",
  "DescribeAlarms",
  "DescribeAlarmHistory",
  "FilterLogEvents",
  "DescribeTargetGroups",
  "DescribeTargetHealth",
  "DescribeScalableTargets",
  "DescribeScalingActivities",
] as const;
export type ReadOperation = (typeof READS)[number];

/** The task that leaks; a restart has to stop this one and no other. */
export const LEAKING_TASK = taskArn("a");

/** The fact of the service's memory in the evidence of an investigation that reads everything. */
export const MEMORY_FACT = "E5";

export interface AwsWorld extends AwsStub {
  /** Calls that change something which reached the endpoint, whatever it answered. */
  mutations(): readonly string[];
  /** What the world answers to a read while no test has replaced its answer. */
  answer(operation: ReadOperation, input: StubInput): Answer;
  /** What StopTask does when AWS accepts it: the task stops, a healthy replacement runs. */
  stopTask(input: StubInput): Answer;
  /** What UpdateService does when AWS accepts it. */
  updateService(input: StubInput): Answer;
}

/** What the alarm of each sickness watches, and its threshold. */
const ALARMS: Readonly<Record<Sickness, { MetricName: string; Statistic: string; Threshold: number }>> = {
  leak: { MetricName: "MemoryUtilization", Statistic: "Maximum", Threshold: 80 },
  "two-leaks": { MetricName: "MemoryUtilization", Statistic: "Maximum", Threshold: 80 },
  traffic: { MetricName: "CPUUtilization", Statistic: "Average", Threshold: 80 },
};

interface State {
  readonly sickness: Sickness;
  readonly since: number;
  readonly stopped: Map<string, { readonly reason: string; readonly at: number }>;
  desired: number;
  healedAt: number | undefined;
}

/** Starts the world; its history is five minutes long and the sickness has just crossed its threshold. */
export async function startAwsWorld(sickness: Sickness): Promise<AwsWorld> {
  const stub = await startAwsStub();
  const state: State = {
    sickness,
    since: Date.now(),
    desired: 3,
    healedAt: undefined,
    stopped: new Map(),
  };
  const stopTask = (input: StubInput): Answer => {
    state.stopped.set(String(input["task"]), { reason: String(input["reason"]), at: Date.now() });
    if (LEAKING[sickness].every((name) => state.stopped.has(taskArn(name)))) state.healedAt = Date.now();
    return json({ task: { taskArn: input["task"], desiredStatus: "STOPPED", lastStatus: "RUNNING" } });
  };
  const updateService = (input: StubInput): Answer => {
    state.desired = Number(input["desiredCount"]);
    state.healedAt = Date.now();
    return json({ service: service(state) });
  };
  stub.on("StopTask", stopTask);
  stub.on("UpdateService", updateService);
  for (const operation of READS) stub.on(operation, (input) => ANSWERS[operation](state, input));
  return {
    ...stub,
    answer: (operation, input) => ANSWERS[operation](state, input),
    stopTask,
    updateService,
    mutations: () =>
      ["StopTask", "UpdateService", "StopServiceDeployment", "RunTask", "RegisterTaskDefinition"].flatMap(
        (operation) => stub.calls(operation).map(() => operation),
      ),
  };
}

const ANSWERS: Readonly<Record<ReadOperation, (state: State, input: StubInput) => Answer>> = {
  DescribeServices: (state) => json({ services: [service(state)], failures: [] }),
  ListTasks: (state, input) =>
    json({
      taskArns: input["desiredStatus"] === "STOPPED" ? [...state.stopped.keys()] : runningArns(state),
    }),
  DescribeTasks: (state, input) => {
    const asked = input["tasks"] as readonly string[];
    return json({ tasks: asked.map((arn) => task(state, arn)), failures: [] });
  },
  DescribeTaskDefinition: (_state, input) =>
    json({ taskDefinition: definition(String(input["taskDefinition"])) }),
  GetMetricData: (state, input) => json(metricData(state, input)),
  DescribeAlarms: (state, input) => {
    const [name] = (input["AlarmNames"] ?? ["shop-alarm"]) as readonly string[];
    const healed = state.healedAt !== undefined;
    if (input["StateValue"] !== undefined) return json({ MetricAlarms: [] });
    return json({
      MetricAlarms: [
        {
          AlarmName: name,
          StateValue: healed ? "OK" : "ALARM",
          StateReason: "Threshold Crossed",
          StateTransitionedTimestamp: (state.healedAt ?? state.since) / 1000,
          ...ALARMS[state.sickness],
          Dimensions: [
            { Name: "ClusterName", Value: CLUSTER },
            { Name: "ServiceName", Value: SERVICE },
          ],
          Namespace: "AWS/ECS",
          ComparisonOperator: "GreaterThanThreshold",
          EvaluationPeriods: 1,
          Period: 1,
        },
      ],
    });
  },
  DescribeAlarmHistory: () => json({ AlarmHistoryItems: [] }),
  FilterLogEvents: (state) =>
    json({
      events: Array.from({ length: 20 }, (_, index) => ({
        eventId: String(index),
        logStreamName: "app/shop/a",
        timestamp: state.since - 60_000 + index * 1000,
        message: `{"level":"info","message":"request served","path":"/orders/${index}","status":200}`,
      })),
    }),
  DescribeTargetGroups: () =>
    xml(
      `<TargetGroups><member><TargetGroupArn>${TARGET_GROUP}</TargetGroupArn><TargetGroupName>shop</TargetGroupName><Protocol>HTTP</Protocol><Port>8080</Port><HealthCheckPath>/health</HealthCheckPath><HealthCheckPort>traffic-port</HealthCheckPort><LoadBalancerArns><member>${ELB}:loadbalancer/app/front/50dc6c495c0c9188</member></LoadBalancerArns></member></TargetGroups>`,
    ),
  DescribeTargetHealth: (state) =>
    xml(
      `<TargetHealthDescriptions>${runningArns(state)
        .map(
          (arn) =>
            `<member><Target><Id>${addressOf(arn)}</Id><Port>8080</Port></Target><TargetHealth><State>healthy</State></TargetHealth></member>`,
        )
        .join("")}</TargetHealthDescriptions>`,
    ),
  DescribeScalableTargets: () =>
    json({
      ScalableTargets: [
        {
          ResourceId: `service/${CLUSTER}/${SERVICE}`,
          ServiceNamespace: "ecs",
          ScalableDimension: "ecs:service:DesiredCount",
          MinCapacity: 1,
          MaxCapacity: 10,
          RoleARN: "arn:aws:iam::000000000000:role/autoscaling",
          CreationTime: 1_790_000_000,
        },
      ],
    }),
  DescribeScalingActivities: () => json({ ScalingActivities: [] }),
};

function service(state: State) {
  const created = (state.since - 5 * 86_400_000) / 1000;
  return {
    serviceArn: `${ECS}:service/${CLUSTER}/${SERVICE}`,
    serviceName: SERVICE,
    clusterArn: `${ECS}:cluster/${CLUSTER}`,
    status: "ACTIVE",
    desiredCount: state.desired,
    runningCount: state.desired,
    pendingCount: 0,
    taskDefinition: DEFINITION,
    deploymentController: { type: "ECS" },
    deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 200 },
    loadBalancers: [{ targetGroupArn: TARGET_GROUP, containerName: "app", containerPort: 8080 }],
    deployments: [
      {
        id: "ecs-svc/1",
        status: "PRIMARY",
        rolloutState: "COMPLETED",
        taskDefinition: DEFINITION,
        desiredCount: state.desired,
        runningCount: state.desired,
        pendingCount: 0,
        failedTasks: 0,
        createdAt: created,
        updatedAt: created,
      },
    ],
    events: [],
  };
}

function runningArns(state: State): string[] {
  const names = Array.from({ length: state.desired }, (_, index) => "abcdefghij"[index] ?? "z");
  return names.map((name) => (state.stopped.has(taskArn(name)) ? replacementOf(name) : taskArn(name)));
}

function task(state: State, arn: string) {
  const gone = state.stopped.get(arn);
  return {
    taskArn: arn,
    clusterArn: `${ECS}:cluster/${CLUSTER}`,
    group: `service:${SERVICE}`,
    taskDefinitionArn: DEFINITION,
    lastStatus: gone ? "STOPPED" : "RUNNING",
    desiredStatus: gone ? "STOPPED" : "RUNNING",
    healthStatus: "HEALTHY",
    createdAt: (state.since - 3_600_000) / 1000,
    startedAt: (state.since - 3_590_000) / 1000,
    ...(gone
      ? {
          stoppedAt: gone.at / 1000,
          stoppingAt: gone.at / 1000,
          stopCode: "UserInitiated",
          stoppedReason: gone.reason,
        }
      : {}),
    containers: [
      {
        name: "app",
        lastStatus: gone ? "STOPPED" : "RUNNING",
        networkInterfaces: [{ privateIpv4Address: addressOf(arn) }],
        ...(gone ? { exitCode: 143 } : {}),
      },
    ],
  };
}

function definition(arn: string) {
  const revision = Number(arn.split(":").at(-1));
  return {
    taskDefinitionArn: arn,
    family: "shop",
    revision,
    cpu: "256",
    memory: "512",
    containerDefinitions: [
      {
        name: "app",
        image: "registry.test/shop:7",
        essential: true,
        environment: [{ name: "DATABASE_URL", value: ENVIRONMENT_SECRET }],
        logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": LOG_GROUP } },
      },
    ],
  };
}

/** Stands in the task definition's environment, whose values nobody may read. */
export const ENVIRONMENT_SECRET = "postgres://shop:s3cr3tOfTheTaskDefinition@db/shop";

/** `a` is replaced by `1`, `b` by `2`. */
function replacementOf(name: string): string {
  return taskArn(String(name.charCodeAt(0) - 96));
}

/** An id of 32 characters whose first tells which task it is. */
function taskArn(name: string): string {
  return `${ECS}:task/${CLUSTER}/${name.repeat(32)}`;
}

function addressOf(arn: string): string {
  return `10.0.0.${arn.charCodeAt(arn.length - 1)}`;
}
