import { z } from "zod";
import { type Operation, WireError } from "../../wire/service.ts";
import { operation } from "../shared/operation.ts";
import { DimensionList, dimensionsFromList, isReservedNamespace } from "./metric-id.ts";
import type { MetricStore } from "./metric-store.ts";
import type { Sample } from "./sample-buffer.ts";

const MetricDatum = z.object({
  MetricName: z.string().min(1).max(255),
  Dimensions: DimensionList.optional(),
  Timestamp: z.number().optional(),
  Value: z.number().optional(),
  Values: z.array(z.number()).max(150).optional(),
  Counts: z.array(z.number().positive()).max(150).optional(),
  StatisticValues: z
    .object({
      SampleCount: z.number().positive(),
      Sum: z.number(),
      Minimum: z.number(),
      Maximum: z.number(),
    })
    .optional(),
  Unit: z.string().optional(),
});
type MetricDatum = z.infer<typeof MetricDatum>;

const PutMetricDataInput = z.object({
  Namespace: z.string().min(1).max(255),
  MetricData: z.array(MetricDatum).max(1000).default([]),
});

/**
 * PutMetricData: single values, values with counts, and statistic sets. Namespaces of AWS's own services are refused,
 * every other one is open to whoever may call it, `ECS/ContainerInsights` too.
 */
export function putMetricData(store: MetricStore, now: () => number): Operation {
  return operation(PutMetricDataInput, "InvalidParameterValueException", ({ Namespace, MetricData }) => {
    if (isReservedNamespace(Namespace)) {
      throw new WireError(
        "InvalidParameterValueException",
        "The value AWS/ for parameter Namespace is invalid: namespaces that begin with it are reserved.",
      );
    }
    for (const datum of MetricData) {
      const metric = {
        namespace: Namespace,
        name: datum.MetricName,
        dimensions: dimensionsFromList(datum.Dimensions),
      };
      const at = datum.Timestamp === undefined ? now() : datum.Timestamp * 1000;
      for (const sample of samplesOf(datum, at)) store.record(metric, datum.Unit ?? "None", sample);
    }
    return {};
  });
}

function samplesOf(datum: MetricDatum, at: number): Sample[] {
  const { StatisticValues: set, Values: values, Counts: counts, Value: value } = datum;
  if (set !== undefined) {
    return [{ at, count: set.SampleCount, sum: set.Sum, minimum: set.Minimum, maximum: set.Maximum }];
  }
  if (values !== undefined) {
    if (counts !== undefined && counts.length !== values.length) {
      throw new WireError("InvalidParameterValueException", "Values and Counts must have the same length.");
    }
    return values.map((each, index) => repeated(at, each, counts?.[index] ?? 1));
  }
  if (value !== undefined) return [repeated(at, value, 1)];
  throw new WireError("MissingRequiredParameterException", "Value, Values or StatisticValues must be given.");
}

function repeated(at: number, value: number, count: number): Sample {
  return { at, count, sum: value * count, minimum: value, maximum: value };
}
