import type { LogSink } from "../telemetry/types.ts";
import type { AwsService, Operation } from "../wire/service.ts";
import type { World } from "../world.ts";
import { clusterOperations } from "./clusters.ts";
import { containerInstanceOperations } from "./container-instances.ts";
import type { ImageRegistry } from "./images.ts";
import type { Service, Task } from "./model.ts";
import { createScheduler } from "./scheduler.ts";
import type { SecretStore } from "./secrets.ts";
import { serviceDeploymentOperations } from "./service-deployments.ts";
import { serviceOperations } from "./services.ts";
import { createState, type EcsState } from "./state.ts";
import { taskDefinitionOperations } from "./tasks/task-definitions.ts";
import type { TargetRegistry } from "./tasks/task-health.ts";
import { createTaskLifecycle, type TaskLifecycle } from "./tasks/task-lifecycle.ts";
import { taskOperations } from "./tasks/tasks.ts";

/** The sandbox's ECS. */
export interface Ecs {
  readonly service: AwsService;
  readonly state: EcsState;
  readonly lifecycle: TaskLifecycle;
  /** The operations over another state, such as one of the past to read from. */
  operationsOver(state: EcsState): Readonly<Record<string, Operation>>;
  start(): void;
  /** Stops scheduling and kills every process. Resolves when none is left. */
  stop(): Promise<void>;
}

/** What ECS runs on. */
export interface EcsDeps {
  readonly world: World;
  readonly images: ImageRegistry;
  readonly secrets: SecretStore;
  readonly registry: TargetRegistry;
  readonly logs: LogSink;
}

const tickMs = 250;
/** AWS: "Stopped tasks ... are displayed for at least one hour". */
const stoppedTasksVisibleMs = 60 * 60_000;

/** ECS over real processes; nothing is scheduled before `start()`. */
export function createEcs(deps: EcsDeps): Ecs {
  const state = createState(deps.world);
  const woken = new Set<Service>();
  let ticking: NodeJS.Timeout | undefined;

  /** Several changes in one turn of the event loop are one reconciliation. */
  function wake(service: Service): void {
    if (!ticking) return;
    if (woken.size === 0) setImmediate(reconcileWoken);
    woken.add(service);
  }

  function reconcileWoken(): void {
    const services = [...woken];
    woken.clear();
    if (ticking) for (const service of services) scheduler.reconcile(service);
  }

  function tick(): void {
    for (const service of state.services.values()) scheduler.reconcile(service);
    const oldest = state.world.now() - stoppedTasksVisibleMs;
    for (const [arn, task] of state.tasks) {
      if (task.stoppedAt && task.stoppedAt.getTime() < oldest) state.tasks.delete(arn);
    }
  }

  const lifecycle = createTaskLifecycle({
    state,
    world: deps.world,
    images: deps.images,
    secrets: deps.secrets,
    registry: deps.registry,
    logs: deps.logs,
    changed: wake,
    stopped: (task: Task) => scheduler.noteStopped(task),
  });
  const scheduler = createScheduler({ state, registry: deps.registry, lifecycle });

  const operationsOver = (over: EcsState) => ({
    ...clusterOperations(over),
    ...containerInstanceOperations(over),
    ...taskDefinitionOperations(over),
    ...serviceOperations(over, wake),
    ...serviceDeploymentOperations(over, wake),
    ...taskOperations(over, lifecycle),
  });

  return {
    state,
    lifecycle,
    operationsOver,
    service: {
      name: "ecs",
      protocol: { kind: "json", version: "1.1", targetPrefix: "AmazonEC2ContainerServiceV20141113" },
      operations: operationsOver(state),
    },
    start() {
      ticking = setInterval(tick, tickMs);
    },
    async stop() {
      clearInterval(ticking);
      ticking = undefined;
      await lifecycle.close();
    },
  };
}
