import type { Ecs } from "../ecs/ecs.ts";
import type { Container, Task } from "../ecs/model.ts";
import { tasksOf } from "../ecs/state.ts";
import type { MetricSink } from "../telemetry/types.ts";
import { measureProcesses, type ProcessUsage } from "./process-usage.ts";
import { serviceSamples } from "./task-metrics.ts";

/** Measures every task once a second. */
export interface Measuring {
  start(): void;
  stop(): void;
}

interface Earlier {
  readonly cpuSeconds: number;
  readonly at: number;
}

/** Samples the real processes into metrics and kills the containers that are over their memory limit. */
export function createMeasuring(ecs: Ecs, metrics: MetricSink): Measuring {
  const { state } = ecs;
  const earlier = new WeakMap<Container, Earlier>();
  let timer: NodeJS.Timeout | undefined;
  let busy = false;

  async function sample(): Promise<void> {
    const containers = runningContainers(ecs);
    const usages = await measureProcesses(containers.flatMap((container) => container.process?.pid ?? []));
    const at = state.world.now();
    for (const container of containers) {
      const usage = usages.get(container.process?.pid ?? -1);
      if (usage) note(container, usage, performance.now());
    }
    for (const task of state.tasks.values()) killForTaskMemory(task);
    for (const service of state.services.values()) {
      if (service.status === "ACTIVE") metrics.put(serviceSamples(service, tasksOf(state, service), at));
    }
  }

  function note(container: Container, usage: ProcessUsage, at: number): void {
    const before = earlier.get(container);
    earlier.set(container, { cpuSeconds: usage.cpuSeconds, at });
    const limitMiB = container.definition.memory;
    if (limitMiB !== undefined && usage.rssBytes > limitMiB * 1024 * 1024)
      ecs.lifecycle.killForMemory(container);
    // The first second is the start of the program, which is not a load of the service.
    if (!before) return;
    const seconds = (at - before.at) / 1000;
    container.usage = {
      rssBytes: usage.rssBytes,
      cpuCores: (usage.cpuSeconds - before.cpuSeconds) / seconds,
    };
  }

  /** The limit of the whole task: the container that uses most of it goes. */
  function killForTaskMemory(task: Task): void {
    const limitMiB = task.definition.memory;
    const running = task.containers.filter((container) => container.process?.running() === true);
    const used = running.reduce((sum, container) => sum + (container.usage?.rssBytes ?? 0), 0);
    if (limitMiB === undefined || used <= limitMiB * 1024 * 1024) return;
    const [largest] = running.sort((one, other) => (other.usage?.rssBytes ?? 0) - (one.usage?.rssBytes ?? 0));
    if (largest) ecs.lifecycle.killForMemory(largest);
  }

  return {
    start() {
      timer = setInterval(() => {
        if (busy) return;
        busy = true;
        sample().finally(() => {
          busy = false;
        });
      }, 1000);
    },
    stop: () => clearInterval(timer),
  };
}

function runningContainers(ecs: Ecs): Container[] {
  return [...ecs.state.tasks.values()]
    .filter((task) => task.status !== "STOPPED")
    .flatMap((task) => task.containers)
    .filter((container) => container.status === "RUNNING" && container.process?.running() === true);
}
