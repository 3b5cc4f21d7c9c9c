import { describe, expect, it } from "vitest";
import { readEvent } from "../../read-event.ts";
import { matchesPattern } from "./event-pattern.ts";
import { ECS_EVENTS } from "./event-table.ts";
import { examples } from "./examples.ts";

const context = { receivedAt: "2026-11-23T07:00:02.000Z", cluster: "production", alarms: [] };
const [failed, impaired, unplaced, , , , stopped] = examples.map(
  (one) => one.event as Record<string, unknown>,
);
const alertOf = (event: unknown) => readEvent(event, context).alerts[0];

describe("the table of ECS events", () => {
  const ofRow = Object.fromEntries(
    [failed, impaired, unplaced, ...examples.slice(3, 6).map((one) => one.event)].map((event, index) => [
      ECS_EVENTS[index]?.id,
      event as Record<string, unknown>,
    ]),
  );

  it.each(ECS_EVENTS)("has an example of $id, which leads to what the row says", ({ id, rate }) => {
    const { alerts, stops, noted } = readEvent(ofRow[id], context);

    expect(alerts).toHaveLength(rate === undefined ? 1 : 0);
    expect(stops.map((one) => one.rate)).toEqual(rate === undefined ? [] : [rate]);
    expect(noted).toEqual([]);
  });

  it("subscribes to every row: one without a rule of its own is within another's", () => {
    for (const { id, within, detailType } of ECS_EVENTS) {
      const rule = ECS_EVENTS.find((row) => row.id === (within ?? id));

      expect(rule?.within).toBeUndefined();
      expect(rule?.detailType).toBe(detailType);
      expect(matchesPattern(rule?.detail ?? {}, ofRow[id]?.["detail"])).toBe(true);
    }
  });
});

describe("an ECS event", () => {
  it.each([
    ["a failed deployment", failed, "shop: the deployment failed: ECS deployment circuit breaker"],
    ["tasks that do not start", impaired, "shop: tasks do not start"],
    ["tasks that cannot be placed", unplaced, "shop: tasks cannot be placed: RESOURCE:MEMORY"],
  ])("of %s is an alert about its service", (_, event, title) => {
    expect(alertOf(event)).toMatchObject({
      source: "ecs-event",
      state: "ALARM",
      title: expect.stringContaining(title),
      target: { cluster: "production", service: "shop" },
      region: "eu-central-1",
    });
    expect(alertOf(event)?.alarm).toBeUndefined();
  });

  it.each(["SERVICE_STEADY_STATE", "SERVICE_DEPLOYMENT_COMPLETED", "toString"])(
    "that says %s is noted, not acted on",
    (eventName) => {
      const { alerts, noted } = readEvent({ ...impaired, detail: { eventName } }, context);

      expect(alerts).toEqual([]);
      expect(noted).toEqual([{ path: "(event)", what: expect.stringContaining(eventName) }]);
    },
  );

  it("of a stopped task is noted with what stopped it", () => {
    expect(readEvent(stopped, context).noted[0]?.what).toBe(
      "ECS Task State Change of service:shop: STOPPED, ServiceSchedulerInitiated, Scaling activity initiated by (deployment ecs-svc/4827393902375638291)",
    );
  });

  it("that says the same again within a quarter of an hour is the same alert; of one deployment always", () => {
    const later = (event: object | undefined, time: string) => alertOf({ ...event, time })?.key;

    expect(later(impaired, "2026-11-23T07:14:59Z")).toBe(alertOf(impaired)?.key);
    expect(later(impaired, "2026-11-23T07:15:00Z")).not.toBe(alertOf(impaired)?.key);
    expect(later(failed, "2026-11-23T09:00:00Z")).toBe(alertOf(failed)?.key);
  });

  it("of type ERROR is an alert with its reason, whatever its name", () => {
    const detail = {
      eventType: "ERROR",
      eventName: "SERVICE_TASK_CONFIGURATION_FAILURE",
      reason: "The role provided cannot be assumed",
    };

    expect(alertOf({ ...impaired, detail })).toMatchObject({
      title: "shop: task configuration failure: The role provided cannot be assumed",
      target: { cluster: "production", service: "shop" },
    });
    expect(
      readEvent({ ...impaired, detail: { ...detail, eventType: "INFO" } }, context).noted[0]?.what,
    ).toContain("SERVICE_TASK_CONFIGURATION_FAILURE, The role provided cannot be assumed");
  });

  it("of another cluster goes to a person where the service's ARN is of the old form, too", () => {
    const old = { ...impaired, resources: ["arn:aws-cn:ecs:cn-northwest-1:123456789012:service/shop"] };
    const inCluster = (name: string) =>
      alertOf({
        ...old,
        detail: {
          ...(impaired?.["detail"] as object),
          clusterArn: `arn:aws:ecs:us-west-2:123456789012:cluster/${name}`,
        },
      });

    expect(inCluster("staging")).not.toHaveProperty("target");
    expect(inCluster("staging")?.targetProblem).toContain("staging");
    expect(inCluster("production")).toMatchObject({ target: { cluster: "production", service: "shop" } });
  });

  it("of another cluster, or without a service, goes to a person", () => {
    expect(readEvent(failed, { ...context, cluster: "staging" }).alerts[0]?.targetProblem).toContain(
      "staging",
    );
    expect(alertOf({ ...failed, resources: [] })?.targetProblem).toContain("names no ECS service");
  });

  it.each([
    ["time", "noon", "time"],
    ["detail", null, "detail"],
    ["resources", "many", "resources"],
  ])("with %s: %j is told with its path", (field, value, path) => {
    expect(readEvent({ ...failed, [field]: value }, context).unreadable.map((one) => one.path)).toEqual([
      path,
    ]);
  });
});
