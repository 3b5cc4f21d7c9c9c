import { describe, expect, it } from "vitest";
import { Policy } from "../../../domain/policy.ts";
import { readEvent, type TriggerContext } from "../../read-event.ts";
import { examples } from "./examples.ts";

const context: TriggerContext = {
  receivedAt: "2026-11-23T07:00:02.000Z",
  cluster: "production",
  alarms: [],
  alertLabels: Policy.parse({}).alertLabels,
};
interface Group {
  alerts: Record<string, unknown>[];
  [field: string]: unknown;
}
const group = (change: (group: Group) => void = () => {}): Group => {
  const copy = structuredClone(examples[0]?.event) as Group;
  change(copy);
  return copy;
};
const withLabels = (labels: Record<string, string>) =>
  group((one) => {
    one.alerts = [{ ...one.alerts[0], labels }];
  });

describe("a notification of Alertmanager", () => {
  it("gives every alert in it: one that fires, one that is over", () => {
    const { alerts } = readEvent(group(), context);

    expect(alerts).toMatchObject([
      {
        source: "alertmanager",
        state: "ALARM",
        title: "ShopMemoryHigh: Memory of the shop is at 96 %",
        target: { cluster: "production", service: "shop" },
        firedAt: "2026-11-23T07:00:00.123Z",
        reported: { metric: "memory", value: 96, threshold: 80 },
      },
      { state: "OK", target: { service: "cart" }, firedAt: "2026-11-23T06:58:00.000Z" },
    ]);
  });

  it("is the same alert when it is repeated, and another change of state when it is over", () => {
    const keys = (given: Group) => readEvent(given, context).alerts.map(({ key }) => key);
    const over = group((one) => {
      one.alerts[0] = { ...one.alerts[0], status: "resolved", endsAt: "2026-11-23T07:09:00Z" };
    });

    expect(keys(group((one) => Object.assign(one, { groupKey: "another" })))).toEqual(keys(group()));
    expect(keys(over)[0]).not.toBe(keys(group())[0]);
  });

  it("finds its service by labels or by the policy's patterns, and by nothing else", () => {
    const rules = [
      { pattern: "*", labels: { job: "shop-*", env: "prod" }, service: "shop" },
      { pattern: "Cart*", service: "cart" },
    ];
    const targetOf = (labels: Record<string, string>) =>
      readEvent(withLabels(labels), { ...context, alarms: rules }).alerts[0]?.target?.service;

    expect(targetOf({ alertname: "X", job: "shop-web", env: "prod" })).toBe("shop");
    expect(targetOf({ alertname: "X", job: "shop-web" })).toBeUndefined();
    expect(targetOf({ alertname: "CartDown", job: "other" })).toBe("cart");
    expect(targetOf({ alertname: "CartDown", dimension_ServiceName: "pay" })).toBe("pay");
    expect(targetOf({ alertname: "X", service: "shop" })).toBeUndefined();
  });

  it("about another cluster, or about none that is known, goes to a person", () => {
    const problem = (labels: Record<string, string>) =>
      readEvent(withLabels(labels), context).alerts[0]?.targetProblem;

    expect(problem({ alertname: "X", ecs_cluster: "staging", ecs_service: "shop" })).toContain("staging");
    expect(problem({ alertname: "X" })).toContain('Add a pattern for it under "alarms:"');
  });

  it("does without a fingerprint, annotations and a name", () => {
    const bare = group((one) => {
      one.alerts = [{ status: "firing", labels: {}, startsAt: "2026-11-23T07:00:00Z" }];
    });

    expect(readEvent(bare, context).alerts[0]?.title).toBe("an alert without a name");
  });

  it("tells of alerts that were left out of it", () => {
    const { alerts, unreadable } = readEvent(
      group((one) => Object.assign(one, { truncatedAlerts: 3 })),
      context,
    );

    expect(alerts).toHaveLength(2);
    expect(unreadable).toEqual([
      { path: "truncatedAlerts", message: expect.stringContaining("3 more alerts") },
    ]);
  });

  it.each<[string, unknown, string]>([
    ["alerts", [], "alerts"],
    ["alerts", "none", "alerts"],
    ["alerts", [7], "alerts[0]"],
    ["alerts", [{ status: "burning", labels: {}, startsAt: "2026-11-23T07:00:00Z" }], "alerts[0].status"],
    [
      "alerts",
      [{ status: "firing", labels: { a: 1 }, startsAt: "2026-11-23T07:00:00Z" }],
      "alerts[0].labels.a",
    ],
  ])("with %s: %j is told with its path", (field, value, path) => {
    const { unreadable } = readEvent({ ...group(), [field]: value }, context);

    expect(unreadable.map((one) => one.path)).toEqual([path]);
  });
});
