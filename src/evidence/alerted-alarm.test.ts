import { describe, expect, it } from "vitest";
import type { AlarmContributorReading, AlarmReading } from "../domain/reading.ts";
import { readAlertedAlarm } from "./alerted-alarm.ts";
import { watchedBy } from "./watched-metric.ts";

const QUERY =
  'SELECT MAX(CPUUtilization) FROM SCHEMA("AWS/ECS", ClusterName,ServiceName) GROUP BY ClusterName, ServiceName';
const alarm: AlarmReading = {
  name: "any-cpu",
  state: "ALARM",
  reason: "2 out of 9 time series evaluated to ALARM",
  stateSince: "2026-11-23T06:00:00.000Z",
  comparison: "GreaterThanThreshold",
  threshold: 80,
  evaluationPeriods: 3,
  queries: [{ id: "q1", expression: QUERY, periodSeconds: 60, returnData: true }],
};
const web = { id: "w", attributes: { ClusterName: "production", ServiceName: "web" } };
const payments = { id: "p", attributes: { ClusterName: "production", ServiceName: "payments" } };

const readerOf = (
  reading: AlarmReading | undefined,
  firing: readonly AlarmContributorReading[] | undefined,
) => ({
  alarm: async () => reading,
  contributors: async () => firing,
  transitions: async () => [],
});

describe("the alarm of an alert about one of many series", () => {
  it("is that series: its own state, reason, time and metric", async () => {
    const listed = { ...web, reason: "97.0 > 80.0", stateSince: "2026-11-23T07:00:00.000Z" };

    const read = await readAlertedAlarm({ name: "any-cpu", contributor: web }, readerOf(alarm, [listed]));

    expect(read).toMatchObject({ state: "ALARM", reason: "97.0 > 80.0", stateSince: listed.stateSince });
    expect(watchedBy(read)).toMatchObject({
      metric: {
        namespace: "AWS/ECS",
        name: "CPUUtilization",
        dimensions: web.attributes,
        statistic: "Maximum",
        periodSeconds: 60,
      },
      threshold: 80,
      evaluationPeriods: 3,
    });
  });

  it("is OK while another series keeps the whole alarm in ALARM", async () => {
    const read = await readAlertedAlarm({ name: "any-cpu", contributor: web }, readerOf(alarm, [payments]));

    expect(read).toMatchObject({ state: "OK", contributor: web });
    expect(read?.reason).toBeUndefined();
    expect(read?.stateSince).toBeUndefined();
  });

  it("takes its dimensions from AWS, whatever the message called them", async () => {
    const told = { id: "w", attributes: { ClusterName: "production", ServiceName: "forged" } };

    const read = await readAlertedAlarm({ name: "any-cpu", contributor: told }, readerOf(alarm, [web]));

    expect(read?.dimensions).toEqual(web.attributes);
  });

  it("has no metric where the query leaves open which series it is", async () => {
    const open = {
      ...alarm,
      queries: [{ id: "q1", expression: QUERY.replace("GROUP BY ClusterName,", "GROUP BY") }],
    };
    const one = { id: "w", attributes: { ServiceName: "web" } };

    const read = await readAlertedAlarm({ name: "any-cpu", contributor: one }, readerOf(open, [one]));

    expect(read?.state).toBe("ALARM");
    expect(watchedBy(read)).toBeUndefined();
  });

  it("is the whole alarm where AWS knows no contributors of it", async () => {
    const plain = { ...alarm, metric: "CPUUtilization" };

    expect(await readAlertedAlarm({ name: "any-cpu", contributor: web }, readerOf(plain, [web]))).toBe(plain);
    expect(await readAlertedAlarm({ name: "any-cpu", contributor: web }, readerOf(alarm, undefined))).toBe(
      alarm,
    );
    expect(
      await readAlertedAlarm({ name: "gone", contributor: web }, readerOf(undefined, [])),
    ).toBeUndefined();
  });
});
