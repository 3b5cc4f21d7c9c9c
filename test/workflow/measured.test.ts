/** Metrics and traces hear of a whole incident through its events, each of them once. */
import { expect, it } from "vitest";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import type { IncidentEvent } from "../../src/domain/incident/incident-event.ts";
import { INCIDENT_METRICS } from "../../src/domain/incident/incident-metrics.ts";
import type { Telemetry } from "../../src/domain/ports.ts";
import { refuseEvent } from "../../src/ingestion/unreadable-event.ts";
import { dependenciesOf } from "../support/dependencies.ts";
import { createSmallWorld } from "../support/small-world.ts";
import { startWorkflow } from "../support/workflow.ts";

/** Adds up what the table says of every event, as the renderings do. */
function counting() {
  const sums: Record<string, number> = {};
  let last: { event: IncidentEvent; incident: Incident; history: readonly IncidentEvent[] } | undefined;
  const telemetry: Telemetry = {
    observe: (event, incident, history) => {
      if (event.kind === "closed") last = { event, incident, history };
      for (const { name, unit, of } of INCIDENT_METRICS) {
        for (const { value, labels = [] } of of(event, incident)) {
          const key = [name, ...labels].join(" ");
          sums[key] = (sums[key] ?? 0) + (unit === "seconds" ? 1 : value);
        }
      }
    },
  };
  return { sums, telemetry, atClosing: () => last };
}

it("counts a mended incident: each thing once, and as many looks as there were", async () => {
  const { sums, telemetry, atClosing } = counting();
  const { handle, store } = startWorkflow({ trouble: "leak", telemetry });

  const incident = await handle();

  expect(incident.status).toBe("resolved");
  expect(sums).toEqual({
    IncidentsOpened: 1,
    "IncidentsClosed resolved": 1,
    "IncidentDuration resolved": 1,
    "TimeToAction resolved": 1,
    "TimeToRecovery resolved": 1,
    "Failures resolved": 0,
    "Actions restart done": 1,
    VerificationLooks: incident.verification?.looks,
    "Verifications recovered": 1,
  });
  // What a trace is made from is what the store has, in the same order.
  const kept = (await store.eventsOf(incident.id)).map(({ key }) => key);
  const seen = (atClosing()?.history ?? []).map(({ key }) => key);
  expect(seen.filter((key) => !key.startsWith("verify"))).toEqual(
    kept.slice(0, kept.lastIndexOf(seen.at(-1) ?? "") + 1).filter((key) => !key.startsWith("verify")),
  );
  expect(seen).toContain("report");
});

it("counts an event that nobody could read, which no workflow ever saw", async () => {
  const { sums, telemetry } = counting();
  const world = createSmallWorld({ trouble: "leak" });
  const deps = dependenciesOf(world, createSqliteStore(":memory:"), { telemetry });

  await refuseEvent({ hello: "world" }, "no alarm", deps);

  expect(sums).toMatchObject({
    IncidentsOpened: 1,
    "IncidentsClosed failed": 1,
    "Failures failed": 1,
  });
});
