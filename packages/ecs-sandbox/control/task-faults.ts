import { setTimeout as sleep } from "node:timers/promises";
import type { Service, Task } from "../ecs/model.ts";
import { liveTasksOf } from "../ecs/state.ts";
import { isHealthy } from "../ecs/tasks/task-health.ts";
import type { Range } from "../range.ts";
import type { TaskInjection } from "./injection.ts";

/** What is sent to the processes of the tasks; undefined for a step that is not inside of them. */
export function messageOf(step: TaskInjection): Record<string, unknown> | undefined {
  switch (step.kind) {
    case "leak":
      return leakOf(step);
    case "hang":
      return { hang: true, ...(step.seconds === undefined ? {} : { seconds: step.seconds }) };
    case "spin":
      return { spin: step.cores, ...(step.seconds === undefined ? {} : { seconds: step.seconds }) };
    case "slow":
      return { conditions: { slow: step.milliseconds } };
    case "errors":
      return { conditions: { errors: step.share } };
    case "exit-after":
      return { conditions: { exitAfter: { requests: step.requests, code: step.code } } };
    case "fill-disk":
      return { fill: step.mebibytesPerSecond };
    case "leak-connections":
      return { conditions: { leakConnections: step.share } };
    case "lose-pool":
      return { losePool: true };
    case "cut-off":
      return { conditions: { cutOff: true } };
    case "print":
      return { lines: step.lines, raw: step.raw, everySeconds: step.everySeconds };
    case "crash":
      return { crash: { afterSeconds: step.afterSeconds, code: step.code, lines: step.lines } };
    case "drop-cache":
      return { dropCache: true };
    case "end-job":
      return { endJob: true };
    case "write-metric":
      return step.embedded ? { metric: step } : undefined;
    case "stop-tasks":
      return undefined;
  }
}

function leakOf(step: Extract<TaskInjection, { kind: "leak" }>): Record<string, unknown> {
  const { mebibytesPerSecond: leak, startsAtMebibytes: startsAt, again } = step;
  return { leak, startsAt, upTo: step.upToMebibytes, fallsAfter: step.fallsAfterSeconds, again };
}

/** Sends a message to a container of a task: the one of the service's name, unless another one is named. */
export function tell(task: Task, message: Record<string, unknown>, name = task.service.name): void {
  for (const { definition, process } of task.containers) if (definition.name === name) process?.send(message);
}

/** How long a task that fails its checks for a moment is waited for. */
const patienceMs = 20_000;

/**
 * Healthy tasks of a service taken at random, or this one. On a busy machine one may fail a check for a moment, so it
 * waits for them. Throws when there are too few in the end.
 */
export async function pickTasks(
  range: Range,
  service: Service | undefined,
  count: number | "all",
  taskArn: string | undefined,
): Promise<Task[]> {
  const end = range.world.now() + patienceMs;
  for (;;) {
    const candidates = (service ? liveTasksOf(range.ecs.state, service) : [])
      .filter((task) => isHealthy(task, range.elb.targetGroups))
      .filter((task) => taskArn === undefined || task.arn === taskArn);
    if (count === "all" && candidates.length > 0) return candidates;
    if (count !== "all" && candidates.length >= count) return takeAtRandom(candidates, count);
    if (range.world.now() > end)
      throw new Error(`The service ${service?.name ?? "?"} has not enough healthy tasks to break: ${count}.`);
    await sleep(100);
  }
}

function takeAtRandom(candidates: Task[], count: number): Task[] {
  return Array.from({ length: count }).flatMap(() =>
    candidates.splice(Math.floor(Math.random() * candidates.length), 1),
  );
}

/** Sends the same message, once, to every task of the service that becomes healthy from now on. */
export function tellLaterOnes(
  range: Range,
  service: Service,
  told: readonly Task[],
  message: Record<string, unknown>,
  container: string | undefined,
): void {
  const known = new Set(liveTasksOf(range.ecs.state, service).concat(told));
  const timer = setInterval(() => {
    for (const task of liveTasksOf(range.ecs.state, service)) {
      if (known.has(task) || !isHealthy(task, range.elb.targetGroups)) continue;
      known.add(task);
      tell(task, message, container);
    }
  }, 250);
  // The sandbox may end while it still looks.
  timer.unref();
}
