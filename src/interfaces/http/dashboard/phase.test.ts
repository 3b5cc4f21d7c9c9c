import { expect, it } from "vitest";
import { resolvedIncident } from "../../../../test/samples/incidents.ts";
import type { IncidentProgress, Phase } from "../../../domain/incident/incident.ts";
import type { EventBody, IncidentEvent } from "../../../domain/incident/incident-event.ts";
import { phasesOf, phaseText } from "./phase.ts";

const since = "2026-11-23T07:00:00.000Z";
const text = (phase: Phase, detail: string) => phaseText({ phase, detail, since } satisfies IncidentProgress);

it.each([
  ["acting", "stop task 4f2a", "Acting: stop task 4f2a"],
  ["asking", "rollback waits until 2026-11-23T08:31:00.000Z", "Asking: rollback waits until 08:31:00"],
  ["checking", "approved by maria: checking the service", "Approved by maria: checking the service"],
  ["checking", "looking again", "Checking: looking again"],
  ["proving", "alarm-ok: alarm is ALARM", "Proving: not yet: alarm OK (alarm is ALARM)"],
  ["proving", "all conditions met, held 2 of 3 looks", "Proving: all conditions met, held 2 of 3 looks"],
  ["acting", "alarm-ok: is no condition here", "Acting: alarm-ok: is no condition here"],
] as const)("says what is going on: %s, %s", (phase, detail, said) => {
  expect(text(phase, detail)).toBe(said);
});

it("lists the phases that events make, one that comes again anew, and when each ended", () => {
  const { alert } = resolvedIncident();
  const bodies: EventBody[] = [
    { kind: "opened", alert, diagnoser: "rules" },
    { kind: "look-postponed", attempt: "first", seconds: 5 },
    { kind: "look-postponed", attempt: "first", seconds: 5 },
    { kind: "grace-period-ended", passed: false },
    { kind: "notified", channel: "slack", what: "opened" },
    { kind: "closed" },
  ];
  const at = (index: number) => `2026-11-23T07:00:0${index}.000Z`;
  const events = bodies.map(
    (body, index) => ({ ...body, incidentId: "inc-1", key: `${index}`, at: at(index) }) as IncidentEvent,
  );

  expect(phasesOf(events)).toEqual([
    { phase: "investigating", since: alert.receivedAt, until: at(1) },
    { phase: "waiting", since: at(1), until: at(3) },
    { phase: "investigating", since: at(3), until: at(5) },
  ]);
});

it("lists no phase of a record of before events were kept", () => {
  const record = resolvedIncident();
  const imported = { kind: "imported", incidentId: record.id, key: "imported", at: since, record } as const;

  expect(phasesOf([imported])).toEqual([]);
});
