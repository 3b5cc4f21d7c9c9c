import { describe, expect, it } from "vitest";
import type { PlannedSeries } from "./metric-series.ts";
import { mergePoints, withSides } from "./paired-series.ts";
import { pairsOf, withAlternates } from "./target-group-pairs.ts";

const minute = (t: number, v: number) => ({ t: t * 60_000, v });

describe("series of two target groups", () => {
  it("add up where they count, so that a shift is neither a loss of traffic nor a spike", () => {
    const blue = [minute(1, 100), minute(2, 100), minute(3, 40)];
    const green = [minute(3, 60), minute(4, 100)];

    expect(mergePoints("requests", [blue, green]).map(({ v }) => v)).toEqual([100, 100, 100, 100]);
  });

  it("are the worse of two where they are no counts", () => {
    expect(mergePoints("latency-p99", [[minute(1, 0.2)], [minute(1, 3)]])).toEqual([minute(1, 3)]);
  });

  const query = (id: string, group: string) => ({
    id,
    metric: {
      namespace: "AWS/ApplicationELB",
      name: "RequestCount",
      statistic: "Sum",
      dimensions: { LoadBalancer: "app/web/1", TargetGroup: `targetgroup/${group}/1` },
      periodSeconds: 60,
    },
  });
  const planned: PlannedSeries = {
    role: "requests",
    label: "RequestCount",
    unit: "requests",
    query: query("q3", "web-blue"),
    also: [query("q3_1", "web-green")],
    trust: { provenance: "metric" },
  };

  it("are told under the live group's name, which recovery is read from", () => {
    const [only, ...apart] = withSides(planned, [[minute(1, 5), minute(9, 0)], [minute(8, 7)]]);

    expect(only?.query.metric.dimensions["TargetGroup"]).toBe("targetgroup/web-green/1");
    expect(apart).toEqual([]);
  });

  it("are told apart as well while both have traffic, since two revisions stand behind them", () => {
    const told = withSides(planned, [[minute(9, 5)], [minute(9, 7)]]);

    expect(told.map(({ label }) => label)).toEqual([
      "RequestCount",
      "RequestCount of web-blue",
      "RequestCount of web-green",
    ]);
  });
});

describe("target groups", () => {
  const group = (arn: string) => ({ arn, targetGroupDimension: arn });

  it("are paired with their alternates; one whose main group could not be read stands alone", () => {
    const alternates = { blue: "green", gone: "left" };
    const groups = withAlternates(["blue", "green", "other", "left"].map(group), alternates);

    expect(pairsOf(groups).map((pair) => pair.map(({ arn }) => arn))).toEqual([
      ["blue", "green"],
      ["other"],
      ["left"],
    ]);
  });
});
