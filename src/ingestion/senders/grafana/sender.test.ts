import { describe, expect, it } from "vitest";
import { Policy } from "../../../domain/policy.ts";
import { readEvent } from "../../read-event.ts";
import { examples } from "./examples.ts";

const context = {
  receivedAt: "2026-11-23T07:00:02.000Z",
  cluster: "production",
  alarms: [],
  alertLabels: Policy.parse({}).alertLabels,
};
const notification = examples[0]?.event as { alerts: { labels: Record<string, string> }[] };
const withLabels = (labels: Record<string, string>) => ({
  ...notification,
  alerts: notification.alerts.map((one) => ({ ...one, labels: { ...one.labels, ...labels } })),
});

describe("a notification of Grafana", () => {
  it("is read as Grafana's, with the target of its labels", () => {
    expect(readEvent(notification, context).alerts).toMatchObject([
      {
        source: "grafana",
        state: "ALARM",
        title: "Shop latency: The shop answers slowly",
        target: { cluster: "production", service: "shop" },
      },
    ]);
  });

  it.each(["DatasourceNoData", "DatasourceError"])(
    "that could not evaluate its rule (%s) is recorded only",
    (name) => {
      const [alert] = readEvent(withLabels({ alertname: name, rulename: "Shop latency" }), context).alerts;

      expect(alert).toMatchObject({
        state: "INSUFFICIENT_DATA",
        title: expect.stringContaining("Shop latency"),
      });
    },
  );

  it("is told with its path where it cannot be read", () => {
    const { unreadable } = readEvent({ ...notification, alerts: [{ status: "firing" }] }, context);

    expect(unreadable.map(({ path }) => path)).toEqual(["alerts[0].labels"]);
  });
});

describe("Grafana's legacy alerting", () => {
  const legacy = examples[1]?.event as Record<string, unknown>;
  const matching = (...services: string[]) => ({
    ...legacy,
    evalMatches: services.map((one) => ({ value: 1, tags: { ecs_cluster: "production", ecs_service: one } })),
  });

  it("has its target in the tags of what matched", () => {
    expect(readEvent(matching("shop", "shop"), context).alerts).toMatchObject([
      { state: "ALARM", target: { cluster: "production", service: "shop" } },
    ]);
  });

  it("names no service where several match", () => {
    const [alert] = readEvent(matching("shop", "payments"), context).alerts;

    expect(alert?.target).toBeUndefined();
  });

  it.each([
    ["ok", "OK"],
    ["alerting", "ALARM"],
  ])("%s is %s", (state, expected) => {
    expect(readEvent({ ...legacy, state }, context).alerts).toMatchObject([{ state: expected }]);
  });

  it("is recorded only where the rule is paused or has no data", () => {
    expect(readEvent({ ...legacy, state: "no_data" }, context).alerts).toMatchObject([
      { state: "INSUFFICIENT_DATA" },
    ]);
  });
});
