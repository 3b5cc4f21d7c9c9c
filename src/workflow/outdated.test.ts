import { expect, it } from "vitest";
import { resolvedIncident } from "../../test/samples/incidents.ts";
import { dependenciesOf } from "../../test/support/dependencies.ts";
import { keepRecord } from "../../test/support/keep-record.ts";
import { createSmallWorld, fastNow, TARGET } from "../../test/support/small-world.ts";
import { createSqliteStore } from "../adapters/sqlite-store/sqlite-store.ts";
import { attachOrOpen } from "../alert-grouping/incident-lock.ts";
import type { Incident } from "../domain/incident/incident.ts";
import { executionName } from "./execution-name.ts";
import { reportOutdated } from "./lost-incident.ts";

function start() {
  const reports: Incident[] = [];
  const world = createSmallWorld({ trouble: "leak" });
  const store = createSqliteStore(":memory:");
  const deps = dependenciesOf(world, store, { notify: (incident) => reports.push(incident) });
  return { deps, reports, store, alert: world.alert() };
}

it("an incident of another version is reported, and its service is free for the next one", async () => {
  const { deps, reports, store, alert } = start();
  await attachOrOpen(alert, undefined, deps);
  const action = { cluster: "production", service: "shop", action: "scale", cause: "traffic-spike" };

  await reportOutdated(executionName(alert), "0.0.9", deps);
  await store.recordAction({ ...action, incidentId: reports[0]?.id ?? "", at: fastNow().toISOString() });
  const next = await attachOrOpen({ ...alert, key: "next" }, undefined, deps);

  expect(reports).toMatchObject([{ status: "failed", failures: [{ code: "superseded" }] }]);
  expect(reports[0]?.summary).toContain("was updated while it worked on the incident");
  expect(next).toEqual({ kind: "opened" });
});

it("an incident that people were told of, and that only waited for more alarms, is ended quietly", async () => {
  const { deps, reports, store, alert } = start();
  await attachOrOpen(alert, undefined, deps);
  const id = (await store.open())[0]?.incidentId ?? "";
  await keepRecord(store, { ...resolvedIncident(), id, alert, status: "escalated" });

  await reportOutdated(executionName(alert), "0.0.9", deps);
  const next = await attachOrOpen({ ...alert, key: "next" }, undefined, deps);

  expect(reports).toEqual([]);
  expect((await store.get(id))?.status).toBe("escalated");
  expect(next).toEqual({ kind: "opened" });
});

it("one that acted after people were told is reported", async () => {
  const { deps, reports, store, alert } = start();
  await attachOrOpen(alert, undefined, deps);
  const incidentId = (await store.open())[0]?.incidentId ?? "";
  const told: Incident = { ...resolvedIncident(), id: incidentId, alert, status: "escalated" };
  await keepRecord(store, told);
  const at = new Date(Date.parse(told.closedAt ?? "") + 1_000).toISOString();
  const action = { ...TARGET, action: "restart", cause: "memory-leak" };
  await store.recordAction({ ...action, incidentId, at });

  await reportOutdated(executionName(alert), "0.0.9", deps);

  expect(reports).toMatchObject([{ id: incidentId, status: "failed" }]);
});

it("tasks that another version lent are left to people, who are told", async () => {
  const { deps, reports, store } = start();
  const lent = { from: 5, to: 3, dueAt: "2026-11-24T09:00:00.000Z", outcome: "waiting", detail: "" } as const;
  const incident: Incident = { ...resolvedIncident(), giveBack: lent };
  await keepRecord(store, incident);

  await reportOutdated(executionName(incident.alert), "0.0.9", deps);

  expect(reports).toMatchObject([{ giveBack: { outcome: "left-alone" } }]);
  expect((await store.get(incident.id))?.giveBack?.outcome).toBe("left-alone");
});

it("an execution that nobody waits for is told to nobody", async () => {
  const { deps, reports } = start();

  await reportOutdated("incident-unknown", "0.0.9", deps);

  expect(reports).toEqual([]);
});

it("a report that waited for its channel through an update is told by the new version", async () => {
  const { deps, reports, store } = start();
  const incident = resolvedIncident();
  await keepRecord(store, incident);
  const failure = { stage: "report", code: "slack-failed", message: "HTTP 503", remedy: "" };
  const waits = { kind: "delivery-delayed", channel: "slack-webhook", what: "the report", failure } as const;
  const at = fastNow().toISOString();
  await store.append([{ ...waits, incidentId: incident.id, key: "report:delayed-slack-webhook", at }]);
  const begun: string[] = [];
  const tellLater = async ({ id }: Pick<Incident, "id">) => void begun.push(id);

  await reportOutdated(executionName(incident.alert), "0.0.9", { ...deps, tellLater });
  await reportOutdated(`left-${incident.id}-0123456789ab`, "0.0.9", { ...deps, tellLater });

  expect(begun).toEqual([incident.id, incident.id]);
  expect(reports).toEqual([]);
});
