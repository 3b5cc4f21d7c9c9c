import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { approvedRollback } from "../../../test/samples/incidents-with-people.ts";
import type { Incident } from "./incident.ts";
import type { EventBody, IncidentEvent } from "./incident-event.ts";
import { INCIDENT_METRICS } from "./incident-metrics.ts";

const incident = approvedRollback();
const later = (iso: string, seconds: number) => new Date(Date.parse(iso) + seconds * 1_000).toISOString();
const at = later(incident.alert.receivedAt, 90);

/** What the table says of one event, by metric: its values, each with its labels. */
function measured(body: EventBody, record: Incident = incident): Record<string, unknown> {
  const event = { ...body, incidentId: record.id, key: body.kind, at } as IncidentEvent;
  return Object.fromEntries(
    INCIDENT_METRICS.flatMap(({ name, of }) => {
      const values = of(event, record);
      return values.length === 0
        ? []
        : [[name, values.map(({ value, labels = [] }) => [value, ...labels].join(" "))]];
    }),
  );
}

describe("the table", () => {
  it("keeps the names that alarms and dashboards refer to", () => {
    const cloudWatch = INCIDENT_METRICS.map(({ name }) => name);
    const prometheus = INCIDENT_METRICS.map(({ series }) => series);

    expect(cloudWatch).toEqual(
      expect.arrayContaining([
        "IncidentsOpened",
        "IncidentsClosed",
        "Failures",
        "TimeToAction",
        "TimeToRecovery",
        "ModelInputTokens",
        "ModelOutputTokens",
        "ModelCostUsd",
        "Actions",
      ]),
    );
    expect(prometheus).toEqual(
      expect.arrayContaining([
        "opsagent_incidents_total",
        "opsagent_incident_duration_seconds",
        "opsagent_time_to_action_seconds",
        "opsagent_actions_total",
        "opsagent_refusals_total",
        "opsagent_model_cost_dollars_total",
      ]),
    );
    expect(new Set(cloudWatch).size).toBe(cloudWatch.length);
    expect(new Set(prometheus).size).toBe(prometheus.length);
  });

  it("is documented row by row, with its labels", () => {
    const text = readFileSync(join(import.meta.dirname, "../../../docs/configuration.md"), "utf8");
    const rows = text.split("\n").map((line) => [...line.matchAll(/`([^`]+)`/g)].map(([, word]) => word));

    for (const { name, series, labels } of INCIDENT_METRICS) {
      expect(rows).toContainEqual([name, series, ...Object.keys(labels)]);
    }
  });
});

describe("an opened incident", () => {
  it("counts where an alarm opened it, not where one went back to OK", () => {
    const { alert } = incident;

    expect(measured({ kind: "opened", alert, diagnoser: "rules" })).toEqual({ IncidentsOpened: ["1"] });
    expect(measured({ kind: "opened", alert: { ...alert, state: "OK" }, diagnoser: "rules" })).toEqual({});
  });
});

describe("a closed incident", () => {
  const model = { model: "m", calls: 1, inputTokens: 3_200, outputTokens: 410, milliseconds: 4_000 };
  const received = incident.alert.receivedAt;
  const first = incident.actions[0]?.steps[0];
  const proven = incident.verification?.endedAt ?? "";
  const seconds = (until = "") => (Date.parse(until) - Date.parse(received)) / 1_000;

  it("is measured by its outcome", () => {
    const record: Incident = {
      ...incident,
      closedAt: later(received, 120),
      model: { ...model, costUsd: 0.5 },
    };

    expect(measured({ kind: "closed" }, record)).toEqual({
      IncidentsClosed: ["1 resolved"],
      IncidentDuration: ["120 resolved"],
      TimeToAction: [`${seconds(first?.startedAt)} resolved`],
      TimeToRecovery: [`${seconds(proven)} resolved`],
      Failures: [`${record.failures.length} resolved`],
      ModelInputTokens: ["3200 resolved"],
      ModelOutputTokens: ["410 resolved"],
      ModelCostUsd: ["0.5 resolved"],
      Actions: ["1 rollback done"],
    });
  });

  it("has no value for what it has not", () => {
    const { verification: _, ...rest } = incident;
    const seen = measured({ kind: "closed" }, { ...rest, status: "escalated", actions: [], model });

    for (const name of ["TimeToAction", "TimeToRecovery", "ModelCostUsd", "Actions"]) {
      expect(seen).not.toHaveProperty(name);
    }
    expect(seen).toMatchObject({ IncidentsClosed: ["1 escalated"], ModelInputTokens: ["3200 escalated"] });
  });

  it("that is closed again counts only the action that came late", () => {
    const [action] = incident.actions;
    if (action === undefined) throw new Error("the sample has an action");
    const late = { ...action, attempt: "late", outcome: "unknown" } as const;
    const record: Incident = { ...incident, actions: [{ ...action, attempt: "first" }, late] };

    expect(measured({ kind: "closed" }, record)["Actions"]).toEqual(["1 rollback done"]);
    expect(measured({ kind: "closed", again: true }, record)).toEqual({ Actions: ["1 rollback unknown"] });
  });

  it("has no time below zero on a clock that jumped back", () => {
    const record: Incident = { ...incident, closedAt: later(received, -5) };

    expect(measured({ kind: "closed" }, record)["IncidentDuration"]).toEqual(["0 resolved"]);
  });
});

describe("on the way", () => {
  const { approval, decision, verification } = incident;
  if (approval === undefined || decision === undefined || verification === undefined) {
    throw new Error("the sample has them");
  }

  it("counts each rule that refused, also the store's", () => {
    const refusing = {
      ...decision,
      trail: [
        { rule: "cooldown", outcome: "refuse", reason: "" },
        { rule: "mode", outcome: "ask", reason: "" },
        { rule: "healthy-floor", outcome: "refuse", reason: "" },
      ],
    } as typeof decision;
    const reserved = { kind: "action-reserved", attempt: "first", action: "restart" } as const;

    expect(measured({ kind: "decided", attempt: "first", decision: refusing })).toEqual({
      Refusals: ["1 cooldown", "1 healthy-floor"],
    });
    expect(measured({ ...reserved, granted: false, rule: "blast-radius", reason: "" })).toEqual({
      Refusals: ["1 blast-radius"],
    });
    expect(measured({ ...reserved, granted: true })).toEqual({});
  });

  it("counts questions, and measures the wait for each answer", () => {
    const answer = { verdict: "denied", at: later(approval.requestedAt, 42) } as const;
    const answered = {
      kind: "approval-answered",
      approvalId: approval.id,
      planHash: approval.planHash,
      answer,
    } as const;

    expect(measured({ kind: "approval-requested", attempt: "first", approval })).toEqual({
      ApprovalsRequested: ["1"],
    });
    expect(measured(answered)).toEqual({ ApprovalWait: ["42 denied"] });
    expect(measured({ ...answered, approvalId: "another" })).toEqual({});
  });

  it("counts looks and proofs", () => {
    const looked = { looks: 2, held: 1, holdLooks: 3, checks: [] };

    expect(measured({ kind: "verification-looked", attempt: "first", ...looked })).toEqual({
      VerificationLooks: ["1"],
    });
    expect(measured({ kind: "verified", attempt: "first", verification })).toEqual({
      Verifications: [`1 ${verification.outcome}`],
    });
  });

  it("counts messages that did not arrive, by channel", () => {
    const failure = { code: "slack-failed", stage: "report", message: "", remedy: "" };

    expect(measured({ kind: "notification-failed", channel: "report", failure })).toEqual({
      NotificationsFailed: ["1 report"],
    });
  });
});
