/** What the server did, in Prometheus' text format. Labels come from closed lists: no service, no id, no address. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Incident } from "../../domain/incident/incident.ts";

export interface ServerMetrics {
  readonly contentType: string;
  text(): Promise<string>;
  /** Counts an incident of which people were told. */
  incidentEnded(incident: Incident): void;
  /** Counts a request to a webhook; the answer took so many seconds. */
  webhook(webhook: string, result: string, seconds: number): void;
}

const MINUTES = [5, 15, 30, 60, 120, 300, 600, 1_800, 3_600];
const ANSWER = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** `open` counts the open incidents when metrics are asked for; where it fails there is no value, not a zero. */
export function createServerMetrics(open: () => Promise<number>): ServerMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  const incidents = new Counter({
    name: "opsagent_incidents_total",
    help: "Incidents that ended, by how: resolved, escalated, failed or observed.",
    labelNames: ["outcome"],
    registers,
  });
  for (const outcome of ["resolved", "escalated", "failed", "observed"]) incidents.inc({ outcome }, 0);
  const seconds = new Histogram({
    name: "opsagent_incident_duration_seconds",
    help: "From the alert's arrival until people were told how the incident ended.",
    labelNames: ["outcome"],
    buckets: MINUTES,
    registers,
  });
  const toAction = new Histogram({
    name: "opsagent_time_to_action_seconds",
    help: "From the alert's arrival until the first action began.",
    buckets: [1, 3, 5, ...MINUTES.slice(1)],
    registers,
  });
  const actions = new Counter({
    name: "opsagent_actions_total",
    help: "Actions by kind and by what came of the call.",
    labelNames: ["action", "outcome"],
    registers,
  });
  const refusals = new Counter({
    name: "opsagent_refusals_total",
    help: "Times that a rule kept OpsAgent from acting, by rule.",
    labelNames: ["rule"],
    registers,
  });
  const modelCost = new Counter({
    name: "opsagent_model_cost_dollars_total",
    help: "Dollars that the model's answers cost, as far as the provider says.",
    registers,
  });
  const requests = new Counter({
    name: "opsagent_webhook_requests_total",
    help: "Requests to webhooks by sender and result.",
    labelNames: ["webhook", "result"],
    registers,
  });
  const answers = new Histogram({
    name: "opsagent_webhook_answer_seconds",
    help: "How long the answer to a webhook took.",
    labelNames: ["webhook"],
    buckets: ANSWER,
    registers,
  });
  new Gauge({
    name: "opsagent_open_incidents",
    help: "Incidents that are being worked on or wait for a person.",
    registers,
    async collect() {
      try {
        this.set(await open());
      } catch {
        this.reset();
        this.remove();
      }
    },
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    incidentEnded: (incident) => {
      const outcome = incident.status;
      incidents.inc({ outcome });
      const began = Date.parse(incident.alert.receivedAt);
      if (incident.closedAt !== undefined)
        seconds.observe({ outcome }, secondsBetween(began, incident.closedAt));
      const [first] = incident.actions.flatMap(({ steps }) => steps.map(({ startedAt }) => startedAt));
      if (first !== undefined) toAction.observe(secondsBetween(began, first));
      for (const one of incident.actions) actions.inc({ action: one.action, outcome: one.outcome });
      for (const rule of refusingRules(incident)) refusals.inc({ rule });
      modelCost.inc(Math.max(0, incident.model?.costUsd ?? 0));
    },
    webhook: (webhook, result, took) => {
      requests.inc({ webhook, result });
      answers.observe({ webhook }, took);
    },
  };
}

function secondsBetween(began: number, until: string): number {
  return Math.max(0, (Date.parse(until) - began) / 1_000);
}

function refusingRules({ decision, further }: Incident): string[] {
  const decisions = [decision, further?.decision].flatMap((one) => one ?? []);
  return decisions.flatMap(({ trail }) =>
    trail.filter(({ outcome }) => outcome === "refuse").map(({ rule }) => rule),
  );
}
