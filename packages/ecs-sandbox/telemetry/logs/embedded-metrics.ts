import { z } from "zod";
import { isReservedNamespace, type MetricId } from "../metrics/metric-id.ts";
import type { MetricStore } from "../metrics/metric-store.ts";
import type { LogStore } from "./log-store.ts";

/** The limits of the specification: values of one metric, metrics of one directive, dimensions of one set. */
const MAXIMUM_VALUES = 100;
const MAXIMUM_METRICS = 100;
const MAXIMUM_DIMENSIONS = 30;

const Directive = z.object({
  Namespace: z.string().min(1).max(255),
  Dimensions: z.array(z.array(z.string().min(1)).max(MAXIMUM_DIMENSIONS)).min(1),
  Metrics: z
    .array(z.object({ Name: z.string().min(1).max(255), Unit: z.string().optional() }))
    .max(MAXIMUM_METRICS),
});
type Directive = z.infer<typeof Directive>;

const Document = z.looseObject({
  _aws: z.object({ Timestamp: z.number().int().nonnegative(), CloudWatchMetrics: z.array(Directive).min(1) }),
});

/** A metric is a number or a list of numbers; a dimension is a text. */
const MetricTarget = z.union([
  z.number().transform((value) => [value]),
  z.array(z.number()).max(MAXIMUM_VALUES),
]);
const DimensionTarget = z.string().min(1);

interface EmbeddedMetric {
  readonly metric: MetricId;
  readonly unit: string;
  readonly values: readonly number[];
}

/**
 * Reads the metrics of a log line in embedded metric format; none of another line. The line is the whole document, with
 * nothing before or after it, and every metric and dimension that it names is a member at its top. A directive that names
 * a namespace of AWS's own is left out: these are reserved, `ECS/ContainerInsights` is not among them.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetricsOf(message: string): {
  readonly at: number;
  readonly metrics: EmbeddedMetric[];
} {
  const document = documentIn(message);
  if (document === undefined) return { at: 0, metrics: [] };
  const { _aws: head, ...members } = document;
  const metrics = head.CloudWatchMetrics.filter(({ Namespace }) => !isReservedNamespace(Namespace)).flatMap(
    (directive) => metricsOf(directive, members),
  );
  return { at: head.Timestamp, metrics };
}

function documentIn(message: string): z.infer<typeof Document> | undefined {
  if (!message.startsWith("{") || !message.includes('"_aws"')) return undefined;
  try {
    return Document.safeParse(JSON.parse(message)).data;
  } catch {
    return undefined;
  }
}

function metricsOf(
  { Namespace, Dimensions, Metrics }: Directive,
  members: Readonly<Record<string, unknown>>,
) {
  const sets = Dimensions.flatMap((names) => dimensionsOf(names, members));
  return Metrics.flatMap(({ Name, Unit = "None" }) => {
    const values = MetricTarget.safeParse(members[Name]).data;
    return sets.flatMap((dimensions) =>
      values === undefined
        ? []
        : [{ metric: { namespace: Namespace, name: Name, dimensions }, unit: Unit, values }],
    );
  });
}

/** None when one of the dimensions is not a text of the document: the set then names no metric. */
function dimensionsOf(
  names: readonly string[],
  members: Readonly<Record<string, unknown>>,
): Record<string, string>[] {
  const pairs = names.map((name) => [name, DimensionTarget.safeParse(members[name]).data] as const);
  if (pairs.some(([, value]) => value === undefined)) return [];
  return [Object.fromEntries(pairs) as Record<string, string>];
}

/** A log store whose lines in embedded metric format become metrics, as CloudWatch Logs extracts them. */
export function withEmbeddedMetrics(logs: LogStore, store: MetricStore): LogStore {
  return {
    ...logs,
    put(group, stream, lines) {
      logs.put(group, stream, lines);
      for (const { message } of lines) {
        const { at, metrics } = embeddedMetricsOf(message);
        for (const { metric, unit, values } of metrics) {
          for (const value of values) {
            store.record(metric, unit, { at, count: 1, sum: value, minimum: value, maximum: value });
          }
        }
      }
    },
  };
}
