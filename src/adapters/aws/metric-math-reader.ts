/** Reads metric math and anomaly bands with the alarm's own queries, in a call of their own: ids must be unique in one. */
import type { MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { AlarmQueryReading, Point } from "../../domain/reading.ts";
import type { MetricQuery, ReadOptions, Window } from "../../evidence/ports.ts";
import type { AwsClients } from "./clients.ts";
import { defined } from "./defined.ts";
import { assertRead, eachPoint, metricData, metricStatOf } from "./metric-data.ts";

/** An anomaly band has two values at each time, in two results under one id. */
type Values = Map<number, number[]>;

/** Returns the answers of those queries that are metric math; the others are left out. */
export async function readMath(
  clients: AwsClients,
  queries: readonly MetricQuery[],
  window: Window,
  options?: ReadOptions,
): Promise<[string, Point[]][]> {
  const sets = new Map<readonly AlarmQueryReading[], MetricQuery[]>();
  for (const query of queries) {
    if (query.math === undefined) continue;
    sets.set(query.math.queries, [...(sets.get(query.math.queries) ?? []), query]);
  }
  const answered = [...sets].map(async ([set, asked]) => {
    const results = await readSet(clients, set, asked, window, options);
    return asked.map(({ id, math }): [string, Point[]] => {
      const values = results.get(math?.result ?? "") ?? new Map<number, number[]>();
      return [id, pointsOf(values, math?.edge)];
    });
  });
  return (await Promise.all(answered)).flat();
}

async function readSet(
  clients: AwsClients,
  set: readonly AlarmQueryReading[],
  asked: readonly MetricQuery[],
  window: Window,
  options?: ReadOptions,
): Promise<Map<string, Values>> {
  const wanted = new Set(asked.map(({ math }) => math?.result));
  const queries = set.map((query) => toMetricDataQuery(query, wanted.has(query.id)));
  const results = new Map<string, Values>();
  for await (const result of metricData(clients, queries, window, options)) {
    const { Id = "", StatusCode } = result;
    assertRead(StatusCode, "the alarm's metric math", NOT_COMPUTED);
    const values: Values = results.get(Id) ?? new Map();
    results.set(Id, values);
    eachPoint(result, window, (t, v) => values.set(t, [...(values.get(t) ?? []), v]));
  }
  return results;
}

const NOT_COMPUTED =
  "CloudWatch could not compute this expression. Try again, and look at the alarm in the console.";

function toMetricDataQuery(query: AlarmQueryReading, returned: boolean): MetricDataQuery {
  const { id, expression, label, periodSeconds, accountId, metric } = query;
  return defined({
    Id: id,
    Expression: expression,
    Label: label,
    Period: metric === undefined ? periodSeconds : undefined,
    AccountId: accountId,
    ReturnData: returned,
    MetricStat: metric && {
      ...metricStatOf(metric),
      ...(metric.unit === undefined ? {} : { Unit: metric.unit as never }),
    },
  });
}

/** Of a band that has one value at a time, neither edge is known there. */
function pointsOf(values: Values, edge: "lower" | "upper" | undefined): Point[] {
  const points = [...values].flatMap(([t, all]): Point[] => {
    const [first] = all;
    if (edge === undefined) return first === undefined ? [] : [{ t, v: first }];
    if (all.length < 2) return [];
    return [{ t, v: edge === "lower" ? Math.min(...all) : Math.max(...all) }];
  });
  return points.sort((one, other) => one.t - other.t);
}
