/** Evidence. Facts and their vocabularies are exported here, too. */
import { z } from "zod";
import { Fact, type FactKind, type FactOf } from "./fact.ts";
import { ChangeSource, type MetricRole } from "./fact-vocabulary.ts";

export { Fact, type FactKind, type FactOf } from "./fact.ts";
export {
  type AlarmDefinition,
  ChangeArea,
  ChangeSource,
  MetricRole,
  SameTimeBefore,
  SeriesSummary,
  StopClass,
  TASK_ROLES,
  TaskComparison,
  type TaskRole,
  TriggerField,
} from "./fact-vocabulary.ts";

/** Something that should have been read and was not. `important` gaps lower the confidence. */
export const Gap = z.object({
  source: z.string(),
  code: z.string(),
  message: z.string(),
  /** What the reader can do about it, where something can be done. */
  remedy: z.string().optional(),
  important: z.boolean(),
});
export type Gap = z.infer<typeof Gap>;

/** Everything observed about one incident at one time. */
export const Evidence = z.object({
  observedAt: z.iso.datetime(),
  /** When the symptom began, from the series; the alarm's own time where no series shows it. */
  onset: z.iso.datetime(),
  facts: z.array(Fact),
  gaps: z.array(Gap),
  /** Where changes were looked for; absent in older records. */
  changeSources: z.array(ChangeSource).optional(),
  /** The log groups of the application's containers; absent in older records. */
  logGroups: z.array(z.object({ name: z.string(), region: z.string().optional() })).optional(),
  /** The newest log lines, redacted, for the report only. */
  lastLines: z.array(z.string()),
});
export type Evidence = z.infer<typeof Evidence>;

/** Adds later reads to the evidence; their facts have the ids that follow. */
export function withMore(
  evidence: Evidence,
  more: { readonly facts: readonly Fact[]; readonly gaps: readonly Gap[] },
): Evidence {
  return {
    ...evidence,
    facts: [...evidence.facts, ...more.facts],
    gaps: [...evidence.gaps, ...more.gaps],
  };
}

/** All facts of one kind, typed. */
export function factsOf<K extends FactKind>(evidence: Evidence, kind: K): FactOf<K>[] {
  return evidence.facts.filter((fact): fact is FactOf<K> => fact.kind === kind);
}

/** The metric facts of one role. */
export function metricsOf(evidence: Evidence, role: MetricRole): FactOf<"metric">[] {
  return factsOf(evidence, "metric").filter((fact) => fact.data.role === role);
}

/** The series that the alarm of the incident watches, whatever its role. */
export function alarmMetricOf(evidence: Evidence): FactOf<"metric"> | undefined {
  return factsOf(evidence, "metric").find((fact) => fact.data.isAlarm === true);
}
