/** Reads metric math and anomaly bands with the alarm's own queries, in a call of their own: ids must be unique in one. */
import type { MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import { OpsAgentError } from "../../domain/errors.ts";
import type { AlarmQueryReading, Point } from "../../domain/reading.ts";
import type { MetricQuery, ReadOptions, Window } from "../../evidence/ports.ts";
import { call } from "./call.ts";
import type { AwsClients } from "./clients.ts";
import { defined } from "./defined.ts";

const maxPages = 50;

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
  const { sdk, client } = await clients.cloudWatch();
  const wanted = new Set(asked.map(({ math }) => math?.result));
  const results = new Map<string, Values>();
  let nextToken: string | undefined;
  for (let page = 0; page < maxPages && (page === 0 || nextToken); page += 1) {
    const input = {
      MetricDataQueries: set.map((query) => toMetricDataQuery(query, wanted.has(query.id))),
      StartTime: new Date(window.from),
      EndTime: new Date(window.to),
      ScanBy: "TimestampAscending" as const,
      ...(nextToken === undefined ? {} : { NextToken: nextToken }),
    };
    const answer = await call("cloudwatch:GetMetricData", options, (send) =>
      client.send(new sdk.GetMetricDataCommand(input), send),
    );
    for (const { Id = "", StatusCode, Timestamps, Values: given } of answer.MetricDataResults ?? []) {
      if (StatusCode === "InternalError" || StatusCode === "Forbidden") throw mathFailed(StatusCode);
      const values: Values = results.get(Id) ?? new Map();
      results.set(Id, values);
      Timestamps?.forEach((timestamp, index) => {
        const [t, v] = [timestamp.getTime(), given?.[index]];
        if (v === undefined || !Number.isFinite(v) || t < window.from || t >= window.to) return;
        values.set(t, [...(values.get(t) ?? []), v]);
      });
    }
    nextToken = answer.NextToken;
  }
  return results;
}

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
      Metric: {
        Namespace: metric.namespace,
        MetricName: metric.name,
        Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: metric.periodSeconds,
      Stat: metric.statistic,
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

function mathFailed(status: string): OpsAgentError {
  const forbidden = status === "Forbidden";
  return new OpsAgentError({
    code: forbidden ? "aws-denied" : "aws-failed",
    message: `CloudWatch GetMetricData answered ${status} for the alarm's metric math`,
    remedy: forbidden
      ? "Allow cloudwatch:GetMetricData in the agent's IAM policy, and in the account that owns the metric."
      : "CloudWatch could not compute this expression. Try again, and look at the alarm in the console.",
    retryable: !forbidden,
  });
}
