import { z } from "zod";
import type { Operation } from "../../wire/service.ts";
import { operation } from "../shared/operation.ts";
import { paginate } from "../shared/page.ts";
import { dimensionsToList } from "./metric-id.ts";
import type { MetricStore } from "./metric-store.ts";

const PAGE_SIZE = 500;

const ListMetricsInput = z.object({
  Namespace: z.string().optional(),
  MetricName: z.string().optional(),
  Dimensions: z.array(z.object({ Name: z.string(), Value: z.string().optional() })).default([]),
  NextToken: z.string().optional(),
});

/** ListMetrics by namespace, name and dimensions (a dimension without a value asks that it be there). */
export function listMetrics(store: MetricStore): Operation {
  return operation(ListMetricsInput, "InvalidParameterValueException", (request) => {
    const metrics = store
      .list()
      .filter(
        ({ namespace, name, dimensions }) =>
          (request.Namespace === undefined || request.Namespace === namespace) &&
          (request.MetricName === undefined || request.MetricName === name) &&
          request.Dimensions.every(({ Name, Value }) =>
            Value === undefined ? dimensions[Name] !== undefined : dimensions[Name] === Value,
          ),
      );
    const page = paginate(metrics, PAGE_SIZE, request.NextToken, "InvalidNextToken");
    return {
      Metrics: page.items.map(({ namespace, name, dimensions }) => ({
        Namespace: namespace,
        MetricName: name,
        Dimensions: dimensionsToList(dimensions),
      })),
      ...(page.nextToken !== undefined && { NextToken: page.nextToken }),
    };
  });
}
