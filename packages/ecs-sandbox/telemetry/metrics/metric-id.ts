import { z } from "zod";

/** What names a metric in CloudWatch. */
export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** The `Dimensions` member of CloudWatch requests. */
export const DimensionList = z.array(z.object({ Name: z.string(), Value: z.string() })).max(30);
export type DimensionList = z.infer<typeof DimensionList>;

/** A canonical string for a metric; the order of dimensions does not matter. */
export function metricKey(metric: MetricId): string {
  const dimensions = Object.entries(metric.dimensions).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return JSON.stringify([metric.namespace, metric.name, dimensions]);
}

/**
 * Whether a namespace is one that only AWS's services write to.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
 */
export function isReservedNamespace(namespace: string): boolean {
  return namespace.startsWith("AWS/");
}

/** `{ Name, Value }` pairs to a record. */
export function dimensionsFromList(list: DimensionList | undefined): Record<string, string> {
  return Object.fromEntries((list ?? []).map(({ Name, Value }) => [Name, Value]));
}

/** A record to `{ Name, Value }` pairs. */
export function dimensionsToList(dimensions: Readonly<Record<string, string>>): DimensionList {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}
