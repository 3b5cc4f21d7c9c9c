/** What all answers of a case share: clock, names, and tasks with their ids and addresses. */
import type { Minute } from "../minute.ts";
import { createRandom, hash } from "../random.ts";
import type { Case, DeploymentSpec, StopSpec, TaskSpec, World } from "../types.ts";

export interface SceneTask {
  readonly id: string;
  readonly arn: string;
  readonly address: string;
  readonly hostPort: number;
  readonly deploymentId: string;
}

export interface Scene {
  readonly name: string;
  readonly world: World;
  readonly now: number;
  /** Milliseconds of a minute of the case, and between stored points of its metrics. */
  readonly minuteMs: number;
  readonly cluster: string;
  readonly desired: number;
  readonly revision: number;
  readonly container: string;
  readonly port: number;
  readonly logGroup: string;
  readonly targetGroupArn: string;
  readonly targetGroup: string;
  readonly loadBalancer: string;
  readonly loadBalancerArn: string;
  readonly running: readonly (TaskSpec & SceneTask)[];
  readonly stopped: readonly (StopSpec & SceneTask)[];
  readonly deployments: readonly (DeploymentSpec & { readonly id: string })[];
  /** Epoch milliseconds of a minute relative to now. */
  time(minute: Minute): number;
  /** The same in seconds, as AWS JSON writes times. */
  seconds(minute: Minute): number;
  definitionArn(offset: number | undefined): string;
  arn(vendor: string, resource: string): string;
}

const ACCOUNT = "112233445566";
const DEFAULT_NOW = Date.parse("2026-11-23T14:37:20Z");

/** Everything derived from the case's name, the same on every run. */
export function sceneOf({ name, world }: Case): Scene {
  const random = createRandom(name);
  const now =
    world.now === undefined
      ? DEFAULT_NOW + (hash(name) % 43_200) * 1_000 - 21_600_000
      : Date.parse(world.now);
  const cluster = world.cluster ?? "prod";
  const { service } = world;
  const arn = (vendor: string, resource: string) => `arn:aws:${vendor}:eu-west-1:${ACCOUNT}:${resource}`;
  const revision = 18 + (hash(service) % 160);
  const minuteMs = (world.minuteSeconds ?? 60) * 1000;
  const time = (minute: Minute) => now + minute * minuteMs;
  const targetGroup = `targetgroup/${service.slice(0, 26)}-tg/${createRandom(service).hex(16)}`;
  const loadBalancer = `app/${cluster}-public/50dc6c495c0c9188`;
  const port = world.definition?.port ?? 8080;
  const deployments = (world.deployments ?? [{ revision: 0, at: -17 * 1440 }]).map((deployment) => ({
    ...deployment,
    id: `ecs-svc/${8_000_000_000_000_000_000n + BigInt(hash(name + deployment.at)) * 137n}`,
  }));
  const task = (offset: number | undefined): SceneTask => {
    const id = random.hex(32);
    return {
      id,
      arn: arn("ecs", `task/${cluster}/${id}`),
      address: `10.0.${random.integer(10, 40)}.${random.integer(5, 250)}`,
      hostPort: random.integer(32_768, 60_999),
      deploymentId: (deployments.find((one) => one.revision === (offset ?? 0)) ?? deployments[0])?.id ?? "",
    };
  };
  const running = (world.running ?? usualFleet(world.desired ?? 4)).map((one) => ({
    ...one,
    ...task(one.revision),
  }));
  const stopped = (world.stopped ?? []).map((one) => ({ ...one, ...task(one.revision) }));
  return {
    name,
    world,
    now,
    minuteMs,
    cluster,
    desired: world.desired ?? running.length,
    revision,
    container: world.definition?.sidecars ? service : "app",
    port,
    logGroup: `/ecs/${service}`,
    targetGroupArn: arn("elasticloadbalancing", targetGroup),
    targetGroup,
    loadBalancer,
    loadBalancerArn: arn("elasticloadbalancing", `loadbalancer/${loadBalancer}`),
    running,
    stopped,
    deployments,
    time,
    seconds: (minute) => Math.round(time(minute)) / 1000,
    definitionArn: (offset) => arn("ecs", `task-definition/${service}:${revision + (offset ?? 0)}`),
    arn,
  };
}

function usualFleet(count: number): TaskSpec[] {
  return Array.from({ length: count }, (_, index) => ({ age: 9_000 - index * 2.5 }));
}
