import { expect, it } from "vitest";
import { actingPolicy } from "../../../test/samples/acting-policy.ts";
import { resolvedIncident } from "../../../test/samples/incidents.ts";
import { keepRecord } from "../../../test/support/keep-record.ts";
import { createSqliteStore } from "../../adapters/sqlite-store/sqlite-store.ts";
import { summaryOf } from "../../domain/incident/incident-summary.ts";
import { costReport } from "./cost-report.ts";
import { earlierAlike } from "./earlier-alike.ts";
import { servicesOverview } from "./service-overview.ts";
import { summariesSince } from "./summaries-since.ts";

const usage = { model: "v/one", calls: 1, inputTokens: 10, outputTokens: 2, costUsd: 0.5, milliseconds: 5 };
const summary = summaryOf(resolvedIncident());

it("adds up cost by day and model, and counts what no price was told for", () => {
  const { costUsd: _, ...unpriced } = usage;
  const report = costReport([
    { ...summary, openedAt: "2026-11-23T23:59:59.000Z", model: usage },
    { ...summary, openedAt: "2026-11-23T01:00:00.000Z", model: unpriced },
    { ...summary, openedAt: "2026-11-24T00:00:00.000Z", model: { ...usage, model: "v/two" } },
    summary,
  ]);

  expect(
    report.rows.map(({ day, model, incidents, costUsd, unpriced: none }) => [
      day,
      model,
      incidents,
      costUsd,
      none,
    ]),
  ).toEqual([
    ["2026-11-24", "v/two", 1, 0.5, 0],
    ["2026-11-23", "v/one", 2, 0.5, 1],
  ]);
  expect(report.total).toMatchObject({ incidents: 3, inputTokens: 30, costUsd: 1 });
  expect(report.withoutModel).toBe(1);
});

it("says of a service what it may do, what holds it back, and how it went", () => {
  const at = "2026-11-23T07:30:00.000Z";
  const [service, other] = servicesOverview({
    policy: actingPolicy({ services: { zebra: { protected: true } } }),
    ceiling: "auto",
    cluster: "production",
    summaries: [summary],
    actions: [
      {
        incidentId: summary.id,
        cluster: "production",
        service: "payment-service",
        action: "restart",
        cause: "memory-leak",
        at: "2026-11-23T07:25:00.000Z",
      },
    ],
    at,
  });

  expect(service).toMatchObject({
    service: "payment-service",
    actionsLastHour: 1,
    counts: { incidents: 1, resolved: 1 },
  });
  expect(service?.heldBack.map(({ rule }) => rule)).toContain("cooldown");
  expect(service?.modes).toContainEqual({ action: "rollback", mode: "approve", setBy: "modes.rollback" });
  expect(other).toMatchObject({ service: "zebra", protected: true });
  expect(other?.heldBack.length).toBeGreaterThan(0);
});

it("finds earlier incidents of the same service and cause, and reads no more than it was told to", async () => {
  const store = createSqliteStore(":memory:");
  const now = resolvedIncident();
  const save = (id: string, openedAt: string, over: object = {}) =>
    keepRecord(store, { ...now, id, openedAt, ...over });
  await save("same", "2026-11-20T07:00:00.000Z");
  await save("too-old", "2026-10-01T07:00:00.000Z");
  await save("later", "2026-11-29T07:00:00.000Z");
  await save("other-service", "2026-11-20T07:00:00.000Z", {
    target: { cluster: "production", service: "cart" },
  });
  await save("note", "2026-11-20T08:00:00.000Z", { joinedTo: "same" });
  await keepRecord(store, now);

  expect((await earlierAlike(store, now)).map(({ id }) => id)).toEqual(["same"]);
  const some = await summariesSince(store, { since: "2020-01-01T00:00:00.000Z", most: 2 });
  expect([some.summaries.length, some.complete]).toEqual([2, false]);
  store.close();
});
