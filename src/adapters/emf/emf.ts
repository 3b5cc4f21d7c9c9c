/**
 * What the agent measures of itself, as CloudWatch's embedded metric format: one line of JSON on the log stream of a
 * Lambda becomes metrics, without a call. https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import { type AuditSeal, sealWord } from "../../domain/incident/audit-seal.ts";
import { INCIDENT_METRICS, type MetricRow } from "../../domain/incident/incident-metrics.ts";
import type { Telemetry } from "../../domain/ports.ts";

/** The namespace of all of the agent's metrics; the alarms on the agent itself name it. */
const NAMESPACE = "OpsAgent";

/** CloudWatch's unit, and how many of it are one of the table's. */
const UNITS: Readonly<Record<MetricRow["unit"], readonly [unit: string, factor: number]>> = {
  count: ["Count", 1],
  seconds: ["Milliseconds", 1_000],
  dollars: ["None", 1],
};

export interface Metrics extends Telemetry {
  /** Everything that an alarm needs works: the event came through, and the store answered. */
  selfTestPassed(): void;
  /** The audit trail was sealed: `AuditEntriesSealed` is the number of the sealed entry, which never falls. */
  sealed(seal: AuditSeal): void;
}

/** The metrics of one line: they have the same dimensions. */
interface Line {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly units: Map<string, string>;
  readonly values: Map<string, number>;
}

/**
 * Writes what each event adds through `write`, a line for each set of dimensions. A metric stands in every leading part
 * of its dimensions: `Actions` alone, by `Action`, and by `Action` and `Outcome`.
 */
export function createEmf(write: (line: string) => void, now: () => Date = () => new Date()): Metrics {
  const emit = ({ dimensions, units, values }: Line, fields: Readonly<Record<string, string>>) => {
    const names = Object.keys(dimensions);
    const directive = {
      Namespace: NAMESPACE,
      Dimensions: [[], ...names.map((_, index) => names.slice(0, index + 1))],
      Metrics: [...units].map(([Name, Unit]) => ({ Name, Unit })),
    };
    const _aws = { Timestamp: now().getTime(), CloudWatchMetrics: [directive] };
    write(JSON.stringify({ _aws, ...dimensions, ...fields, ...Object.fromEntries(values) }));
  };
  return {
    observe: (event, incident) => {
      const lines = new Map<string, Line>();
      for (const { name, unit, labels, of } of INCIDENT_METRICS) {
        for (const { value, labels: values = [] } of of(event, incident)) {
          const dimensions = dimensionsOf(Object.keys(labels), values);
          const key = JSON.stringify(dimensions);
          const line = lines.get(key) ?? { dimensions, units: new Map(), values: new Map() };
          const [cloudWatchUnit, factor] = UNITS[unit];
          line.units.set(name, cloudWatchUnit);
          line.values.set(name, (line.values.get(name) ?? 0) + value * factor);
          lines.set(key, line);
        }
      }
      for (const line of lines.values()) emit(line, { incident: incident.id });
    },
    sealed: (seal) =>
      emit(
        {
          dimensions: {},
          units: new Map([["AuditEntriesSealed", "Count"]]),
          values: new Map([["AuditEntriesSealed", seal.seq]]),
        },
        { seal: sealWord(seal, "whole") },
      ),
    selfTestPassed: () =>
      emit(
        { dimensions: {}, units: new Map([["SelfTest", "Count"]]), values: new Map([["SelfTest", 1]]) },
        {},
      ),
  };
}

/** CloudWatch's dimensions begin with a capital. */
function dimensionsOf(names: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name, index) => [name.replace(/^./, (first) => first.toUpperCase()), values[index] ?? ""]),
  );
}
