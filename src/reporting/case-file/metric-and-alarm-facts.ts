/** Facts of metrics and alarms under pseudonyms, and what a message said of them. */
import type { AlarmDefinition, Fact, FactOf } from "../../domain/evidence.ts";
import { type Anonymiser, defined, maybe } from "./anonymiser.ts";
import { caseDimensions, caseNamespace } from "./case-dimensions.ts";

type DataOf<K extends Fact["kind"]> = FactOf<K>["data"];

export function metricData(data: DataOf<"metric">, anonymiser: Anonymiser): DataOf<"metric"> {
  const { role, periodSeconds, isAlarm, isSymptom, noDataSince, summary, points } = data;
  const { threshold, expected, comparison, insideThreshold, beyond, scalingTarget } = data;
  const { amongTasks, quietTail, startUp, usual } = data;
  return {
    role,
    label: metricName(data.label, anonymiser),
    unit: data.unit,
    statistic: anonymiser.texts.text(data.statistic),
    periodSeconds,
    summary,
    points,
    ...defined({
      taskId: maybe(data.taskId, (id) => anonymiser.names.of("task", id)),
      namespace: maybe(data.namespace, (name) => caseNamespace(name, anonymiser)),
      dimensions: maybe(data.dimensions, (dimensions) => caseDimensions(dimensions, anonymiser)),
      explainsOnly: maybe(data.explainsOnly, anonymiser.texts.text),
      isAlarm,
      isSymptom,
      noDataSince,
      threshold,
      comparison,
      expected,
      insideThreshold,
      beyond,
      scalingTarget,
      amongTasks,
      quietTail,
      startUp,
      usual,
    }),
  };
}

/** Keeps the name of an AWS metric; of any other the technical words stay. */
export function metricName(label: string, anonymiser: Anonymiser): string {
  const [, own = label, task = ""] = /^(.*?)( of task .*)?$/s.exec(label) ?? [];
  const plain = anonymiser.texts.text(own);
  if (plain === own) return own + anonymiser.texts.text(task);
  const anonymised = anonymiser.texts.setting(own);
  anonymiser.names.alias(own, anonymised);
  return anonymised + anonymiser.texts.text(task);
}

export function alarmData(data: DataOf<"alarm">, anonymiser: Anonymiser): DataOf<"alarm"> {
  const { stateSince, recentAlarms, recentTransitions, flapping, scaling, other, definition } = data;
  return {
    name: anonymiser.names.of("alarm", data.name),
    state: anonymiser.texts.text(data.state),
    ...defined({
      reason: maybe(data.reason, anonymiser.texts.text),
      stateSince,
      definition: maybe(definition, (given) => caseDefinition(given, anonymiser)),
      recentAlarms,
      recentTransitions,
      flapping,
      scaling,
      other,
    }),
  };
}

function caseDefinition(definition: AlarmDefinition, anonymiser: Anonymiser): AlarmDefinition {
  const { namespace, metric, dimensions, statistic, comparison, treatMissingData, ...numbers } = definition;
  const { periodSeconds, threshold, evaluationPeriods, datapointsToAlarm, math } = numbers;
  const { text } = anonymiser.texts;
  return defined({
    namespace: maybe(namespace, (name) => caseNamespace(name, anonymiser)),
    metric: maybe(metric, (name) => metricName(name, anonymiser)),
    dimensions: maybe(dimensions, (given) => caseDimensions(given, anonymiser)),
    statistic: maybe(statistic, text),
    periodSeconds,
    threshold,
    comparison: maybe(comparison, text),
    evaluationPeriods,
    datapointsToAlarm,
    treatMissingData: maybe(treatMissingData, text),
    math,
  });
}

export function differenceData(
  { field, message, aws }: DataOf<"trigger-difference">,
  { texts }: Anonymiser,
): DataOf<"trigger-difference"> {
  return { field, message: texts.text(message), aws: texts.text(aws) };
}
