import type { MetricDataResult } from "@aws-sdk/client-cloudwatch";
import type { Point } from "../../domain/reading.ts";
import type { MetricQuery, MetricReader, ReadOptions, Window } from "../../evidence/ports.ts";
import type { AwsClients } from "./clients.ts";
import { chunks } from "./defined.ts";
import { assertRead, eachPoint, metricData, metricStatOf } from "./metric-data.ts";
import { readMath } from "./metric-math-reader.ts";

/** AWS's limit of queries in one GetMetricData call. */
const queriesPerCall = 500;

type Series = Map<number, number>;

/** Reads CloudWatch metrics with GetMetricData, many series in one call. */
export function createMetricReader(clients: AwsClients): MetricReader {
  async function read(queries: readonly MetricQuery[], window: Window, options?: ReadOptions) {
    // AWS needs ids of its own form.
    const asked = queries.map(({ metric }, index) => ({ Id: `q${index}`, MetricStat: metricStatOf(metric) }));
    const series: Series[] = queries.map(() => new Map());
    const statuses = new Map<number, MetricDataResult["StatusCode"]>();
    for await (const result of metricData(clients, asked, window, options)) {
      const index = Number(result.Id?.slice(1));
      statuses.set(index, result.StatusCode);
      eachPoint(result, window, (t, v) => series[index]?.set(t, v));
    }
    for (const [index, status] of statuses) {
      const metric = queries[index]?.metric;
      assertRead(status, `${metric?.namespace} ${metric?.name}`, UNREADABLE);
    }
    return queries.map(({ id }, index) => [id, inTimeOrder(series[index])] as const);
  }

  return {
    async series(queries, window, options) {
      const plain = queries.filter(({ math }) => math === undefined);
      const batches = chunks(plain, queriesPerCall).map((batch) => read(batch, window, options));
      return new Map((await Promise.all([...batches, readMath(clients, queries, window, options)])).flat());
    },
  };
}

const UNREADABLE = "CloudWatch could not read this series. Try again, and look at the metric in the console.";

function inTimeOrder(series: Series | undefined): Point[] {
  return [...(series ?? [])].map(([t, v]) => ({ t, v })).sort((one, other) => one.t - other.t);
}
