import { setTimeout as sleep } from "node:timers/promises";
import type { World } from "../world.ts";
import { arnOf, hexId } from "../world.ts";
import { checkTargets } from "./health-checker.ts";
import {
  drainingHealth,
  type HealthCheckSettings,
  notRegistered,
  registering,
  type TargetAddress,
  type TargetGroup,
  type TargetHealth,
  targetKey,
} from "./model.ts";

/** The settings of a target group. The deregistration delay is 2 s here and 300 s on AWS. */
export interface TargetGroupSettings {
  readonly healthCheck?: Partial<HealthCheckSettings> | undefined;
  readonly deregistrationDelaySeconds?: number | undefined;
  readonly stickinessSeconds?: number | undefined;
}

/** The target groups of the sandbox; the part of the load balancer that ECS talks to. */
export interface TargetGroups {
  create(name: string, settings?: TargetGroupSettings): TargetGroup;
  get(arn: string): TargetGroup | undefined;
  list(): readonly TargetGroup[];
  register(arn: string, address: TargetAddress): void;
  /**
   * Stops new requests and resolves when the open ones are done or the deregistration delay is over. The target shows
   * as draining until the delay is over in any case.
   * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html#deregistration-delay
   */
  deregister(arn: string, address: TargetAddress): Promise<void>;
  /** Changes what share of the traffic a group gets. */
  setWeight(arn: string, weight: number): void;
  health(arn: string, address: TargetAddress): TargetHealth;
  /** Runs the health checks that are due at this second since the start. */
  check(second: number): void;
}

const defaultHealthCheck: HealthCheckSettings = {
  path: "/healthz",
  port: "traffic-port",
  intervalSeconds: 1,
  timeoutSeconds: 1,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
  matcher: "200",
};

/** An empty set of target groups. */
export function createTargetGroups(world: World): TargetGroups {
  const groups = new Map<string, TargetGroup>();
  return {
    create(name, settings = {}) {
      const dimension = `targetgroup/${name}/${hexId(16)}`;
      const arn = arnOf(world, "elasticloadbalancing", dimension);
      const group: TargetGroup = {
        arn,
        name,
        dimension,
        healthCheck: { ...defaultHealthCheck, ...settings.healthCheck },
        deregistrationDelaySeconds: settings.deregistrationDelaySeconds ?? 2,
        stickinessSeconds: settings.stickinessSeconds,
        targets: new Map(),
        loadBalancerArn: "",
        weight: 100,
      };
      groups.set(arn, group);
      return group;
    },
    get: (arn) => groups.get(arn),
    list: () => [...groups.values()],
    register(arn, address) {
      groups.get(arn)?.targets.set(targetKey(address), {
        address,
        health: registering,
        passes: 0,
        failures: 0,
        inFlight: 0,
        checking: false,
      });
    },
    async deregister(arn, address) {
      const group = groups.get(arn);
      const target = group?.targets.get(targetKey(address));
      if (!group || !target) return;
      target.health = drainingHealth;
      const delayMs = group.deregistrationDelaySeconds * 1000;
      const deadline = Date.now() + delayMs;
      const forget = () => {
        if (group.targets.get(targetKey(address)) === target) group.targets.delete(targetKey(address));
      };
      setTimeout(forget, delayMs).unref();
      while (target.inFlight > 0 && Date.now() < deadline) await sleep(50);
    },
    setWeight(arn, weight) {
      const group = groups.get(arn);
      if (group) group.weight = weight;
    },
    health: (arn, address) => groups.get(arn)?.targets.get(targetKey(address))?.health ?? notRegistered,
    check(second) {
      for (const group of groups.values()) {
        if (second % group.healthCheck.intervalSeconds === 0) checkTargets(group);
      }
    },
  };
}
