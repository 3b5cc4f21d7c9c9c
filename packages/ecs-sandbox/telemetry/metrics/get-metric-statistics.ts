import { z } from "zod";
import { type Operation, WireError } from "../../wire/service.ts";
import { toEpochSeconds } from "../shared/format.ts";
import { operation } from "../shared/operation.ts";
import { alignWindow, type Bucket, bucketSamples, isValidPeriod } from "./aggregate.ts";
import { DimensionList, dimensionsFromList } from "./metric-id.ts";
import type { MetricStore } from "./metric-store.ts";
import { BASIC_STATISTICS, computeStatistic, parseStatistic } from "./statistic.ts";

const MAXIMUM_DATAPOINTS = 1_440;

const GetMetricStatisticsInput = z.object({
  Namespace: z.string().min(1),
  MetricName: z.string().min(1),
  Dimensions: DimensionList.optional(),
  StartTime: z.number(),
  EndTime: z.number(),
  Period: z.number().int(),
  Statistics: z.array(z.enum(BASIC_STATISTICS)).default([]),
  ExtendedStatistics: z.array(z.string()).default([]),
  Unit: z.string().optional(),
});
type GetMetricStatisticsInput = z.infer<typeof GetMetricStatisticsInput>;

/** GetMetricStatistics. As on AWS, callers must not count on the order of the datapoints. */
export function getMetricStatistics(store: MetricStore): Operation {
  return operation(GetMetricStatisticsInput, "ValidationException", (request) => {
    validate(request);
    const periodMilliseconds = request.Period * 1000;
    const window = { start: request.StartTime * 1000, end: request.EndTime * 1000 };
    const { start, end } = alignWindow(window, periodMilliseconds);
    const metric = {
      namespace: request.Namespace,
      name: request.MetricName,
      dimensions: dimensionsFromList(request.Dimensions),
    };
    const buckets = bucketSamples(store.read(metric, start, end, request.Unit), periodMilliseconds);
    const unit = request.Unit ?? store.unitOf(metric) ?? "None";
    return {
      Label: request.MetricName,
      Datapoints: buckets.map((bucket) => toDatapoint(bucket, request, unit)),
    };
  });
}

function toDatapoint(bucket: Bucket, request: GetMetricStatisticsInput, unit: string): unknown {
  const basic = request.Statistics.map((kind) => [kind, computeStatistic(bucket.samples, { kind })] as const);
  const extended = request.ExtendedStatistics.map((name) => {
    const statistic = parseStatistic(name);
    return [name, statistic && computeStatistic(bucket.samples, statistic)] as const;
  });
  return {
    Timestamp: toEpochSeconds(bucket.at),
    Unit: unit,
    ...Object.fromEntries(basic),
    ...(extended.length > 0 && { ExtendedStatistics: Object.fromEntries(extended) }),
  };
}

function validate(request: GetMetricStatisticsInput): void {
  if (!isValidPeriod(request.Period)) {
    throw new WireError(
      "InvalidParameterValueException",
      "The value for parameter Period is not 1, 5, 10, 20, 30 or a multiple of 60.",
    );
  }
  if (request.Statistics.length + request.ExtendedStatistics.length === 0) {
    throw new WireError(
      "InvalidParameterCombinationException",
      "Statistics or ExtendedStatistics must be given.",
    );
  }
  if (request.ExtendedStatistics.some((name) => parseStatistic(name)?.kind !== "percentile")) {
    throw new WireError(
      "InvalidParameterValueException",
      "ExtendedStatistics supports percentiles p0 to p100.",
    );
  }
  if (request.StartTime >= request.EndTime) {
    throw new WireError(
      "InvalidParameterValueException",
      "The parameter StartTime must be less than EndTime.",
    );
  }
  const datapoints = Math.ceil((request.EndTime - request.StartTime) / request.Period);
  if (datapoints > MAXIMUM_DATAPOINTS) {
    throw new WireError(
      "InvalidParameterCombinationException",
      `You have requested up to ${datapoints} datapoints, which exceeds the limit of ${MAXIMUM_DATAPOINTS}.`,
    );
  }
}
