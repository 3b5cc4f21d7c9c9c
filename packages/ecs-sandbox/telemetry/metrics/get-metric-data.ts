import { z } from "zod";
import type { Operation } from "../../wire/service.ts";
import { WireError } from "../../wire/service.ts";
import { toEpochSeconds } from "../shared/format.ts";
import { operation } from "../shared/operation.ts";
import { decodeOffset, encodeOffset } from "../shared/page.ts";
import { isReturned, MetricDataQuery, runQuery, validateQueries } from "./metric-query.ts";
import type { MetricStore } from "./metric-store.ts";

const MAXIMUM_DATAPOINTS = 100_800;

const GetMetricDataInput = z.object({
  MetricDataQueries: z.array(MetricDataQuery).min(1).max(500),
  StartTime: z.number(),
  EndTime: z.number(),
  ScanBy: z.enum(["TimestampDescending", "TimestampAscending"]).default("TimestampDescending"),
  MaxDatapoints: z.number().int().min(1).max(MAXIMUM_DATAPOINTS).default(MAXIMUM_DATAPOINTS),
  NextToken: z.string().optional(),
});

interface Point {
  readonly at: number;
  readonly value: number;
}

/** GetMetricData. A page carries every id; those with points left over are marked `PartialData`. */
export function getMetricData(store: MetricStore): Operation {
  return operation(GetMetricDataInput, "ValidationException", (request) => {
    const { MetricDataQueries: queries, ScanBy } = request;
    validateQueries(queries);
    const window = { start: request.StartTime * 1000, end: request.EndTime * 1000 };
    if (window.start >= window.end) {
      throw new WireError(
        "ValidationException",
        "The parameter StartTime must be less than the parameter EndTime.",
      );
    }
    let skipped = decodeOffset(request.NextToken, "InvalidNextToken");
    const pageEnd = skipped + request.MaxDatapoints;
    let remaining: number = request.MaxDatapoints;
    let more = false;
    const results = queries.filter(isReturned).map((query) => {
      const { points } = runQuery(query, queries, window, store);
      const ordered: Point[] = [...points].map(([at, value]) => ({ at, value }));
      ordered.sort(ScanBy === "TimestampAscending" ? (a, b) => a.at - b.at : (a, b) => b.at - a.at);
      const page = ordered.slice(skipped, skipped + remaining);
      const isPartial = skipped + page.length < ordered.length;
      skipped = Math.max(0, skipped - ordered.length);
      remaining -= page.length;
      more ||= isPartial;
      return {
        Id: query.Id,
        Label: query.Label ?? query.MetricStat?.Metric.MetricName ?? query.Id,
        Timestamps: page.map(({ at }) => toEpochSeconds(at)),
        Values: page.map(({ value }) => value),
        StatusCode: isPartial ? "PartialData" : "Complete",
      };
    });
    return {
      MetricDataResults: results,
      Messages: [],
      ...(more ? { NextToken: encodeOffset(pageEnd) } : {}),
    };
  });
}
