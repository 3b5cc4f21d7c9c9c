import { bucketSamples, type TimeWindow } from "./aggregate.ts";
import type { MetricStore } from "./metric-store.ts";
import { computeStatistic, parseStatistic } from "./statistic.ts";

/** A query of Metrics Insights over several time series. */
export interface InsightsQuery {
  readonly statistic: "Average" | "Maximum" | "Minimum" | "Sum" | "SampleCount";
  readonly metric: string;
  readonly namespace: string;
  /** The dimensions of `SCHEMA`; without it, any. */
  readonly dimensions: readonly string[] | undefined;
  readonly where: Readonly<Record<string, string>>;
  readonly groupBy: readonly string[];
}

/** One time series of a query: what tells it from the others, and its values by period (epoch milliseconds). */
export interface InsightsSeries {
  readonly attributes: Readonly<Record<string, string>>;
  readonly points: ReadonlyMap<number, number>;
}

const functions = {
  AVG: "Average",
  MAX: "Maximum",
  MIN: "Minimum",
  SUM: "Sum",
  COUNT: "SampleCount",
} as const;

const form =
  /^SELECT\s+(AVG|MAX|MIN|SUM|COUNT)\(\s*"?(\w+)"?\s*\)\s+FROM\s+(?:SCHEMA\(\s*"([^"]+)"\s*,\s*([^)]+)\)|"([^"]+)")(?:\s+WHERE\s+(.+?))?\s+GROUP\s+BY\s+([\w\s,"]+?)(?:\s+ORDER\s+BY\s.+)?$/i;

/**
 * Reads `SELECT MAX(metric) FROM SCHEMA("namespace", dimension) WHERE a = 'b' GROUP BY dimension`; undefined for
 * anything else, such as a query without GROUP BY.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html
 */
export function parseInsights(expression: string): InsightsQuery | undefined {
  const found = form.exec(expression.trim());
  if (!found) return undefined;
  const [, name = "", metric = "", schema, dimensions, bare, where, groupBy = ""] = found;
  const list = (text: string) => text.split(",").map((one) => one.trim().replaceAll('"', ""));
  const conditions = (where ?? "").matchAll(/"?(\w+)"?\s*=\s*'([^']*)'/g);
  return {
    statistic: functions[name.toUpperCase() as keyof typeof functions],
    metric,
    namespace: schema ?? bare ?? "",
    dimensions: dimensions === undefined ? undefined : list(dimensions),
    where: Object.fromEntries([...conditions].map(([, key = "", value = ""]) => [key, value])),
    groupBy: list(groupBy),
  };
}

/** Computes the time series of a query over a window. Series that lack a dimension of GROUP BY are left out. */
export function runInsights(
  query: InsightsQuery,
  window: TimeWindow,
  periodMilliseconds: number,
  store: MetricStore,
): InsightsSeries[] {
  const groups = new Map<
    string,
    { attributes: Record<string, string>; metrics: ReturnType<MetricStore["list"]> }
  >();
  for (const one of store.list()) {
    if (one.namespace !== query.namespace || one.name !== query.metric) continue;
    const names = Object.keys(one.dimensions);
    if (
      query.dimensions &&
      (names.length !== query.dimensions.length || query.dimensions.some((name) => !names.includes(name)))
    )
      continue;
    if (Object.entries(query.where).some(([name, value]) => one.dimensions[name] !== value)) continue;
    if (query.groupBy.some((name) => one.dimensions[name] === undefined)) continue;
    const attributes = Object.fromEntries(query.groupBy.map((name) => [name, one.dimensions[name] ?? ""]));
    const key = JSON.stringify(attributes);
    const group = groups.get(key) ?? { attributes, metrics: [] };
    group.metrics.push(one);
    groups.set(key, group);
  }
  const statistic = parseStatistic(query.statistic);
  return [...groups.values()].map(({ attributes, metrics }) => {
    const samples = metrics
      .flatMap((metric) => store.read(metric, window.start, window.end))
      .toSorted((one, other) => one.at - other.at);
    const points = new Map<number, number>();
    for (const bucket of bucketSamples(samples, periodMilliseconds)) {
      const value = statistic && computeStatistic(bucket.samples, statistic);
      if (value !== undefined) points.set(bucket.at, value);
    }
    return { attributes, points };
  });
}
