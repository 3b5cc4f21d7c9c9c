/**
 * What is measured of incidents: one row a metric, counted from the event stream. CloudWatch and Prometheus only render
 * this table (`adapters/emf/`, `adapters/prometheus/`). Pure.
 */
import { ApprovalVerdict } from "../approval.ts";
import { ActionResult, type Incident, Verification } from "./incident.ts";
import type { EventOf, IncidentEvent } from "./incident-event.ts";

/** One value, with the values of the metric's labels in their order. */
export interface Measured {
  readonly value: number;
  readonly labels?: readonly string[];
}

export interface MetricRow {
  /** In CloudWatch, in the namespace OpsAgent. */
  readonly name: string;
  /** In Prometheus. */
  readonly series: string;
  readonly help: string;
  readonly unit: "count" | "seconds" | "dollars";
  /** The names of its labels with all of their values; an empty list where the values are names in the code. */
  readonly labels: Readonly<Record<string, readonly string[]>>;
  /** Upper bounds of the histogram that it is; without them it is a sum. */
  readonly buckets?: readonly number[];
  /** What the event adds. `incident` is the record after the step in which the event happened. */
  readonly of: (event: IncidentEvent, incident: Incident) => readonly Measured[];
}

const OUTCOMES = ["resolved", "escalated", "failed", "observed"];
const BY_OUTCOME = { outcome: OUTCOMES };
const MINUTES = [5, 15, 30, 60, 120, 300, 600, 1_800, 3_600];
const HOURS = [...MINUTES, 7_200, 14_400, 43_200];
const ONE: readonly Measured[] = [{ value: 1 }];

/** The names are public: alarms and dashboards refer to them. Labels have closed lists, so no service, id or person. */
export const INCIDENT_METRICS: readonly MetricRow[] = [
  {
    name: "IncidentsOpened",
    series: "opsagent_incidents_opened_total",
    help: "Incidents that an alarm opened.",
    unit: "count",
    labels: {},
    of: on("opened", ({ alert }) => (alert.state === "ALARM" ? ONE : [])),
  },
  {
    name: "IncidentsClosed",
    series: "opsagent_incidents_total",
    help: "Incidents that ended, by how: resolved, escalated, failed or observed.",
    unit: "count",
    labels: BY_OUTCOME,
    of: atClosing(() => 1),
  },
  {
    name: "IncidentDuration",
    series: "opsagent_incident_duration_seconds",
    help: "From the alert's arrival until people were told how the incident ended.",
    unit: "seconds",
    labels: BY_OUTCOME,
    buckets: MINUTES,
    of: atClosing((incident) => secondsUntil(incident, incident.closedAt)),
  },
  {
    name: "TimeToAction",
    series: "opsagent_time_to_action_seconds",
    help: "From the alert's arrival until the first action began.",
    unit: "seconds",
    labels: BY_OUTCOME,
    buckets: [1, 3, 5, ...MINUTES.slice(1)],
    of: atClosing((incident) => {
      const steps = incident.actions.flatMap((action) => action.steps);
      return secondsUntil(incident, steps.find(({ outcome }) => outcome !== "skipped")?.startedAt);
    }),
  },
  {
    name: "TimeToRecovery",
    series: "opsagent_time_to_recovery_seconds",
    help: "From the alert's arrival until recovery was proven.",
    unit: "seconds",
    labels: BY_OUTCOME,
    buckets: MINUTES,
    of: atClosing((incident) => {
      const { verification } = incident;
      return verification?.outcome === "recovered" ? secondsUntil(incident, verification.endedAt) : undefined;
    }),
  },
  {
    name: "Failures",
    series: "opsagent_failures_total",
    help: "Failures that an incident's record names, by how the incident ended.",
    unit: "count",
    labels: BY_OUTCOME,
    of: atClosing(({ failures }) => failures.length),
  },
  {
    name: "ModelInputTokens",
    series: "opsagent_model_input_tokens_total",
    help: "Tokens that the model was sent.",
    unit: "count",
    labels: BY_OUTCOME,
    of: atClosing(({ model }) => model?.inputTokens),
  },
  {
    name: "ModelOutputTokens",
    series: "opsagent_model_output_tokens_total",
    help: "Tokens that the model answered.",
    unit: "count",
    labels: BY_OUTCOME,
    of: atClosing(({ model }) => model?.outputTokens),
  },
  {
    name: "ModelCostUsd",
    series: "opsagent_model_cost_dollars_total",
    help: "Dollars that the model's answers cost, as far as the provider says.",
    unit: "dollars",
    labels: BY_OUTCOME,
    of: atClosing(({ model }) => model?.costUsd),
  },
  {
    name: "Actions",
    series: "opsagent_actions_total",
    help: "Actions by kind and by what came of the call.",
    unit: "count",
    labels: {
      action: ActionResult.shape.action.options,
      outcome: ActionResult.shape.outcome.options,
    },
    // At the closing, where every action has its outcome, also one that a crash cut off. A late one has a closing of its own.
    of: on("closed", ({ again = false }, { actions }) =>
      actions
        .filter(({ attempt }) => (attempt === "late") === again)
        .map(({ action, outcome }) => ({ value: 1, labels: [action, outcome] })),
    ),
  },
  {
    name: "Refusals",
    series: "opsagent_refusals_total",
    help: "Times that a rule kept OpsAgent from acting, by rule.",
    unit: "count",
    labels: { rule: [] },
    of: (event) => refusingRules(event).map((rule) => ({ value: 1, labels: [rule] })),
  },
  {
    name: "ApprovalsRequested",
    series: "opsagent_approvals_requested_total",
    help: "Questions that were put to people.",
    unit: "count",
    labels: {},
    of: on("approval-requested", () => ONE),
  },
  {
    name: "ApprovalWait",
    series: "opsagent_approval_wait_seconds",
    help: "From a question until its answer, by the answer; a question that nobody answered counts as expired.",
    unit: "seconds",
    labels: { verdict: ApprovalVerdict.options },
    buckets: HOURS,
    of: on("approval-answered", ({ approvalId, answer }, { approval, further }) => {
      const asked = [approval, further?.approval].find((one) => one?.id === approvalId);
      if (asked === undefined) return [];
      return [{ value: secondsBetween(asked.requestedAt, answer.at), labels: [answer.verdict] }];
    }),
  },
  {
    name: "VerificationLooks",
    series: "opsagent_verification_looks_total",
    help: "Looks at whether a service has recovered.",
    unit: "count",
    labels: {},
    of: on("verification-looked", () => ONE),
  },
  {
    name: "Verifications",
    series: "opsagent_verifications_total",
    help: "Proofs of recovery that ended, by what they came to.",
    unit: "count",
    labels: { outcome: Verification.shape.outcome.options },
    of: on("verified", ({ verification }) => [{ value: 1, labels: [verification.outcome] }]),
  },
  {
    name: "NotificationsFailed",
    series: "opsagent_notifications_failed_total",
    help: "Messages that did not reach anybody, by channel.",
    unit: "count",
    labels: { channel: [] },
    of: on("notification-failed", ({ channel }) => [{ value: 1, labels: [channel] }]),
  },
];

/** What a metric counts of events of one kind. */
function on<K extends IncidentEvent["kind"]>(
  kind: K,
  of: (event: EventOf<K>, incident: Incident) => readonly Measured[],
): MetricRow["of"] {
  return (event, incident) => (event.kind === kind ? of(event as EventOf<K>, incident) : []);
}

/** What a metric counts once an incident, by its outcome; nothing where there is no value. */
function atClosing(amountOf: (incident: Incident) => number | undefined): MetricRow["of"] {
  return on("closed", ({ again }, incident) => {
    const value = again === true ? undefined : amountOf(incident);
    return value === undefined ? [] : [{ value, labels: [incident.status] }];
  });
}

function refusingRules(event: IncidentEvent): readonly string[] {
  switch (event.kind) {
    case "decided":
      return event.decision.trail.filter(({ outcome }) => outcome === "refuse").map(({ rule }) => rule);
    case "action-reserved":
      return event.rule === undefined ? [] : [event.rule];
    default:
      return [];
  }
}

function secondsUntil({ alert }: Incident, at: string | undefined): number | undefined {
  return at === undefined ? undefined : secondsBetween(alert.receivedAt, at);
}

/** Not below zero, also on a clock that jumped back. */
function secondsBetween(from: string, until: string): number {
  return Math.max(0, (Date.parse(until) - Date.parse(from)) / 1_000);
}
