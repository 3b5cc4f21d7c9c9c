import type { MetricSample, MetricSink } from "../telemetry/types.ts";
import type { World } from "../world.ts";
import type { TargetGroup } from "./model.ts";

/** What happened to one request. */
type ServedRequest =
  | { readonly by: "target"; readonly status: number; readonly seconds: number }
  | { readonly by: "load-balancer"; readonly status: number; readonly connectionError: boolean }
  /** A rule of the listener answered by itself. */
  | { readonly by: "listener"; readonly status: number }
  /** The client closed its connection before there was an answer. */
  | { readonly by: "client"; readonly status: 460 };

/** Collects the traffic of one load balancer and writes it as `AWS/ApplicationELB`. */
export interface TrafficMetrics {
  record(request: ServedRequest): void;
  /** Writes what came in since the last flush, and the host counts. Counts of zero are left out, as AWS does. */
  flush(): void;
}

/** Traffic metrics under the dimensions `LoadBalancer` and `LoadBalancer` + `TargetGroup`. */
export function createTrafficMetrics(
  world: World,
  sink: MetricSink,
  loadBalancer: string,
  group: TargetGroup,
): TrafficMetrics {
  const whole = { LoadBalancer: loadBalancer };
  const byGroup = { LoadBalancer: loadBalancer, TargetGroup: group.dimension };
  let counts = new Map<string, number>();
  let times: number[] = [];
  /** RequestCount does not count them, since no target was chosen. */
  let fixedResponses = 0;

  function count(name: string): void {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }

  function flush(): void {
    const at = world.now();
    const samples: MetricSample[] = [];
    const add = (name: string, value: number, unit: "Count" | "Seconds", groupOnly = false) => {
      const base = { namespace: "AWS/ApplicationELB", name, value, unit, at };
      samples.push({ ...base, dimensions: byGroup });
      if (!groupOnly) samples.push({ ...base, dimensions: whole });
    };
    for (const [name, value] of counts) add(name, value, "Count");
    if (fixedResponses > 0) {
      // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
      const base = { namespace: "AWS/ApplicationELB", dimensions: whole, unit: "Count" as const, at };
      samples.push({ ...base, name: "HTTP_Fixed_Response_Count", value: fixedResponses });
      fixedResponses = 0;
    }
    const served = counts.get("RequestCount");
    const targets = [...group.targets.values()].filter((target) => target.health.state === "healthy").length;
    if (served !== undefined && targets > 0) {
      const value = served / targets;
      const base = { namespace: "AWS/ApplicationELB", name: "RequestCountPerTarget", value, at };
      // Also under the target group alone, which is where target tracking looks.
      samples.push({ ...base, dimensions: { TargetGroup: group.dimension }, unit: "Count" });
      samples.push({ ...base, dimensions: byGroup, unit: "Count" });
    }
    for (const seconds of times) add("TargetResponseTime", seconds, "Seconds");
    const states = [...group.targets.values()].map((target) => target.health.state);
    if (states.length > 0) {
      add("HealthyHostCount", states.filter((state) => state === "healthy").length, "Count", true);
      add("UnHealthyHostCount", states.filter((state) => state === "unhealthy").length, "Count", true);
    }
    counts = new Map();
    times = [];
    sink.put(samples);
  }

  return {
    record(request) {
      const family = `${Math.floor(request.status / 100)}XX`;
      if (request.by === "target") {
        count("RequestCount");
        count(`HTTPCode_Target_${family}_Count`);
        times.push(request.seconds);
        return;
      }
      if (request.by === "listener") {
        fixedResponses += 1;
        return;
      }
      if (request.by === "client") {
        // https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-troubleshooting.html#http-460-issues
        count("RequestCount");
        count("HTTPCode_ELB_4XX_Count");
        return;
      }
      // RequestCount counts what reached the choice of a target; 503 means that there was none.
      if (request.status !== 503) count("RequestCount");
      if (request.connectionError) count("TargetConnectionErrorCount");
      count(`HTTPCode_ELB_${family}_Count`);
      count(`HTTPCode_ELB_${request.status}_Count`);
    },
    flush,
  };
}
