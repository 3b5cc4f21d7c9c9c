import { describe, expect, it } from "vitest";
import { dependenciesOf } from "../../test/support/dependencies.ts";
import { createSmallWorld } from "../../test/support/small-world.ts";
import { metricAlarm, record, snsEvent } from "../../test/support/sns.ts";
import { createSqliteStore } from "../adapters/sqlite-store/sqlite-store.ts";
import { attachOrOpen } from "../alert-grouping/incident-lock.ts";
import { OpsAgentError } from "../domain/errors.ts";
import { Incident } from "../domain/incident/incident.ts";
import { openIncident } from "../domain/incident/incident-fold.ts";
import { executionName } from "../workflow/execution-name.ts";
import { type Executions, handleEvent } from "./intake.ts";
import { readEvent } from "./read-event.ts";

/** Another service: alarms of one are one incident. */
const ELSEWHERE = {
  Dimensions: [
    { value: "production", name: "ClusterName" },
    { value: "cart", name: "ServiceName" },
  ],
};

function start(fail?: (name: string) => boolean) {
  const store = createSqliteStore(":memory:");
  const reports: Incident[] = [];
  const deps = dependenciesOf(createSmallWorld({ trouble: "leak" }), store, {
    notify: (incident) => reports.push(incident),
  });
  const started: string[] = [];
  const ended: string[] = [];
  const executions: Executions = {
    begin: async (name) => {
      started.push(name);
    },
    isHere: () => false,
    run: async (name, { alert }) => {
      started.push(name);
      if (fail?.(alert.title))
        throw new OpsAgentError({ code: "internal", message: `${alert.title} was lost`, remedy: "Look." });
      await new Promise((resolve) => setTimeout(resolve, 10));
      ended.push(name);
      return openIncident(alert, "rules");
    },
  };
  return {
    deps,
    store,
    reports,
    started,
    ended,
    handle: (event: unknown) => handleEvent(event, { cluster: "production" }, executions, deps),
  };
}

describe("an event", () => {
  it("of several alerts is as many incidents, each by its key", async () => {
    const { handle, started } = start();

    const incidents = await handle(
      snsEvent(metricAlarm(), metricAlarm({ NewStateValue: "OK" }), metricAlarm()),
    );

    expect(incidents).toHaveLength(2);
    expect(new Set(started).size).toBe(2);
  });

  it.each([
    undefined,
    null,
    7,
    "",
    "{",
    {},
    [],
    { Records: [] },
    { Records: [record("no json")] },
    Symbol("odd"),
    () => {},
  ])("that cannot be read is kept, reported as failed, and never run: %s", async (event) => {
    const { handle, started, reports, store } = start();

    const incidents = await handle(event);

    expect(incidents).toMatchObject([{ status: "failed", failures: [{ code: "event-unreadable" }] }]);
    expect(Incident.safeParse(incidents[0]).error).toBeUndefined();
    expect(reports).toHaveLength(1);
    expect(started).toEqual([]);
    expect(await store.list()).toHaveLength(1);
  });

  it("that joins an incident whose process has died goes on with that incident", async () => {
    const { handle, started, deps } = start();
    const [dead] = readEvent(snsEvent(metricAlarm()), {
      receivedAt: "2026-11-23T07:00:02.000Z",
      alarms: [],
    }).alerts;
    if (dead === undefined) throw new Error("The sample is no alert.");
    await attachOrOpen({ ...dead, target: { cluster: "production", service: "shop" } }, undefined, deps);

    const incidents = await handle(snsEvent(metricAlarm({ AlarmName: "other", AlarmArn: "b" })));

    expect(started).toEqual([executionName(dead)]);
    expect(incidents).toMatchObject([{ alert: { key: dead.key } }]);
  });

  it("that is partly readable is handled and reported, both", async () => {
    const { handle, started, reports } = start();

    const incidents = await handle(snsEvent(metricAlarm(), "{"));

    expect(incidents.map((incident) => incident.status)).toEqual(["open", "failed"]);
    expect(started).toHaveLength(1);
    expect(reports).toHaveLength(1);
  });

  it("whose one incident is lost by the engine still has the others handled to their end", async () => {
    const { handle, ended, reports } = start((title) => title === "first");
    const event = snsEvent(metricAlarm({ AlarmName: "first", AlarmArn: "a" }, ELSEWHERE), metricAlarm(), "{");

    const incidents = await handle(event);

    expect(ended).toHaveLength(1);
    expect(reports).toHaveLength(2);
    expect(incidents.filter((incident) => incident.status === "failed")).toHaveLength(2);
    expect(JSON.stringify(incidents)).toContain("first was lost");
  });
});
