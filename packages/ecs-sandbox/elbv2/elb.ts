import type { MetricSink } from "../telemetry/types.ts";
import { closeServer, listenOnLoopback } from "../wire/http.ts";
import type { AwsService } from "../wire/service.ts";
import { arnOf, hexId, type World } from "../world.ts";
import type { LoadBalancer } from "./model.ts";
import { elbOperations } from "./operations.ts";
import { createProxy } from "./proxy.ts";
import { createTargetGroups, type TargetGroupSettings, type TargetGroups } from "./target-groups.ts";
import { createTrafficMetrics } from "./traffic-metrics.ts";

/** The load balancers of the sandbox. */
export interface Elb {
  readonly service: AwsService;
  readonly targetGroups: TargetGroups;
  createLoadBalancer(name: string, options?: LoadBalancerOptions): Promise<LoadBalancer>;
  list(): readonly LoadBalancer[];
  start(): void;
  stop(): Promise<void>;
}

/** The options of a load balancer. The idle timeout defaults to AWS's 60 s. */
interface LoadBalancerOptions extends TargetGroupSettings {
  readonly idleTimeoutSeconds?: number;
  /** A second target group, for deployments that shift traffic. */
  readonly withAlternate?: boolean;
}

/** Real HTTP load balancers on loopback; nothing is checked or measured before `start()`. */
export function createElb(world: World, metrics: MetricSink): Elb {
  const targetGroups = createTargetGroups(world);
  const balancers: (LoadBalancer & { flush(): void })[] = [];
  let timer: NodeJS.Timeout | undefined;
  let second = 0;

  return {
    targetGroups,
    service: {
      name: "elasticloadbalancing",
      protocol: {
        kind: "query",
        apiVersion: "2015-12-01",
        xmlNamespace: "http://elasticloadbalancing.amazonaws.com/doc/2015-12-01/",
      },
      operations: elbOperations(world, targetGroups, () => balancers),
    },
    async createLoadBalancer(name, options = {}) {
      const group = targetGroups.create(name, options);
      const alternate = options.withAlternate ? targetGroups.create(`${name}-2`, options) : undefined;
      const dimension = `app/${name}/${hexId(16)}`;
      const arn = arnOf(world, "elasticloadbalancing", `loadbalancer/${dimension}`);
      const routes = [group, ...(alternate ? [alternate] : [])].map((one) => ({
        group: one,
        traffic: createTrafficMetrics(world, metrics, dimension, one),
      }));
      for (const route of routes) route.group.loadBalancerArn = arn;
      if (alternate) alternate.weight = 0;
      const proxy = createProxy(routes, options.idleTimeoutSeconds ?? 60);
      const balancer = {
        name,
        arn,
        dimension,
        group,
        url: await listenOnLoopback(proxy.server),
        createdAt: new Date(world.now()),
        ...(alternate && { alternate }),
        flush() {
          for (const { traffic } of routes) traffic.flush();
        },
        answerItself: proxy.answerItself,
        async closeListener() {
          await closeServer(proxy.server);
          proxy.close();
        },
      };
      balancers.push(balancer);
      return balancer;
    },
    list: () => balancers,
    start() {
      timer = setInterval(() => {
        second += 1;
        targetGroups.check(second);
        for (const balancer of balancers) balancer.flush();
      }, 1000);
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(balancers.map((balancer) => balancer.closeListener()));
    },
  };
}
