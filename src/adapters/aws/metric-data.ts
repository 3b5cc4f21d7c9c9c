/** GetMetricData as both readers of series use it: page after page, and what it says where it cannot read one. */
import type { MetricDataQuery, MetricDataResult } from "@aws-sdk/client-cloudwatch";
import type { MetricIdentity } from "../../domain/alert.ts";
import { OpsAgentError } from "../../domain/errors.ts";
import type { ReadOptions, Window } from "../../evidence/ports.ts";
import { call } from "./call.ts";
import type { AwsClients } from "./clients.ts";

/** A page holds up to 100 800 points, more than any window; the limit guards against endless paging. */
const maxPages = 50;

/** Yields the results of every page. AWS repeats a series on each page that has points of it. */
export async function* metricData(
  clients: AwsClients,
  queries: MetricDataQuery[],
  window: Window,
  options?: ReadOptions,
): AsyncGenerator<MetricDataResult> {
  const { sdk, client } = await clients.cloudWatch();
  let nextToken: string | undefined;
  for (let page = 0; page < maxPages && (page === 0 || nextToken); page += 1) {
    const input = {
      MetricDataQueries: queries,
      StartTime: new Date(window.from),
      EndTime: new Date(window.to),
      ScanBy: "TimestampAscending" as const,
      ...(nextToken === undefined ? {} : { NextToken: nextToken }),
    };
    const answer = await call("cloudwatch:GetMetricData", options, (send) =>
      client.send(new sdk.GetMetricDataCommand(input), send),
    );
    yield* answer.MetricDataResults ?? [];
    nextToken = answer.NextToken;
  }
}

/** Calls `each` with the points within the window. CloudWatch rounds its start down; what is before it is dropped. */
export function eachPoint(
  { Timestamps, Values }: MetricDataResult,
  window: Window,
  each: (t: number, v: number) => void,
): void {
  Timestamps?.forEach((timestamp, index) => {
    const [t, v] = [timestamp.getTime(), Values?.[index]];
    if (v !== undefined && Number.isFinite(v) && t >= window.from && t < window.to) each(t, v);
  });
}

/** A metric and how it is read, in CloudWatch's form. */
export function metricStatOf({ namespace, name, dimensions, statistic, periodSeconds }: MetricIdentity) {
  return {
    Metric: {
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    },
    Period: periodSeconds,
    Stat: statistic,
  };
}

/**
 * Throws where CloudWatch failed to read a series, which would else look like a service without data. `otherwise`: the
 * remedy where it was not denied.
 */
export function assertRead(status: MetricDataResult["StatusCode"], what: string, otherwise: string): void {
  if (status !== "InternalError" && status !== "Forbidden") return;
  const forbidden = status === "Forbidden";
  throw new OpsAgentError({
    code: forbidden ? "aws-denied" : "aws-failed",
    message: `CloudWatch GetMetricData answered ${status} for ${what}`,
    remedy: forbidden
      ? "Allow cloudwatch:GetMetricData in the agent's IAM policy, and in the account that owns the metric."
      : otherwise,
    retryable: !forbidden,
  });
}
