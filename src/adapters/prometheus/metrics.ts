/** What the server did, in Prometheus' text format. Labels come from closed lists: no service, no id, no address. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import { INCIDENT_METRICS, type MetricRow } from "../../domain/incident/incident-metrics.ts";
import type { Telemetry } from "../../domain/ports.ts";

export interface ServerMetrics extends Telemetry {
  readonly contentType: string;
  text(): Promise<string>;
  /** Counts a request to a webhook; the answer took so many seconds. */
  webhook(webhook: string, result: string, seconds: number): void;
}

const ANSWER = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** `open` counts the open incidents when metrics are asked for; where it fails there is no value, not a zero. */
export function createServerMetrics(open: () => Promise<number>): ServerMetrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 });
  const incidentMetrics = INCIDENT_METRICS.map((row) => ({ row, add: register(row, registry) }));
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
    observe: (event, incident) => {
      for (const { row, add } of incidentMetrics) {
        for (const { value, labels = [] } of row.of(event, incident)) add(labels, value);
      }
    },
    webhook: (webhook, result, took) => {
      requests.inc({ webhook, result });
      answers.observe({ webhook }, took);
    },
  };
}

/** The row as a metric of the registry. A sum of which all label values are known begins at zero for each of them. */
function register(
  { series: name, help, labels, buckets }: MetricRow,
  registry: Registry,
): (labels: readonly string[], value: number) => void {
  const given = { name, help, labelNames: Object.keys(labels), registers: [registry] };
  if (buckets !== undefined) {
    const histogram = new Histogram({ ...given, buckets: [...buckets] });
    return (values, value) => histogram.labels(...values).observe(value);
  }
  const counter = new Counter(given);
  for (const values of combinations(Object.values(labels))) counter.labels(...values).inc(0);
  return (values, value) => counter.labels(...values).inc(Math.max(0, value));
}

function combinations(lists: readonly (readonly string[])[]): string[][] {
  return lists.reduce<string[][]>(
    (before, list) => before.flatMap((chosen) => list.map((one) => [...chosen, one])),
    [[]],
  );
}
