/** What a symptom is about, by the alarm's metric and the stopped tasks. Log lines do not count. */
import { type Evidence, factsOf, type MetricRole, type StopClass } from "../domain/evidence.ts";
import { isRaised } from "../domain/metric-side.ts";

export type SymptomTopic = "memory" | "cpu" | "errors" | "health" | "start" | "load";

const ROLES: Partial<Record<MetricRole, SymptomTopic>> = {
  cpu: "cpu",
  "task-cpu": "cpu",
  memory: "memory",
  "memory-lowest": "memory",
  "task-memory": "memory",
  requests: "load",
  "errors-5xx": "errors",
  "elb-5xx": "errors",
  "latency-p50": "errors",
  "latency-p99": "errors",
  "unhealthy-hosts": "health",
};

const LABELS: readonly (readonly [RegExp, SymptomTopic])[] = [
  [/memory/i, "memory"],
  [/cpu/i, "cpu"],
  [/5xx|error|latency|responsetime|duration|timeout/i, "errors"],
  [/healthy/i, "health"],
  [/task.?count|running/i, "start"],
  [/request/i, "load"],
];

const STOPS: Partial<Record<StopClass, SymptomTopic>> = {
  "out-of-memory": "memory",
  "failed-health-check": "health",
  "image-pull-failed": "start",
  "initialization-failed": "start",
  "container-runtime-error": "start",
  crashed: "start",
  "exited-successfully": "start",
};

/** Stops earlier than this before the onset are unrelated. */
const STOP_RELEVANCE_MS = 15 * 60_000;

/** Returns the topics of the alarm's metric and of bad stops; without either, of the series that rose. */
export function symptomTopics(evidence: Evidence): ReadonlySet<SymptomTopic> {
  const onset = Date.parse(evidence.onset);
  const metrics = factsOf(evidence, "metric");
  const alarm = metrics
    .filter(({ data }) => data.isAlarm === true || data.role === "alarm")
    .flatMap(({ data }) => LABELS.find(([pattern]) => pattern.test(data.label))?.[1] ?? []);
  const stops = factsOf(evidence, "stopped-tasks")
    .filter(({ data }) => Date.parse(data.lastAt ?? "") >= onset - STOP_RELEVANCE_MS)
    .flatMap(({ data }) => STOPS[data.class] ?? []);
  if (alarm.length + stops.length > 0) return new Set([...alarm, ...stops]);
  return new Set(metrics.filter((fact) => isRaised(fact)).flatMap(({ data }) => ROLES[data.role] ?? []));
}
