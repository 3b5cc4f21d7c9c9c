import { expect, it } from "vitest";
import { readEvent } from "../../read-event.ts";
import { examples } from "./examples.ts";

const context = { receivedAt: "2026-11-23T07:00:02.000Z", cluster: "production", alarms: [] };
const [health] = examples.map((one) => one.event as Record<string, unknown>);

it("an event of another AWS service is noted in one line and is no alert", () => {
  expect(readEvent(health, context)).toEqual({
    alerts: [],
    stops: [],
    unreadable: [],
    noted: [{ path: "(event)", what: "AWS Health Event of production|shop, by aws.health" }],
  });
});

it("an event of nobody that is known stays unreadable", () => {
  expect(readEvent({ ...health, source: "shop.orders" }, context).unreadable).toHaveLength(1);
});
