/** CloudWatch's GetMetricData, which leaves out periods without a count. */
import { json } from "../../../test/support/aws-stub-answers.ts";
import { createRandom } from "../random.ts";
import { OLDEST_MINUTE, type Series, series, valuesOf } from "../series.ts";
import type { MetricName, UsualMetric } from "../types.ts";
import { bandResults } from "./anomaly-band.ts";
import type { Handlers } from "./handlers.ts";
import { pointsOf, type Stored } from "./points.ts";
import type { Scene } from "./scene.ts";

type Values = readonly (number | undefined)[];

interface MetricStat {
  readonly Metric: {
    readonly Namespace: string;
    readonly MetricName: string;
    readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
  };
  readonly Period: number;
  readonly Stat: string;
}

interface DataQuery {
  readonly Id: string;
  readonly MetricStat?: MetricStat;
  readonly Expression?: string;
}

/** Where each metric of the vocabulary is found. */
export function metricIdentity(scene: Scene, metric: MetricName) {
  const service = { ClusterName: scene.cluster, ServiceName: scene.world.service };
  const target = { LoadBalancer: scene.loadBalancer, TargetGroup: scene.targetGroup };
  const balancer = (name: string, dimensions: Record<string, string> = target) => ({
    namespace: "AWS/ApplicationELB",
    name,
    dimensions,
  });
  switch (metric) {
    case "cpu":
      return { namespace: "AWS/ECS", name: "CPUUtilization", dimensions: service };
    case "memory":
      return { namespace: "AWS/ECS", name: "MemoryUtilization", dimensions: service };
    case "runningTasks":
      return { namespace: "ECS/ContainerInsights", name: "RunningTaskCount", dimensions: service };
    case "requests":
      return balancer("RequestCount");
    case "requestsPerTarget":
      return balancer("RequestCountPerTarget", { TargetGroup: scene.targetGroup });
    case "errors5xx":
      return balancer("HTTPCode_Target_5XX_Count");
    case "elb5xx":
      return balancer("HTTPCode_ELB_5XX_Count", { LoadBalancer: scene.loadBalancer });
    case "p50":
    case "p99":
      return balancer("TargetResponseTime");
    case "unhealthyHosts":
      return balancer("UnHealthyHostCount");
    case "healthyHosts":
      return balancer("HealthyHostCount");
    case "custom": {
      const { namespace, name, dimensions } = scene.world.custom ?? {
        namespace: "App",
        name: "Errors",
        dimensions: {},
      };
      return { namespace, name, dimensions: { ...dimensions } };
    }
  }
}

/** The values of one of the service's metrics under a statistic, oldest first, the last one at minute -1. */
export function metricValues(scene: Scene, metric: MetricName, statistic: string): Values {
  const { namespace, name, dimensions } = metricIdentity(scene, metric);
  return (
    storeOf(scene)
      .get(keyOf(namespace, name, dimensions))
      ?.read(statistic) ?? []
  );
}

/** GetMetricData of the case. */
export function metricHandlers(scene: Scene): Handlers {
  const store = storeOf(scene);
  return {
    GetMetricData: (input) => {
      const queries = (input["MetricDataQueries"] ?? []) as readonly DataQuery[];
      const [from, to] = [Number(input["StartTime"]) * 1000, Number(input["EndTime"]) * 1000];
      return json({
        MetricDataResults: queries.flatMap(({ Id, MetricStat, Expression }) => {
          if (Expression !== undefined) return bandResults(scene, { Id, Expression }, queries, [from, to]);
          const stored = MetricStat && store.get(keyOfMetric(MetricStat.Metric));
          const points =
            stored === undefined ? [] : pointsOf(scene, stored, MetricStat as MetricStat, [from, to]);
          const inside = points.filter(({ t }) => t >= from && t < to);
          return {
            Id,
            Label: MetricStat?.Metric.MetricName ?? Id,
            Timestamps: inside.map(({ t }) => t / 1000),
            Values: inside.map(({ v }) => v),
            StatusCode: "Complete",
          };
        }),
        Messages: [],
      });
    },
  };
}

function keyOfMetric({ Namespace, MetricName: name, Dimensions = [] }: MetricStat["Metric"]): string {
  return keyOf(Namespace, name, Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])));
}

function keyOf(namespace: string, name: string, dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort()]);
}

const DEFAULTS: Record<Exclude<MetricName, "custom" | "requestsPerTarget">, Series> = {
  cpu: series(31),
  memory: series(47),
  requests: series(2_300),
  errors5xx: series(0.4),
  elb5xx: series(0.1),
  p50: series(0.042),
  p99: series(0.31),
  unhealthyHosts: series(0),
  healthyHosts: series(4),
  runningTasks: series(4),
};

/** Memory varies less than load. */
const MEMORY_NOISE = 0.012;

const COUNTS: readonly MetricName[] = ["unhealthyHosts", "healthyHosts", "runningTasks"];
const STORES = new WeakMap<Scene, ReadonlyMap<string, Stored>>();

function storeOf(scene: Scene): ReadonlyMap<string, Stored> {
  const known = STORES.get(scene);
  if (known !== undefined) return known;
  const store = new Map<string, Stored>();
  const put = (metric: MetricName, stored: Stored) => {
    const { namespace, name, dimensions } = metricIdentity(scene, metric);
    store.set(keyOf(namespace, name, dimensions), stored);
  };
  const values = (metric: Exclude<MetricName, "custom" | "requestsPerTarget">): Values => {
    const given = scene.world.metrics?.[metric];
    if (given === "absent") return [];
    const usual =
      COUNTS.includes(metric) && metric !== "unhealthyHosts" ? series(scene.desired) : DEFAULTS[metric];
    return finish(metric, given ?? usual, `${scene.name} ${metric}`, metric !== scene.world.alarm.metric);
  };
  const before = (metric: UsualMetric) => {
    const usual = scene.world.usual?.[metric];
    return usual === undefined ? {} : { before: { usual, seed: `${scene.name} ${metric} before` } };
  };
  for (const metric of ["cpu", "memory"] as const) {
    put(metric, { ...utilisation(scene, metric, values(metric)), ...before(metric) });
  }
  if (scene.world.balancer !== false) {
    for (const metric of ["requests", "errors5xx", "elb5xx", "unhealthyHosts", "healthyHosts"] as const) {
      const known = values(metric);
      put(metric, { read: () => known, ...(metric === "requests" ? before(metric) : {}) });
    }
    const [requests, hosts] = [values("requests"), values("healthyHosts")];
    const perTarget = requests.map((count, index) => count && count / Math.max(1, hosts[index] ?? 1));
    put("requestsPerTarget", { read: () => perTarget });
    put("p99", { ...latency(values("p50"), values("p99")), ...before("p99") });
  }
  if (scene.world.insights !== undefined) {
    const known = values("runningTasks");
    put("runningTasks", { read: () => known });
  }
  if (scene.world.custom !== undefined) {
    const known = whole(valuesOf(scene.world.custom.series, `${scene.name} custom`));
    put("custom", { read: () => known });
  }
  if (scene.world.insights === "tasks") putTasks(scene, store);
  STORES.set(scene, store);
  return store;
}

/** The newest minute is often missing, except where the alarm has just evaluated it. */
function finish(metric: MetricName, given: Series, seed: string, mayBeLate: boolean): Values {
  if (COUNTS.includes(metric)) {
    const quiet: Series = { base: given.base, changes: [...given.changes, { kind: "noise", size: 0 }] };
    return valuesOf(quiet, seed).map((value) => value && Math.round(value));
  }
  const found = valuesOf(given, seed, metric === "memory" ? MEMORY_NOISE : undefined);
  if (metric === "errors5xx" || metric === "elb5xx") return sparse(found, seed);
  if (metric === "requests") return whole(found);
  if (metric === "cpu" || metric === "memory") {
    const late = mayBeLate && createRandom(`${seed} late`).next() < 0.3;
    return found.map((value, index) =>
      value === undefined || (late && index === found.length - 1) ? undefined : Math.min(100, value),
    );
  }
  return found;
}

const whole = (values: Values): Values => values.map((value) => value && Math.round(value));

/** Counted only when there is something to count. */
function sparse(values: Values, seed: string): Values {
  const random = createRandom(`${seed} sparse`);
  return values.map((value) => {
    if (value === undefined) return undefined;
    const count = value < 3 ? (random.next() < value ? 1 + Math.floor(value) : 0) : Math.round(value);
    return count === 0 ? undefined : count;
  });
}

function utilisation(scene: Scene, metric: "cpu" | "memory", average: Values): Stored {
  const { cpuMaximum, memoryMaximum } = scene.world.metrics ?? {};
  const given = metric === "cpu" ? cpuMaximum : memoryMaximum;
  const random = createRandom(`${scene.name} ${metric} spread`);
  const spread = metric === "cpu" ? 0.22 : 0.05;
  const own =
    given === undefined
      ? undefined
      : valuesOf(given, `${scene.name} ${metric} maximum`, metric === "memory" ? MEMORY_NOISE : undefined);
  const maximum = average.map((value, index) => {
    const above = 1 + spread * (0.5 + random.next());
    return value && Math.min(100, Math.max(value, own?.[index] ?? value * above));
  });
  return {
    read: (statistic) => {
      if (statistic === "Maximum") return maximum;
      return statistic === "Minimum" ? average.map((value) => value && value * (1 - spread)) : average;
    },
  };
}

function latency(p50: Values, p99: Values): Stored {
  const between = (part: number) => p50.map((low, index) => low && low + ((p99[index] ?? low) - low) * part);
  return {
    read: (statistic) => {
      if (statistic === "p50") return p50;
      if (statistic === "p90") return between(0.35);
      if (statistic === "p95") return between(0.55);
      return statistic === "Average" ? between(0.08) : p99;
    },
  };
}

/** A disk varies less than a processor. */
const DISK_NOISE = 0.005;

function putTasks(scene: Scene, store: Map<string, Stored>): void {
  const { cluster: ClusterName, running } = scene;
  for (const task of running) {
    if (task.age === undefined) continue;
    const dimensions = { ClusterName, ServiceName: scene.world.service, TaskId: task.id };
    for (const [name, metric] of [
      ["TaskCpuUtilization", "cpu"],
      ["TaskMemoryUtilization", "memory"],
    ] as const) {
      const shared = scene.world.metrics?.[metric];
      const own = task[metric] ?? (shared === "absent" ? undefined : shared) ?? DEFAULTS[metric];
      const young = Math.floor(-OLDEST_MINUTE - task.age);
      const values = finish(metric, own, `${scene.name} ${task.id} ${metric}`, true).map((value, index) =>
        index < young ? undefined : value,
      );
      store.set(keyOf("ECS/ContainerInsights", name, dimensions), { read: () => values });
    }
    if (task.disk === undefined) continue;
    const disk = valuesOf(task.disk, `${scene.name} ${task.id} disk`, DISK_NOISE);
    store.set(keyOf("ECS/ContainerInsights", "TaskEphemeralStorageUtilization", dimensions), {
      read: () => disk,
    });
  }
}
