import { z } from "zod";
import { WireError } from "../../wire/service.ts";
import { alignWindow, bucketSamples, isValidPeriod, type TimeWindow } from "./aggregate.ts";
import { evaluateExpression } from "./expression-evaluator.ts";
import { parseExpression, referencesOf } from "./expression-parser.ts";
import { ExpressionError } from "./expression-tokens.ts";
import type { MathValue, SeriesValue } from "./expression-value.ts";
import { DimensionList, dimensionsFromList } from "./metric-id.ts";
import type { MetricStore } from "./metric-store.ts";
import { computeStatistic, parseStatistic } from "./statistic.ts";

const MetricStat = z.object({
  Metric: z.object({
    Namespace: z.string().min(1),
    MetricName: z.string().min(1),
    Dimensions: DimensionList.optional(),
  }),
  Period: z.number().int(),
  Stat: z.string(),
  Unit: z.string().optional(),
});
type MetricStat = z.infer<typeof MetricStat>;

/** One query of GetMetricData or of a metric-math alarm. */
export const MetricDataQuery = z
  .object({
    Id: z.string().regex(/^[a-z]\w{0,254}$/),
    MetricStat: MetricStat.optional(),
    Expression: z.string().optional(),
    Label: z.string().optional(),
    ReturnData: z.boolean().optional(),
    Period: z.number().int().optional(),
    AccountId: z.string().optional(),
  })
  .refine((query) => (query.MetricStat === undefined) !== (query.Expression === undefined), {
    message: "either MetricStat or Expression must be given, not both",
  });
export type MetricDataQuery = z.infer<typeof MetricDataQuery>;

/** Whether the caller wants the result of the query and not only expressions on it. */
export function isReturned(query: MetricDataQuery): boolean {
  return query.ReturnData !== false;
}

/** Checks periods, statistics, expressions and references; throws {@link WireError}. */
export function validateQueries(queries: readonly MetricDataQuery[]): void {
  const ids = new Set(queries.map(({ Id }) => Id));
  if (ids.size !== queries.length) {
    throw new WireError(
      "ValidationException",
      "The values for parameter id in MetricDataQueries are not unique.",
    );
  }
  for (const query of queries) {
    if (query.MetricStat !== undefined) validateStat(query.MetricStat);
    if (query.Expression !== undefined) validateExpression(query, query.Expression, ids);
  }
}

/** Computes one query, with those that it refers to, over a window; throws {@link WireError}. */
export function runQuery(
  query: MetricDataQuery,
  queries: readonly MetricDataQuery[],
  window: TimeWindow,
  store: MetricStore,
): SeriesValue {
  const byId = new Map(queries.map((each) => [each.Id, each]));

  function resolve(id: string, path: readonly string[]): MathValue {
    const found = byId.get(id);
    if (found === undefined) throw new ExpressionError(`'${id}' is not defined`);
    if (path.includes(id)) throw new ExpressionError(`'${id}' refers to itself`);
    if (found.MetricStat !== undefined) return readStat(found.MetricStat, window, store);
    return evaluateExpression(parseExpression(found.Expression ?? ""), {
      window,
      resolve: (other) => resolve(other, [...path, id]),
      metrics: () =>
        queries.flatMap(({ MetricStat: stat }) =>
          stat === undefined ? [] : [readStat(stat, window, store)],
        ),
    });
  }

  try {
    const value = resolve(query.Id, []);
    if (value.kind === "series") return value;
    throw new ExpressionError("the expression must return one time series");
  } catch (error) {
    throw asWireError(query.Id, error);
  }
}

function readStat(stat: MetricStat, window: TimeWindow, store: MetricStore): SeriesValue {
  const periodMilliseconds = stat.Period * 1000;
  const { start, end } = alignWindow(window, periodMilliseconds);
  const { Namespace: namespace, MetricName: name, Dimensions } = stat.Metric;
  const samples = store.read(
    { namespace, name, dimensions: dimensionsFromList(Dimensions) },
    start,
    end,
    stat.Unit,
  );
  const statistic = parseStatistic(stat.Stat);
  const points = new Map<number, number>();
  for (const bucket of bucketSamples(samples, periodMilliseconds)) {
    const value = statistic && computeStatistic(bucket.samples, statistic);
    if (value !== undefined) points.set(bucket.at, value);
  }
  return { kind: "series", periodMilliseconds, points };
}

function validateStat({ Period, Stat }: MetricStat): void {
  if (!isValidPeriod(Period)) {
    throw new WireError(
      "InvalidParameterValueException",
      `The value ${Period} for parameter Period is not 1, 5, 10, 20, 30 or a multiple of 60.`,
    );
  }
  if (parseStatistic(Stat) === undefined) {
    throw new WireError(
      "InvalidParameterValueException",
      `The value ${Stat} for parameter Stat is not supported.`,
    );
  }
}

function validateExpression(query: MetricDataQuery, expression: string, ids: ReadonlySet<string>): void {
  try {
    const unknown = referencesOf(parseExpression(expression)).find(
      (id) => !ids.has(id) && id !== "REPEAT" && id !== "LINEAR",
    );
    if (unknown !== undefined) throw new ExpressionError(`'${unknown}' is not defined`);
  } catch (error) {
    throw asWireError(query.Id, error);
  }
}

function asWireError(id: string, error: unknown): unknown {
  if (!(error instanceof ExpressionError)) return error;
  return new WireError("ValidationException", `Error in expression '${id}' [${error.message}]`);
}
