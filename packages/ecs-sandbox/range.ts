import type { ServiceReading } from "./autoscaling/activities.ts";
import { type AutoScaling, createAutoScaling } from "./autoscaling/service.ts";
import type { Conditions } from "./conditions.ts";
import { createEcs, type Ecs } from "./ecs/ecs.ts";
import { createImageRegistry, type ImageRegistry } from "./ecs/images.ts";
import { createSecretStore, type SecretStore } from "./ecs/secrets.ts";
import { primaryOf, tasksOf } from "./ecs/state.ts";
import { createElb, type Elb } from "./elbv2/elb.ts";
import type { EventSink } from "./events/ecs-events.ts";
import { createEcsWatcher } from "./events/ecs-watcher.ts";
import { createIam } from "./iam/service.ts";
import { createMeasuring } from "./measure/measuring.ts";
import { createSts } from "./sts/service.ts";
import type { LogSink, MetricSink } from "./telemetry/types.ts";
import { createLaggingReads } from "./wire/lagging-reads.ts";
import { createWireServer, type WireServer } from "./wire/server.ts";
import type { AwsService } from "./wire/service.ts";
import { localWorld, type World } from "./world.ts";

/** What a range is composed from. `extraServices` are served on the same endpoint. */
export interface RangeOptions {
  readonly metricSink: MetricSink;
  readonly logSink: LogSink;
  readonly extraServices: readonly AwsService[];
  readonly world?: World;
  /** Where ECS' events go when the conditions ask for them. */
  readonly eventSink?: EventSink;
  /** Told of the conditions that are not the endpoint's. */
  readonly onConditions?: (conditions: Conditions) => void;
}

/** A small AWS on this machine: ECS, load balancers and the endpoint in front of them. */
export interface Range {
  readonly world: World;
  readonly wire: WireServer;
  readonly ecs: Ecs;
  readonly elb: Elb;
  readonly autoScaling: AutoScaling;
  readonly images: ImageRegistry;
  readonly secrets: SecretStore;
  /** Where everything that is measured goes. */
  readonly metrics: MetricSink;
  /** Whether tasks and load balancers are measured, as from the start. */
  setMeasured(isMeasured: boolean): void;
  readonly services: readonly AwsService[];
  /** How AWS behaves from now on; replaces the conditions before. Calls from inside are not affected. */
  setConditions(conditions: Conditions): void;
  /** Starts everything; resolves to the AWS endpoint URL. Port 0 takes a free one. */
  start(port?: number): Promise<string>;
  /** Resolves when no process of a task is left and nothing listens any more. */
  stop(): Promise<void>;
}

/** Composes ECS, ELBv2, Application Auto Scaling, STS and the wire server. Nothing runs before `start()`. */
export function createRange(options: RangeOptions): Range {
  const world = options.world ?? localWorld;
  const images = createImageRegistry();
  const secrets = createSecretStore(world);
  let isMeasured = true;
  const measured: MetricSink = {
    put: (samples) => {
      if (isMeasured) options.metricSink.put(samples);
    },
  };
  const elb = createElb(world, measured);
  const ecs = createEcs({ world, images, secrets, registry: elb.targetGroups, logs: options.logSink });
  const autoScaling = createAutoScaling({
    world,
    read: (resourceId) => readService(ecs, resourceId),
    call: (operation, input) => callService(services, operation, input),
  });
  const measuring = createMeasuring(ecs, measured);
  const services: AwsService[] = [
    ecs.service,
    elb.service,
    autoScaling.service,
    createSts(world),
    createIam(world),
    ...options.extraServices,
  ];
  const lagging = createLaggingReads({
    service: ecs.service,
    state: ecs.state,
    operationsOver: ecs.operationsOver,
    now: world.now,
  });
  const watcher = createEcsWatcher(ecs.state, options.eventSink ?? (() => {}));
  const wire = createWireServer(services.map((one) => (one === ecs.service ? lagging.service : one)));

  return {
    world,
    wire,
    ecs,
    elb,
    autoScaling,
    images,
    secrets,
    metrics: options.metricSink,
    setMeasured(on) {
      isMeasured = on;
    },
    services,
    setConditions(conditions) {
      wire.setConditions(conditions);
      lagging.setLag(conditions.staleReadsSeconds * 1000);
      watcher.set(conditions.ecsEvents);
      options.onConditions?.(conditions);
    },
    async start(port) {
      ecs.start();
      elb.start();
      measuring.start();
      autoScaling.start();
      return wire.listen(port);
    },
    async stop() {
      lagging.setLag(0);
      watcher.set(false);
      autoScaling.stop();
      measuring.stop();
      await wire.close();
      await ecs.stop();
      await elb.stop();
    },
  };
}

/** Calls an operation inside the sandbox, so that it is not in the ledger of the agent's calls. */
export async function callInside(
  range: Range,
  operation: string,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  return callService(range.services, operation, input);
}

async function callService(
  services: readonly AwsService[],
  operation: string,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const service = services.find((one) => Object.hasOwn(one.operations, operation));
  const output = await service?.operations[operation]?.(input);
  if (!service) throw new Error(`No service of the sandbox has the operation ${operation}.`);
  return (output ?? {}) as Record<string, unknown>;
}

/** A service as its scaling sees it. `resourceId` is `service/<cluster>/<name>`. */
function readService(ecs: Ecs, resourceId: string): ReturnType<ServiceReading> {
  const [, cluster, name] = resourceId.split("/");
  const service = [...ecs.state.services.values()].find(
    (one) => one.name === name && one.cluster.name === cluster && one.status === "ACTIVE",
  );
  if (!service) return undefined;
  return {
    desired: service.desiredCount,
    running: tasksOf(ecs.state, service).filter((task) => task.status === "RUNNING").length,
    deploying: primaryOf(service)?.rolloutState === "IN_PROGRESS",
  };
}
