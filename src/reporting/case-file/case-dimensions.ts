/** Namespaces and dimensions of CloudWatch series under pseudonyms. */
import type { Anonymiser } from "./anonymiser.ts";

/** Keeps AWS's own namespaces. */
export function caseNamespace(namespace: string, { names }: Anonymiser): string {
  return /^(?:AWS|ECS)\/[A-Za-z0-9]{1,60}$/.test(namespace) ? namespace : names.of("namespace", namespace);
}

/** Dimensions of ECS and of load balancers, and what their values name. */
const DIMENSIONS = {
  ServiceName: "service",
  ClusterName: "cluster",
  TaskId: "task",
  TaskDefinitionFamily: "definition",
  LoadBalancer: "load-balancer",
  TargetGroup: "target-group",
} as const;

const WHOLE: ReadonlySet<string> = new Set(["service", "cluster", "task"]);

export function caseDimensions(
  dimensions: Readonly<Record<string, string>>,
  { names, texts }: Anonymiser,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(dimensions).map(([name, value]) => {
      const kind = Object.entries(DIMENSIONS).find(([known]) => known === name)?.[1];
      if (kind === undefined) return [names.of("name", name), names.of("resource", value)];
      return [name, WHOLE.has(kind) ? names.of(kind, value) : texts.path(value, kind)];
    }),
  );
}
