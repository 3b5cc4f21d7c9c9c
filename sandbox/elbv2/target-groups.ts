import { setTimeout as sleep } from "node:timers/promises";
import type { World } from "../world.ts";
import { arnOf, hexId } from "../world.ts";
import { checkTargets } from "./health-checker.ts";
import {
  drainingHealth,
  type HealthCheckSettings,
  initialHealth,
  notRegistered,
  type TargetAddress,
  type TargetGroup,
  type TargetHealth,
  targetKey,
} from "./model.ts";

/** The target groups of the sandbox; the part of the load balancer that ECS talks to. */
export interface TargetGroups {
  create(name: string, healthCheck?: Partial<HealthCheckSettings>): TargetGroup;
  get(arn: string): TargetGroup | undefined;
  list(): readonly TargetGroup[];
  register(arn: string, address: TargetAddress): void;
  /** Stops new requests and resolves when the open ones are done or the deregistration delay is over. */
  deregister(arn: string, address: TargetAddress): Promise<void>;
  health(arn: string, address: TargetAddress): TargetHealth;
  /** Runs the health checks that are due at this second since the start. */
  check(second: number): void;
}

const defaultHealthCheck: HealthCheckSettings = {
  path: "/healthz",
  intervalSeconds: 1,
  timeoutSeconds: 1,
  healthyThreshold: 2,
  unhealthyThreshold: 2,
  matcher: 200,
};

/** An empty set of target groups. */
export function createTargetGroups(world: World): TargetGroups {
  const groups = new Map<string, TargetGroup>();
  return {
    create(name, healthCheck) {
      const dimension = `targetgroup/${name}/${hexId(16)}`;
      const arn = arnOf(world, "elasticloadbalancing", dimension);
      const group: TargetGroup = {
        arn,
        name,
        dimension,
        healthCheck: { ...defaultHealthCheck, ...healthCheck },
        deregistrationDelaySeconds: 2,
        targets: new Map(),
        loadBalancerArn: "",
      };
      groups.set(arn, group);
      return group;
    },
    get: (arn) => groups.get(arn),
    list: () => [...groups.values()],
    register(arn, address) {
      groups.get(arn)?.targets.set(targetKey(address), {
        address,
        health: initialHealth,
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
      const deadline = Date.now() + group.deregistrationDelaySeconds * 1000;
      while (target.inFlight > 0 && Date.now() < deadline) await sleep(50);
      group.targets.delete(targetKey(address));
    },
    health: (arn, address) => groups.get(arn)?.targets.get(targetKey(address))?.health ?? notRegistered,
    check(second) {
      for (const group of groups.values()) {
        if (second % group.healthCheck.intervalSeconds === 0) checkTargets(group);
      }
    },
  };
}
