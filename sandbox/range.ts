import { type AutoScaling, createAutoScaling } from "./autoscaling/service.ts";
import { createEcs, type Ecs } from "./ecs/ecs.ts";
import { createImageRegistry, type ImageRegistry } from "./ecs/images.ts";
import { createElb, type Elb } from "./elbv2/elb.ts";
import { createMeasuring } from "./measure/measuring.ts";
import { createSts } from "./sts/service.ts";
import type { LogSink, MetricSink } from "./telemetry/types.ts";
import { createWireServer, type WireServer } from "./wire/server.ts";
import type { AwsService } from "./wire/service.ts";
import { localWorld, type World } from "./world.ts";

/** What a range is composed from. `extraServices` are served on the same endpoint. */
export interface RangeOptions {
  readonly metricSink: MetricSink;
  readonly logSink: LogSink;
  readonly extraServices: readonly AwsService[];
  readonly world?: World;
}

/** A small AWS on this machine: ECS, load balancers and the endpoint in front of them. */
export interface Range {
  readonly world: World;
  readonly wire: WireServer;
  readonly ecs: Ecs;
  readonly elb: Elb;
  readonly autoScaling: AutoScaling;
  readonly images: ImageRegistry;
  readonly services: readonly AwsService[];
  /** Starts everything; resolves to the AWS endpoint URL. Port 0 takes a free one. */
  start(port?: number): Promise<string>;
  /** Resolves when no process of a task is left and nothing listens any more. */
  stop(): Promise<void>;
}

/** Composes ECS, ELBv2, Application Auto Scaling, STS and the wire server. Nothing runs before `start()`. */
export function createRange(options: RangeOptions): Range {
  const world = options.world ?? localWorld;
  const images = createImageRegistry();
  const elb = createElb(world, options.metricSink);
  const ecs = createEcs({ world, images, registry: elb.targetGroups, logs: options.logSink });
  const autoScaling = createAutoScaling(world);
  const measuring = createMeasuring(ecs, options.metricSink);
  const services = [
    ecs.service,
    elb.service,
    autoScaling.service,
    createSts(world),
    ...options.extraServices,
  ];
  const wire = createWireServer(services);

  return {
    world,
    wire,
    ecs,
    elb,
    autoScaling,
    images,
    services,
    async start(port) {
      ecs.start();
      elb.start();
      measuring.start();
      return wire.listen(port);
    },
    async stop() {
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
  const service = range.services.find((one) => Object.hasOwn(one.operations, operation));
  const output = await service?.operations[operation]?.(input);
  if (!service) throw new Error(`No service of the sandbox has the operation ${operation}.`);
  return (output ?? {}) as Record<string, unknown>;
}
