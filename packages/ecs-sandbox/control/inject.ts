import { setTimeout as sleep } from "node:timers/promises";
import { beginDeployment } from "../ecs/deployments.ts";
import type { Service, Task } from "../ecs/model.ts";
import { findTaskDefinition, liveTasksOf, primaryOf } from "../ecs/state.ts";
import { callInside, type Range } from "../range.ts";
import { registerTaskDefinition, scalableTarget, suspendedState } from "./create-service.ts";
import type { Injection, TaskInjection } from "./injection.ts";
import { clusterOf } from "./scenario.ts";
import { type Stage, until } from "./stage.ts";
import { messageOf, pickTasks, tell, tellLaterOnes } from "./task-faults.ts";
import { ofTask, writeMetric } from "./write-metric.ts";

/** One injection that was performed, and the tasks that it broke. */
export interface Injected {
  readonly kind: Injection["kind"];
  readonly at: string;
  readonly tasks: readonly string[];
  /** The deployment that was begun. Task definitions are ARNs. */
  readonly deployment?: { readonly arn: string; readonly from: string; readonly to: string };
  /** The desired count that was set. */
  readonly count?: number;
}

/** Performs injections on a stage one after the other, on the given task or on healthy ones taken at random. */
export async function inject(
  range: Range,
  stage: Stage,
  steps: readonly Injection[],
  taskArn?: string,
): Promise<Injected[]> {
  const done: Injected[] = [];
  for (const step of steps) {
    const { tasks = [], deployment } = await perform(range, stage, step, taskArn);
    done.push({
      kind: step.kind,
      at: new Date(range.world.now()).toISOString(),
      tasks: tasks.map((task) => task.arn),
      ...(deployment ? { deployment } : {}),
      ...(step.kind === "desired-count" ? { count: step.count } : {}),
    });
  }
  return done;
}

interface Outcome {
  readonly tasks?: readonly Task[];
  readonly deployment?: NonNullable<Injected["deployment"]>;
}

async function perform(
  range: Range,
  stage: Stage,
  step: Injection,
  taskArn: string | undefined,
): Promise<Outcome> {
  return isAboutTasks(step)
    ? { tasks: await breakTasks(range, step, taskArn) }
    : changeWorld(range, stage, step);
}

function isAboutTasks(step: Injection): step is TaskInjection {
  return "tasks" in step && step.kind !== "capacity";
}

async function breakTasks(range: Range, step: TaskInjection, taskArn: string | undefined): Promise<Task[]> {
  if (step.kind === "spin" && step.alignToSeconds !== undefined) {
    const periodMs = step.alignToSeconds * 1000;
    await sleep(periodMs - (range.world.now() % periodMs) + 200);
  }
  const service = serviceNamed(range, step.service);
  const tasks = await pickTasks(range, service, step.tasks, taskArn);
  if (step.kind === "stop-tasks") {
    for (const task of tasks) {
      if (step.code === "SpotInterruption") {
        void range.ecs.lifecycle.stop(task, { code: step.code, reason: step.reason });
        continue;
      }
      await callInside(range, "StopTask", {
        cluster: task.cluster.name,
        task: task.arn,
        reason: step.reason,
      });
    }
    return tasks;
  }
  if (step.kind === "write-metric" && !step.embedded) {
    for (const task of tasks) writeMetric(range, task, step);
    return tasks;
  }
  const message = messageOf(step);
  if (!message) return tasks;
  for (const task of tasks) tell(task, ofTask(task, message), step.container);
  if (step.returns && service) tellLaterOnes(range, service, tasks, message, step.container);
  return tasks;
}

async function changeWorld(
  range: Range,
  stage: Stage,
  step: Exclude<Injection, TaskInjection>,
): Promise<Outcome> {
  const { scenario } = stage;
  switch (step.kind) {
    case "load":
      stage.load.setRate(scenario.load.perSecond * step.factor);
      return {};
    case "client":
      stage.load.setClientRate(step.perSecond);
      return {};
    case "stop-service":
      await stage.balancers.get(step.service)?.closeListener();
      await update(range, stage, step.service, { desiredCount: 0 });
      return {};
    case "listener":
      stage.balancers.get(step.service)?.answerItself(step.answers ?? undefined);
      return {};
    case "desired-count":
      await update(range, stage, step.service, { desiredCount: step.count });
      return {};
    case "deploy": {
      const deployment = await deploy(range, stage, step);
      return step.innocent ? {} : { deployment };
    }
    case "tag": {
      const content = range.images.pull(step.content);
      if (content.kind === "refused") throw new Error(`There is no image ${step.content}.`);
      range.images.push(step.image, content.image);
      return {};
    }
    case "registry":
      range.images.refuse(step.image, step.problem ?? undefined);
      return {};
    case "secret":
      if (step.value !== undefined) range.secrets.put(step.name, step.value);
      range.secrets.refuse(step.name, step.problem ?? undefined);
      return {};
    case "capacity": {
      const cluster = range.ecs.state.clusters.get(scenario.cluster);
      const { kind: _kind, ...room } = step;
      if (cluster) cluster.capacity = room;
      return {};
    }
    case "lose-host":
      return { tasks: loseHost(range, step.service) };
    case "target-health-check":
      await callInside(range, "ModifyTargetGroup", {
        TargetGroupArn: stage.balancers.get(step.service)?.group.arn,
        HealthCheckPath: step.path,
        HealthCheckPort: step.port === undefined ? undefined : String(step.port),
        HealthCheckTimeoutSeconds: step.timeoutSeconds,
        UnhealthyThresholdCount: step.unhealthyThreshold,
        ...(step.matcher === undefined ? {} : { Matcher: { HttpCode: step.matcher } }),
      });
      return {};
    case "auto-scaling":
      await callInside(range, "RegisterScalableTarget", {
        ...scalableTarget(scenario, step.service),
        MinCapacity: step.min,
        MaxCapacity: step.max,
        ...(step.suspended === undefined ? {} : { SuspendedState: suspendedState(step.suspended) }),
      });
      return {};
    case "external":
      stage.externals.change(step);
      return {};
    case "conditions":
      range.setConditions(step.conditions);
      return {};
    case "wait":
      await sleep(step.seconds * 1000);
      return {};
  }
}

function update(range: Range, stage: Stage, service: string, change: object): Promise<unknown> {
  return callInside(range, "UpdateService", {
    cluster: clusterOf(stage.scenario, service),
    service,
    ...change,
  });
}

/** What a pipeline does: a new revision of the task definition, then UpdateService. */
async function deploy(
  range: Range,
  stage: Stage,
  step: Extract<Injection, { kind: "deploy" }>,
): Promise<NonNullable<Injected["deployment"]>> {
  const declared = stage.services.find((one) => one.name === step.service);
  const service = serviceNamed(range, step.service);
  const from = service && primaryOf(service)?.revision.taskDefinition.arn;
  if (!declared || !service || from === undefined) throw new Error(`There is no service ${step.service}.`);
  const environment = { ...declared.environment, ...step.environment };
  const to = await registerTaskDefinition(range, {
    ...declared,
    image: step.image ?? declared.image,
    cpu: step.cpu ?? declared.cpu,
    memory: step.memory ?? declared.memory,
    secrets: { ...declared.secrets, ...step.secrets },
    environment: Object.fromEntries(
      Object.entries(environment).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
    ),
  });
  if (service.deploymentController === "CODE_DEPLOY") {
    beginDeployment(range.ecs.state, service, findTaskDefinition(range.ecs.state, to));
  } else await update(range, stage, step.service, { taskDefinition: to });
  const begun = primaryOf(service);
  if (!begun) throw new Error(`The service ${step.service} has no deployment.`);
  // It takes seconds; on a machine that is busy with other things it may take most of a minute.
  if (step.completes) await until("the deployment is over", () => begun.rolloutState === "COMPLETED", 60_000);
  return { arn: begun.arn, from, to };
}

/** The host of a task of the service is terminated: every task on it is gone, and the host too. */
function loseHost(range: Range, name: string): Task[] {
  const service = serviceNamed(range, name);
  const host = service && liveTasksOf(range.ecs.state, service).find(({ instance }) => instance)?.instance;
  if (!service || !host) throw new Error(`No task of ${name} is on a host.`);
  const { cluster } = service;
  cluster.instances = cluster.instances.filter((one) => one !== host);
  const lost = [...range.ecs.state.tasks.values()].filter(
    (task) => task.instance === host && task.desiredStatus === "RUNNING",
  );
  const reason = `Host EC2 (instance ${host.ec2InstanceId}) terminated.`;
  for (const task of lost) range.ecs.lifecycle.loseHost(task, reason);
  return lost;
}

function serviceNamed(range: Range, name: string): Service | undefined {
  return [...range.ecs.state.services.values()].find((one) => one.name === name);
}
