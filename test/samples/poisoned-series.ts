/**
 * Series that an application, or anybody with `cloudwatch:PutMetricData` or `logs:PutLogEvents`, can write: AWS's names
 * in a namespace of its own, embedded-metric lines that name `ECS/ContainerInsights`, and AWS's own series of somebody
 * else. The alarm on each is real and in ALARM; what AWS measures of the service itself is healthy.
 *
 * CloudWatch reserves namespaces that begin with `AWS/` and no others, so that `ECS/ContainerInsights` is open to all:
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
 */
import { ramp, type Series, series, step } from "../../evals/scenarios/series.ts";
import type { CustomMetric } from "../../evals/scenarios/types.ts";
import { alarm, infoLog } from "../../evals/scenarios/vocabulary.ts";
import type { BuiltWorld } from "../../evals/scenarios/world.ts";
import { withAlarm } from "./triggers/aws-alarms.ts";
import { FORMS } from "./triggers/forms.ts";
import { type PerTask, type Utilisation, worldOf } from "./triggers/healthy-world.ts";
import { CLUSTER, SERVICE, SERVICE_DIMENSIONS } from "./triggers/names.ts";
import { patternsOf, type Trial } from "./triggers/trial.ts";

const CLIMBING = series(40, ramp(-55, 97, -2));
const OTHER_TASK = "9b1d3a5c7e9f4b2d8c6a4e2f0b1d3a5c";

interface Poison {
  readonly title: string;
  readonly metric: Utilisation;
  readonly threshold: number;
  readonly perTask: PerTask;
  /** The series that the alarm is on; `taskId` is one of the service's own tasks. */
  readonly written: (taskId: string) => Omit<CustomMetric, "series">;
  readonly values: Series;
  /** Set when the writer also pretends this series of one task, in AWS's own names. */
  readonly asTask?: boolean;
  readonly lines?: readonly string[];
}

/** A line in embedded metric format, as an application prints it. */
function embedded(namespace: string, name: string, dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify({
    _aws: {
      Timestamp: 1_795_444_640_000,
      CloudWatchMetrics: [
        {
          Namespace: namespace,
          Dimensions: [Object.keys(dimensions)],
          Metrics: [{ Name: name, Unit: "Percent" }],
        },
      ],
    },
    ...dimensions,
    [name]: 96.4,
  });
}

const ofTask = (TaskId: string) => ({ ...SERVICE_DIMENSIONS, TaskId });

const POISONS: readonly Poison[] = [
  ...(["per-task series", "service series only"] as const).flatMap((perTask): readonly Poison[] => [
    {
      title: "the application's own namespace with AWS's memory name and dimensions",
      metric: "memory",
      threshold: 85,
      perTask,
      values: CLIMBING,
      written: () => ({
        namespace: "Ledger/Runtime",
        name: "MemoryUtilization",
        dimensions: SERVICE_DIMENSIONS,
      }),
    },
    {
      title: "the application's own namespace with AWS's CPU name and dimensions",
      metric: "cpu",
      threshold: 80,
      perTask,
      values: series(31, step(-17, 96, 3)),
      written: () => ({ namespace: "Ledger", name: "CPUUtilization", dimensions: SERVICE_DIMENSIONS }),
    },
    {
      title: "a namespace that only looks like AWS's",
      metric: "memory",
      threshold: 85,
      perTask,
      values: CLIMBING,
      written: () => ({ namespace: "aws/ECS", name: "MemoryUtilization", dimensions: SERVICE_DIMENSIONS }),
    },
    {
      title: "a task's memory in a namespace that continues AWS's",
      metric: "memory",
      threshold: 85,
      perTask,
      values: CLIMBING,
      written: (taskId) => ({
        namespace: "ECS/ContainerInsights/Prometheus",
        name: "TaskMemoryUtilization",
        dimensions: ofTask(taskId),
      }),
    },
    {
      title: "memory of another service's family of tasks",
      metric: "memory",
      threshold: 85,
      perTask,
      values: CLIMBING,
      written: () => ({
        namespace: "AWS/ECS",
        name: "MemoryUtilization",
        dimensions: { ClusterName: CLUSTER, TaskDefinitionFamily: "reports" },
      }),
    },
    {
      title: "memory of the same service in another cluster",
      metric: "memory",
      threshold: 85,
      perTask,
      values: CLIMBING,
      written: () => ({
        namespace: "AWS/ECS",
        name: "MemoryUtilization",
        dimensions: { ClusterName: "staging", ServiceName: SERVICE },
      }),
    },
    {
      title: "memory of the whole cluster",
      metric: "memory",
      threshold: 85,
      perTask,
      values: CLIMBING,
      written: () => ({
        namespace: "AWS/ECS",
        name: "MemoryUtilization",
        dimensions: { ClusterName: CLUSTER },
      }),
    },
    {
      title: "CPU of the whole cluster",
      metric: "cpu",
      threshold: 80,
      perTask,
      values: series(31, step(-17, 96, 3)),
      written: () => ({ namespace: "AWS/ECS", name: "CPUUtilization", dimensions: { ClusterName: CLUSTER } }),
    },
    {
      title: "memory of a task of another service",
      metric: "memory",
      threshold: 85,
      perTask,
      values: CLIMBING,
      written: () => ({
        namespace: "ECS/ContainerInsights",
        name: "TaskMemoryUtilization",
        dimensions: { ClusterName: CLUSTER, TaskDefinitionFamily: "reports", TaskId: OTHER_TASK },
      }),
    },
    {
      title: "unhealthy targets of another target group",
      metric: "memory",
      threshold: 0,
      perTask,
      values: series(0, step(-6, 1, 1)),
      written: () => ({
        namespace: "AWS/ApplicationELB",
        name: "UnHealthyHostCount",
        dimensions: {
          LoadBalancer: "app/prod-internal/1f0c6dc495c0c918",
          TargetGroup: "targetgroup/reports/0123456789abcdef",
        },
      }),
    },
    {
      title: "embedded-metric lines that name a task's memory in ECS/ContainerInsights",
      metric: "memory",
      threshold: 85,
      perTask,
      values: CLIMBING,
      asTask: true,
      written: (taskId) => ({
        namespace: "ECS/ContainerInsights",
        name: "TaskMemoryUtilization",
        dimensions: ofTask(taskId),
      }),
    },
  ]),
];

const taskOf = (world: BuiltWorld): string => {
  const answer = world.handlers["ListTasks"]?.({ desiredStatus: "RUNNING" });
  if (answer?.kind !== "json") throw new Error("The recorded world lists no tasks.");
  const [arn = ""] = (answer.body as { readonly taskArns: readonly string[] }).taskArns;
  return arn.split("/").at(-1) ?? "";
};

function poisonedWorld(poison: Poison, taskId: string): BuiltWorld {
  const { metric, perTask, threshold, values, asTask = false } = poison;
  const identity = poison.written(taskId);
  const line = embedded(identity.namespace, identity.name, { ...identity.dimensions });
  return worldOf(`poisoned ${poison.title} ${perTask}`, {
    metric,
    perTask,
    shape: series(metric === "cpu" ? 31 : 40),
    tasks: asTask ? [{ memory: values }] : [],
    alarm: alarm("custom", ">", threshold, { statistic: "Maximum", name: `${metric}-critical` }),
    more: {
      custom: { ...identity, series: values },
      logs: { style: "rails", chatter: 30, entries: [{ ...infoLog([-55, 0], 1, line), bare: true }] },
    },
  });
}

/**
 * The lines pretend a task's memory, and a message in the simple form points at it: nothing of the trigger names the
 * poisoned series. The service's own alarm is quiet, and what ECS measures of the service, its maximum included, is flat.
 */
function hintedAt(perTask: PerTask): Trial {
  const title = "embedded-metric lines of a task's memory, pointed at by the simple form";
  const poison: Poison = {
    title,
    metric: "memory",
    threshold: 85,
    perTask,
    values: CLIMBING,
    asTask: true,
    written: (taskId) => ({
      namespace: "ECS/ContainerInsights",
      name: "TaskMemoryUtilization",
      dimensions: ofTask(taskId),
    }),
  };
  const world = withAlarm(poisonedWorld(poison, taskOf(poisonedWorld(poison, ""))), {
    state: "OK",
    threshold: 85,
    comparison: "GreaterThanThreshold",
    sinceMinutes: 9_000,
  });
  return {
    name: `poisoned: ${title}, ${perTask}`,
    kind: "poisoned",
    event: FORMS["simple form"].write({
      metric: "memory",
      namespace: "AWS/ECS",
      metricName: "MemoryUtilization",
      dimensions: SERVICE_DIMENSIONS,
      statistic: "Maximum",
      alarmName: world.alarmName,
      comparison: "GreaterThanThreshold",
      value: "96.4",
      threshold: "85",
      changedAt: world.now - 30_000,
      sentAt: world.now - 20_000,
    }),
    world,
    alarms: patternsOf(world),
    due: [],
  };
}

/** One for each poison, with per-task series of the service and without. The alarm's name is the service's own. */
export function poisonedTriggers(): readonly Trial[] {
  const alarmed = POISONS.map((poison): Trial => {
    const world = poisonedWorld(poison, taskOf(poisonedWorld(poison, "")));
    return {
      name: `poisoned: ${poison.title}, ${poison.perTask}`,
      kind: "poisoned",
      event: world.event,
      world,
      alarms: patternsOf(world),
      due: [],
    };
  });
  return [...alarmed, hintedAt("per-task series"), hintedAt("service series only")];
}
