/**
 * What the agent measures of itself, as CloudWatch's embedded metric format: one line of JSON on the log stream of a
 * Lambda becomes metrics, without a call. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import type { Incident } from "../../domain/incident/incident.ts";
import type { Telemetry } from "../../domain/ports.ts";

/** The namespace of all of the agent's metrics; the alarms on the agent itself name it. */
const NAMESPACE = "OpsAgent";

type Unit = "Count" | "Milliseconds" | "None";

interface Metric {
  readonly name: string;
  readonly unit: Unit;
  readonly value: number;
}

export interface Metrics extends Telemetry {
  /** Everything that an alarm needs works: the event came through, and the store answered. */
  selfTestPassed(): void;
}

/**
 * Writes each measurement through `write`, a line at a time. Called from durable steps, whose replay does not call it
 * again; a step that is repeated after a crash counts twice.
 */
export function createEmf(write: (line: string) => void, now: () => Date = () => new Date()): Metrics {
  const emit = (
    metrics: readonly Metric[],
    dimensions: Readonly<Record<string, string>>,
    fields: Readonly<Record<string, string>>,
  ) => {
    const sets = Object.keys(dimensions).length === 0 ? [[]] : [[], Object.keys(dimensions)];
    const directive = {
      Namespace: NAMESPACE,
      Dimensions: sets,
      Metrics: metrics.map(({ name, unit }) => ({ Name: name, Unit: unit })),
    };
    const values = Object.fromEntries(metrics.map(({ name, value }) => [name, value]));
    const _aws = { Timestamp: now().getTime(), CloudWatchMetrics: [directive] };
    write(JSON.stringify({ _aws, ...dimensions, ...fields, ...values }));
  };
  return {
    opened: ({ id }) => emit([count("IncidentsOpened", 1)], {}, { incident: id }),
    closed: async (incident) => {
      emit(outcome(incident), { Outcome: incident.status }, { incident: incident.id });
      for (const { action } of incident.actions) {
        emit([count("Actions", 1)], { Action: action }, { incident: incident.id });
      }
    },
    selfTestPassed: () => emit([count("SelfTest", 1)], {}, {}),
  };
}

function outcome(incident: Incident): Metric[] {
  const received = Date.parse(incident.alert.receivedAt);
  const since = (at: string | undefined) => (at === undefined ? undefined : Date.parse(at) - received);
  const { verification, model } = incident;
  const acted = incident.actions.flatMap(({ steps }) => steps).find(({ outcome }) => outcome !== "skipped");
  return [
    count("IncidentsClosed", 1),
    count("Failures", incident.failures.length),
    ...milliseconds("TimeToAction", since(acted?.endedAt)),
    ...milliseconds(
      "TimeToRecovery",
      verification?.outcome === "recovered" ? since(verification.endedAt) : undefined,
    ),
    ...(model === undefined
      ? []
      : [
          count("ModelInputTokens", model.inputTokens),
          count("ModelOutputTokens", model.outputTokens),
          ...(model.costUsd === undefined
            ? []
            : [{ name: "ModelCostUsd", unit: "None" as const, value: model.costUsd }]),
        ]),
  ];
}

function count(name: string, value: number): Metric {
  return { name, unit: "Count", value };
}

function milliseconds(name: string, value: number | undefined): Metric[] {
  return value === undefined ? [] : [{ name, unit: "Milliseconds", value: Math.max(0, value) }];
}
