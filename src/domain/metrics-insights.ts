/**
 * Reads the few parts of a CloudWatch Metrics Insights query that say which series it is about.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html
 */

/** A query on one metric. What is not understood is absent, and never guessed. */
export interface InsightsQuery {
  /** The statistic as GetMetricData names it. */
  readonly statistic: string;
  readonly metric: string;
  readonly namespace: string;
  /** The dimensions of `SCHEMA(...)`; absent where the query takes every metric of the namespace. */
  readonly schema?: readonly string[];
  /** Dimensions that `WHERE` sets to one value. */
  readonly equals: Readonly<Record<string, string>>;
  /** The dimensions of `GROUP BY`; more than none makes it one series for each group. */
  readonly groupedBy: readonly string[];
}

const STATISTICS: Readonly<Record<string, string>> = {
  AVG: "Average",
  MAX: "Maximum",
  MIN: "Minimum",
  SUM: "Sum",
  COUNT: "SampleCount",
};

/** AWS takes 2 048 characters for an expression; a longer text is no query. */
const LONGEST = 2_048;

const NAME = String.raw`(?:"([^"]+)"|([\w./:-]+))`;
const HEAD = new RegExp(
  String.raw`^\s*SELECT\s+(AVG|MAX|MIN|SUM|COUNT)\s*\(\s*${NAME}\s*\)\s+FROM\s+(?:SCHEMA\s*\(([^)]*)\)|${NAME})`,
  "i",
);
const WHERE = /\bWHERE\s+(.*?)(?=\bGROUP\s+BY\b|\bORDER\s+BY\b|\bLIMIT\b|$)/is;
const GROUP_BY = /\bGROUP\s+BY\s+(.*?)(?=\bORDER\s+BY\b|\bLIMIT\b|$)/is;
const EQUAL = new RegExp(String.raw`^\s*${NAME}\s*=\s*'([^']*)'\s*$`);

/** Returns what a query is about; undefined for any other expression. Never throws. */
export function insightsQuery(expression: string | null | undefined): InsightsQuery | undefined {
  if (!expression || expression.length > LONGEST) return undefined;
  const [head, statistic = "", quoted, bare, inSchema, fromQuoted, fromBare] = HEAD.exec(expression) ?? [];
  if (head === undefined) return undefined;
  const [schemaNamespace, ...schema] = names(inSchema);
  const namespace = schemaNamespace ?? fromQuoted ?? fromBare ?? "";
  const metric = quoted ?? bare ?? "";
  const named = STATISTICS[statistic.toUpperCase()];
  if (named === undefined || namespace === "" || metric === "") return undefined;
  const rest = expression.slice(head.length);
  return {
    statistic: named,
    metric,
    namespace,
    ...(schema.length === 0 ? {} : { schema }),
    equals: equalities(WHERE.exec(rest)?.[1]),
    groupedBy: names(GROUP_BY.exec(rest)?.[1]),
  };
}

function names(list: string | undefined): string[] {
  return (list ?? "").split(",").flatMap((one) => one.trim().replace(/^"(.*)"$/, "$1") || []);
}

/** Conditions that hold for every series: those joined by AND alone. */
function equalities(conditions: string | undefined): Record<string, string> {
  if (conditions === undefined || /\bOR\b|[()]/i.test(conditions)) return {};
  const pairs = conditions.split(/\bAND\b/i).flatMap((one): [string, string][] => {
    const [, quoted, bare, value] = EQUAL.exec(one) ?? [];
    const name = quoted ?? bare;
    return name === undefined || value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(pairs);
}

/** Metrics that ECS writes for a service under these two dimensions and under no others. */
const OF_SERVICE: ReadonlySet<string> = new Set(["CPUUtilization", "MemoryUtilization"]);

/**
 * Returns the dimensions of the one series behind a group of the query, whose attributes are given; undefined where the
 * group may hold several series.
 */
export function seriesOfGroup(
  query: InsightsQuery,
  attributes: Readonly<Record<string, string>>,
): Record<string, string> | undefined {
  const known = { ...query.equals, ...attributes };
  const ofService = query.namespace === "AWS/ECS" && OF_SERVICE.has(query.metric);
  const wanted = query.schema ?? (ofService ? ["ClusterName", "ServiceName"] : undefined);
  if (wanted === undefined) return undefined;
  const found = wanted.flatMap((name): [string, string][] => {
    const value = Object.hasOwn(known, name) ? known[name] : undefined;
    return value === undefined ? [] : [[name, value]];
  });
  return found.length === wanted.length ? Object.fromEntries(found) : undefined;
}
