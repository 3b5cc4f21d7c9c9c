import type { MetricDataQuery, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { OpsAgentError } from "../../domain/errors.ts";
import type { Point } from "../../domain/reading.ts";
import type { MetricQuery, MetricReader, ReadOptions, Window } from "../../evidence/ports.ts";
import { call } from "./call.ts";
import type { AwsClients } from "./clients.ts";
import { chunks } from "./defined.ts";
import { readMath } from "./metric-math-reader.ts";

/** AWS's limit of queries in one GetMetricData call. */
const queriesPerCall = 500;
/** A page holds up to 100 800 points, more than any window; the limit guards against endless paging. */
const maxPages = 50;

type Series = Map<number, number>;

/** Reads CloudWatch metrics with GetMetricData, many series in one call. */
export function createMetricReader(clients: AwsClients): MetricReader {
  async function read(queries: readonly MetricQuery[], window: Window, options?: ReadOptions) {
    const { sdk, client } = await clients.cloudWatch();
    // AWS needs ids of its own form, and repeats a series on every page with points of it.
    const series: Series[] = queries.map(() => new Map());
    const statuses = new Map<number, MetricDataResult["StatusCode"]>();
    let nextToken: string | undefined;
    for (let page = 0; page < maxPages && (page === 0 || nextToken); page += 1) {
      const input = {
        MetricDataQueries: queries.map(toMetricDataQuery),
        StartTime: new Date(window.from),
        EndTime: new Date(window.to),
        ScanBy: "TimestampAscending" as const,
        ...(nextToken === undefined ? {} : { NextToken: nextToken }),
      };
      const answer = await call("cloudwatch:GetMetricData", options, (send) =>
        client.send(new sdk.GetMetricDataCommand(input), send),
      );
      for (const result of answer.MetricDataResults ?? []) {
        const index = Number(result.Id?.slice(1));
        statuses.set(index, result.StatusCode);
        addPoints(series[index], result, window);
      }
      nextToken = answer.NextToken;
    }
    for (const [index, status] of statuses) {
      if (status === "InternalError" || status === "Forbidden") throw seriesFailed(queries[index], status);
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

function toMetricDataQuery({ metric }: MetricQuery, index: number): MetricDataQuery {
  const Dimensions = Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value }));
  return {
    Id: `q${index}`,
    MetricStat: {
      Metric: { Namespace: metric.namespace, MetricName: metric.name, Dimensions },
      Period: metric.periodSeconds,
      Stat: metric.statistic,
    },
  };
}

/** CloudWatch rounds the start of the window down; points before it are dropped. */
function addPoints(series: Series | undefined, result: MetricDataResult, window: Window): void {
  result.Timestamps?.forEach((timestamp, index) => {
    const t = timestamp.getTime();
    const v = result.Values?.[index];
    if (v !== undefined && Number.isFinite(v) && t >= window.from && t < window.to) series?.set(t, v);
  });
}

function inTimeOrder(series: Series | undefined): Point[] {
  return [...(series ?? [])].map(([t, v]) => ({ t, v })).sort((one, other) => one.t - other.t);
}

/** Otherwise a series that CloudWatch failed to read would look like a service without data. */
function seriesFailed(query: MetricQuery | undefined, status: string): OpsAgentError {
  const forbidden = status === "Forbidden";
  return new OpsAgentError({
    code: forbidden ? "aws-denied" : "aws-failed",
    message: `CloudWatch GetMetricData answered ${status} for ${query?.metric.namespace} ${query?.metric.name}`,
    remedy: forbidden
      ? "Allow cloudwatch:GetMetricData in the agent's IAM policy, and in the account that owns the metric."
      : "CloudWatch could not read this series. Try again, and look at the metric in the console.",
    retryable: !forbidden,
  });
}
