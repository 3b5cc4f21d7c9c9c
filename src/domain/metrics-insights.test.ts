import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { insightsQuery, seriesOfGroup } from "./metrics-insights.ts";

const read = (text: string) => insightsQuery(text);

describe("a Metrics Insights query", () => {
  it("has its metric, statistic, dimensions, fixed values and groups", () => {
    const text = `SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/ECS", ClusterName,ServiceName)
      WHERE ClusterName = 'production' AND ServiceName != 'batch' GROUP BY ServiceName ORDER BY MAX() DESC LIMIT 10`;

    expect(read(text)).toEqual({
      statistic: "Maximum",
      metric: "CPUUtilization",
      namespace: "AWS/ECS",
      schema: ["ClusterName", "ServiceName"],
      equals: { ClusterName: "production" },
      groupedBy: ["ServiceName"],
    });
  });

  it("without a schema takes every metric of its namespace", () => {
    expect(read('select avg("p/x y") from "My/App" group by "a b", Service')).toEqual({
      statistic: "Average",
      metric: "p/x y",
      namespace: "My/App",
      equals: {},
      groupedBy: ["a b", "Service"],
    });
  });

  it.each([
    "m1 + m2",
    "SELECT P99(CPUUtilization) FROM x",
    'SEARCH(\'{AWS/ECS,ServiceName} MetricName="CPUUtilization"\', "Average")',
    "",
    `SELECT AVG(x) FROM y WHERE ${"a".repeat(3_000)}`,
  ])("is not %j", (text) => {
    expect(read(text)).toBeUndefined();
  });

  it("fixes nothing where conditions are alternatives", () => {
    expect(read("SELECT AVG(x) FROM y WHERE a = '1' OR b = '2'")?.equals).toEqual({});
  });

  it("never throws, and is fast on any text", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 3_000 }), (text) => {
        read(text);
        read(`SELECT AVG(x) FROM y ${text}`);
      }),
    );
  });
});

describe("the series of a group", () => {
  const grouped = (from: string, by: string, where = "") =>
    read(`SELECT MAX(CPUUtilization) FROM ${from} ${where} GROUP BY ${by}`) ?? expect.fail("no query");

  it("has the attributes of the group and what the query fixes", () => {
    const query = grouped(
      'SCHEMA("AWS/ECS", ClusterName, ServiceName)',
      "ServiceName",
      "WHERE ClusterName = 'production'",
    );

    expect(seriesOfGroup(query, { ServiceName: "web" })).toEqual({
      ClusterName: "production",
      ServiceName: "web",
    });
  });

  it("is not known where a dimension of the schema is open, or there is no schema", () => {
    const open = grouped('SCHEMA("AWS/ECS", ClusterName, ServiceName)', "ServiceName");
    const wide = grouped('"My/App"', "ServiceName");

    expect(seriesOfGroup(open, { ServiceName: "web" })).toBeUndefined();
    expect(seriesOfGroup(wide, { ServiceName: "web" })).toBeUndefined();
  });

  it("of ECS's own two metrics is the service's without a schema", () => {
    const attributes = { ClusterName: "production", ServiceName: "web" };

    expect(seriesOfGroup(grouped('"AWS/ECS"', "ClusterName, ServiceName"), attributes)).toEqual(attributes);
  });
});
