/**
 * Whether a series may support a cause of this service: only where applications cannot write its namespace, and its
 * dimensions name this service. Everything else explains.
 */
import type { MetricIdentity } from "../domain/alert.ts";
import type { TargetGroupReading, TaskReading } from "../domain/reading.ts";
import type { Target } from "../domain/target.ts";

/** What belongs to the service. */
export interface ServiceScope {
  readonly target: Target;
  readonly groups: readonly Pick<
    TargetGroupReading,
    "targetGroupDimension" | "loadBalancerDimension" | "networkDimension"
  >[];
  readonly running: readonly Pick<TaskReading, "id">[];
  /** Namespaces that the policy trusts beside AWS's own. */
  readonly trustedNamespaces: readonly string[];
}

export interface SeriesTrust {
  readonly provenance: "metric" | "custom-metric";
  /** Why the series supports no cause; absent where it may. */
  readonly explainsOnly?: string;
}

type Series = Pick<MetricIdentity, "namespace" | "dimensions">;

/** The namespace of Container Insights, which any application with log rights can write, too. */
export const CONTAINER_INSIGHTS = "ECS/ContainerInsights";

/**
 * Returns true for a namespace that applications cannot write: PutMetricData and log lines in the embedded metric format
 * are refused for names that begin with `AWS/`. @see
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
 */
export function isTrustedNamespace(namespace: string, trustedNamespaces: readonly string[]): boolean {
  return namespace.startsWith("AWS/") || trustedNamespaces.includes(namespace);
}

/** Judges a series by what it reads: its own identity, or every input of metric math. */
export function trustOf(inputs: readonly Series[], scope: ServiceScope): SeriesTrust {
  const written = inputs.find(({ namespace }) => !isTrustedNamespace(namespace, scope.trustedNamespaces));
  if (inputs.length === 0) return { provenance: "custom-metric", explainsOnly: "its inputs are not known" };
  if (written !== undefined) {
    return {
      provenance: "custom-metric",
      explainsOnly: `any application can write the namespace ${written.namespace}`,
    };
  }
  const foreign = inputs.map((input) => otherThan(input, scope)).find((other) => other !== undefined);
  return foreign === undefined
    ? { provenance: "metric" }
    : { provenance: "metric", explainsOnly: `it is about ${foreign}, not about this service` };
}

/** Returns true when the dimensions name this service, one of its running tasks or its load balancing. */
export function isAboutService(series: Series, scope: ServiceScope): boolean {
  return otherThan(series, scope) === undefined;
}

/** Returns what the dimensions are about where that is not the service. */
function otherThan({ dimensions }: Series, { target, groups, running }: ServiceScope): string | undefined {
  const { ClusterName, ServiceName, TaskId, TargetGroup, LoadBalancer } = dimensions;
  if (ClusterName !== undefined && ClusterName !== clusterName(target)) return `cluster ${ClusterName}`;
  if (ServiceName !== undefined && ServiceName !== target.service) return `service ${ServiceName}`;
  if (TaskId !== undefined && !running.some(({ id }) => id === TaskId)) return `task ${TaskId}`;
  if (TargetGroup !== undefined) {
    return groups.some((group) => group.targetGroupDimension === TargetGroup)
      ? undefined
      : `target group ${TargetGroup}`;
  }
  if (LoadBalancer !== undefined) {
    return groups.some((group) => (group.loadBalancerDimension ?? group.networkDimension) === LoadBalancer)
      ? undefined
      : `load balancer ${LoadBalancer}`;
  }
  if (ServiceName !== undefined && ClusterName !== undefined) return undefined;
  if (TaskId !== undefined && ClusterName !== undefined) return undefined;
  if (ServiceName !== undefined) return `service ${ServiceName} of an unnamed cluster`;
  if (ClusterName !== undefined) return `the whole cluster ${ClusterName}`;
  const [first] = Object.entries(dimensions);
  return first === undefined ? "the whole account" : `${first[0]} ${first[1]}`;
}

/** Returns the cluster's name, without the ARN that may stand before it. */
export function clusterName({ cluster }: Target): string {
  return cluster.slice(cluster.lastIndexOf("/") + 1);
}
