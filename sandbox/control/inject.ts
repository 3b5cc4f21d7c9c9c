import { setTimeout as sleep } from "node:timers/promises";
import type { Service, Task } from "../ecs/model.ts";
import { liveTasksOf, primaryOf } from "../ecs/state.ts";
import { isHealthy } from "../ecs/task-health.ts";
import { callInside, type Range } from "../range.ts";
import type { Injection } from "./scenario.ts";
import { registerTaskDefinition, type Stage, until } from "./stage.ts";

/** One injection that was performed, and the tasks that it broke. */
export interface Injected {
  readonly kind: Injection["kind"];
  readonly at: string;
  readonly tasks: readonly string[];
  /** The deployment that was begun. Task definitions are ARNs. */
  readonly deployment?: { readonly arn: string; readonly from: string; readonly to: string };
}

/** Performs injections on a stage, on the given task or on healthy ones taken at random. */
export async function inject(
  range: Range,
  stage: Stage,
  steps: readonly Injection[],
  taskArn?: string,
): Promise<Injected[]> {
  const done: Injected[] = [];
  for (const step of steps) {
    done.push(await perform(range, stage, step, taskArn));
  }
  return done;
}

async function perform(
  range: Range,
  stage: Stage,
  step: Injection,
  taskArn: string | undefined,
): Promise<Injected> {
  if (step.kind === "load") {
    stage.load.setRate(stage.scenario.load.perSecond * step.factor);
    return injected(range, step, []);
  }
  if (step.kind === "stop-service") {
    await stage.balancers.get(step.service)?.closeListener();
    await callInside(range, "UpdateService", {
      cluster: stage.scenario.cluster,
      service: step.service,
      desiredCount: 0,
    });
    return injected(range, step, []);
  }
  if (step.kind === "deploy") {
    const deployment = await deploy(range, stage, step);
    return { ...injected(range, step, []), deployment };
  }
  if (step.kind === "spin" && step.alignToSeconds !== undefined) {
    const periodMs = step.alignToSeconds * 1000;
    await sleep(periodMs - (range.world.now() % periodMs) + 200);
  }
  const tasks = pickTasks(range, step.service, step.tasks, taskArn);
  for (const container of tasks.flatMap((task) => task.containers)) container.process?.send(messageOf(step));
  return injected(range, step, tasks);
}

function messageOf(
  step: Exclude<Injection, { kind: "load" | "stop-service" | "deploy" }>,
): Record<string, unknown> {
  switch (step.kind) {
    case "leak":
      return { leak: step.mebibytesPerSecond };
    case "hang":
      return { hang: true };
    case "spin":
      return { spin: step.cores, ...(step.seconds === undefined ? {} : { seconds: step.seconds }) };
  }
}

/** What a pipeline does: another image in a new revision, then UpdateService. */
async function deploy(
  range: Range,
  { scenario, services }: Stage,
  step: Extract<Injection, { kind: "deploy" }>,
): Promise<NonNullable<Injected["deployment"]>> {
  const declared = services.find((one) => one.name === step.service);
  const service = serviceNamed(range, step.service);
  const from = service && primaryOf(service)?.revision.taskDefinition.arn;
  if (!declared || !service || from === undefined) throw new Error(`There is no service ${step.service}.`);
  const to = await registerTaskDefinition(range, { ...declared, image: step.image });
  const update = { cluster: scenario.cluster, service: step.service, taskDefinition: to };
  await callInside(range, "UpdateService", update);
  const begun = primaryOf(service);
  if (!begun) throw new Error(`The service ${step.service} has no deployment.`);
  if (step.completes) await until("the deployment is over", () => begun.rolloutState === "COMPLETED");
  return { arn: begun.arn, from, to };
}

function serviceNamed(range: Range, name: string): Service | undefined {
  return [...range.ecs.state.services.values()].find((one) => one.name === name);
}

function injected(range: Range, step: Injection, tasks: readonly Task[]): Injected {
  return {
    kind: step.kind,
    at: new Date(range.world.now()).toISOString(),
    tasks: tasks.map((task) => task.arn),
  };
}

function pickTasks(range: Range, serviceName: string, count: number, taskArn: string | undefined): Task[] {
  const service = serviceNamed(range, serviceName);
  const candidates = (service ? liveTasksOf(range.ecs.state, service) : [])
    .filter((task) => isHealthy(task, range.elb.targetGroups))
    .filter((task) => taskArn === undefined || task.arn === taskArn);
  const picked: Task[] = [];
  while (picked.length < count && candidates.length > 0) {
    picked.push(...candidates.splice(Math.floor(Math.random() * candidates.length), 1));
  }
  if (picked.length < count)
    throw new Error(`The service ${serviceName} has no ${count} healthy tasks to break.`);
  return picked;
}
