import { expect, it } from "vitest";
import { approvedRollback } from "../../../test/samples/incidents-with-people.ts";
import { createEmf } from "./emf.ts";

const closed = { kind: "closed", incidentId: "i", key: "report", at: "2026-11-29T00:00:00.000Z" } as const;

interface Line extends Record<string, unknown> {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
}

function recorded() {
  const lines: Line[] = [];
  const metrics = createEmf(
    (line) => lines.push(JSON.parse(line) as Line),
    () => new Date("2026-11-29T00:00:00Z"),
  );
  return { lines, metrics };
}

/** What CloudWatch does with a line: every metric and dimension that is named has to stand in it. */
function expectWellFormed({ _aws, ...line }: Line): void {
  expect(_aws.Timestamp).toBe(Date.UTC(2026, 10, 29));
  for (const { Namespace, Dimensions, Metrics } of _aws.CloudWatchMetrics) {
    expect(Namespace).toBe("OpsAgent");
    expect(Metrics.length).toBeGreaterThan(0);
    for (const { Name } of Metrics) expect(line[Name]).toBeTypeOf("number");
    for (const dimension of Dimensions.flat()) expect(line[dimension]).toBeTypeOf("string");
  }
}

it("measures an incident's end by its outcome, and each of its actions", () => {
  const { lines, metrics } = recorded();
  const incident = approvedRollback();

  metrics.observe(closed, incident, []);

  lines.forEach(expectWellFormed);
  const [ended, ...actions] = lines;
  expect(ended).toMatchObject({
    incident: incident.id,
    Outcome: incident.status,
    IncidentsClosed: 1,
    Failures: incident.failures.length,
  });
  expect(ended?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([[], ["Outcome"]]);
  expect(ended?.["TimeToRecovery"]).toBe(
    Date.parse(incident.verification?.endedAt ?? "") - Date.parse(incident.alert.receivedAt),
  );
  expect(actions.map((line) => line["Action"])).toEqual(incident.actions.map(({ action }) => action));
  expect(actions[0]?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([[], ["Action"], ["Action", "Outcome"]]);
});

it("adds up two actions of one kind, since a line has one value a metric", () => {
  const { lines, metrics } = recorded();
  const incident = approvedRollback();

  metrics.observe(closed, { ...incident, actions: [...incident.actions, ...incident.actions] }, []);

  expect(lines.find((line) => "Actions" in line)).toMatchObject({ Actions: 2 * incident.actions.length });
});

it("leaves out what was not measured", () => {
  const { lines, metrics } = recorded();
  const { verification: _, ...rest } = approvedRollback();

  metrics.observe(closed, { ...rest, status: "escalated", actions: [] }, []);

  lines.forEach(expectWellFormed);
  expect(lines).toHaveLength(1);
  for (const name of ["TimeToAction", "TimeToRecovery", "ModelCostUsd"]) {
    expect(lines[0]).not.toHaveProperty(name);
    expect(JSON.stringify(lines[0]?._aws)).not.toContain(name);
  }
});

it("writes nothing for an event that measures nothing", () => {
  const { lines, metrics } = recorded();

  metrics.observe({ ...closed, kind: "undone", attempt: "first", steps: [] }, approvedRollback(), []);

  expect(lines).toEqual([]);
});

it("counts what was opened, and the self-test", () => {
  const { lines, metrics } = recorded();
  const incident = approvedRollback();

  metrics.observe({ ...closed, kind: "opened", alert: incident.alert, diagnoser: "rules" }, incident, []);
  metrics.selfTestPassed();

  lines.forEach(expectWellFormed);
  expect(lines).toMatchObject([{ IncidentsOpened: 1 }, { SelfTest: 1 }]);
});
