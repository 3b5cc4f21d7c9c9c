import type { Service, Task } from "../ecs/model.ts";
import { liveTasksOf, tasksOf } from "../ecs/state.ts";
import { isHealthy } from "../ecs/tasks/task-health.ts";
import type { Range } from "../range.ts";

/** How many tasks of a service served from `at` (ISO 8601) on, until the next sample. */
export interface ServingSample {
  readonly at: string;
  readonly desired: number;
  readonly healthy: number;
  /** Tasks that served before and do not now, each with how it was stopped, where it was by then. */
  readonly lost: readonly { readonly task: string; readonly stopCode?: string; readonly reason?: string }[];
}

export interface ServingRecord {
  /** By service name, oldest first; one sample for each change. */
  samples(): Readonly<Record<string, readonly ServingSample[]>>;
  stop(): void;
}

/** A task that is missed for less is seen by no metric. Milliseconds. */
const LOOK_MS = 50;

/** Records how many healthy tasks each service has, for judges: what the agent reads or says does not enter it. */
export function keepServingRecord({ ecs, elb, world }: Pick<Range, "ecs" | "elb" | "world">): ServingRecord {
  const records = new Map<string, { samples: ServingSample[]; serving: Set<string> }>();
  const look = () => {
    for (const service of ecs.state.services.values()) {
      const record = records.get(service.name) ?? { samples: [], serving: new Set<string>() };
      records.set(service.name, record);
      const healthy = liveTasksOf(ecs.state, service).filter((task) => isHealthy(task, elb.targetGroups));
      const serving = new Set(healthy.map(({ id }) => id));
      const last = record.samples.at(-1);
      const lost = [...record.serving].filter((id) => !serving.has(id));
      const same = last?.healthy === serving.size && last.desired === service.desiredCount;
      if (same && lost.length === 0) continue;
      const at = new Date(world.now()).toISOString();
      const gone = lost.map((id) => lostTask(id, tasksOf(ecs.state, service)));
      record.samples.push({ at, ...countsOf(service, serving.size), lost: gone });
      record.serving = serving;
    }
  };
  const timer = setInterval(look, LOOK_MS);
  timer.unref();
  return {
    samples: () => Object.fromEntries([...records].map(([name, { samples }]) => [name, samples])),
    stop: () => clearInterval(timer),
  };
}

function countsOf(service: Service, healthy: number): Pick<ServingSample, "desired" | "healthy"> {
  return { desired: service.desiredCount, healthy };
}

function lostTask(id: string, tasks: readonly Task[]): ServingSample["lost"][number] {
  const task = tasks.find((one) => one.id === id);
  const { stopCode, stoppedReason: reason } = task ?? {};
  return {
    task: id,
    ...(stopCode === undefined ? {} : { stopCode }),
    ...(reason === undefined ? {} : { reason }),
  };
}
