/** The band that an anomaly detection alarm compares its metric with. */
import { OLDEST_MINUTE, type Series, valuesOf } from "../series.ts";
import { newestPoint } from "./points.ts";
import type { Scene } from "./scene.ts";

type Values = readonly (number | undefined)[];

/** The part of a GetMetricData query that a band needs of the metric that it is about. */
interface QueryOfMetric {
  readonly Id: string;
  readonly MetricStat?: { readonly Metric: { readonly MetricName: string } };
}

/**
 * The two edges of an anomaly band under one id, the upper one first.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Anomaly_Detection.html
 */
export function bandResults(
  scene: Scene,
  { Id, Expression }: { readonly Id: string; readonly Expression: string },
  queries: readonly QueryOfMetric[],
  [from, to]: readonly [number, number],
) {
  const of = /^ANOMALY_DETECTION_BAND\((\w+)/.exec(Expression)?.[1];
  const stat = queries.find((query) => query.Id === of)?.MetricStat;
  const edges = bandEdges(scene);
  if (stat === undefined || edges === undefined) return [];
  const base = newestPoint(scene);
  return (["upper", "lower"] as const).map((edge) => {
    const points = edges[edge].flatMap((v, index) => {
      const t = base + (OLDEST_MINUTE + index) * scene.minuteMs;
      return v === undefined || t < from || t >= to ? [] : [{ t, v }];
    });
    return {
      Id,
      Label: `${stat.Metric.MetricName} (expected) ${edge === "upper" ? "High" : "Low"}`,
      Timestamps: points.map(({ t }) => t / 1000),
      Values: points.map(({ v }) => v),
      StatusCode: "Complete",
    };
  });
}

/** The edges of the alarm's band a minute; a model has no noise. */
export function bandEdges(scene: Scene): { readonly lower: Values; readonly upper: Values } | undefined {
  const { band } = scene.world.alarm;
  if (band === undefined) return undefined;
  const smooth = ({ base, changes }: Series): Values =>
    valuesOf({ base, changes: [...changes, { kind: "noise", size: 0 }] }, scene.name);
  return { lower: smooth(band.lower), upper: smooth(band.upper) };
}
