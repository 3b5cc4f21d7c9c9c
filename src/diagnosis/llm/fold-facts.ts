/** Facts that say that something is as it should be, many in one line: each has its id, none needs a line of its own. */
import type { Fact, FactOf } from "../../domain/evidence.ts";
import { amount, span } from "../../evidence/times.ts";
import { metricName, revisionOf } from "./fact-text.ts";

/** Returns what a folded fact says beside others of its kind; undefined for a fact that needs its own line. */
export function foldedText(fact: Fact): string | undefined {
  if (fact.kind === "metric" && isQuiet(fact)) return `${fact.id} ${seriesText(fact)}`;
  if (fact.kind === "running-task" && isWell(fact)) return `${fact.id} ${taskText(fact)}`;
  return undefined;
}

/** Trusted series that have not changed and break no threshold. */
function isQuiet({ provenance, data }: FactOf<"metric">): boolean {
  const { summary, isAlarm, isSymptom, explainsOnly, noDataSince, insideThreshold } = data;
  const plain =
    isAlarm !== true && isSymptom !== true && explainsOnly === undefined && noDataSince === undefined;
  return provenance === "metric" && plain && summary.direction === "none" && insideThreshold !== false;
}

function seriesText({ data }: FactOf<"metric">): string {
  const task = / of task [0-9a-f]{1,8}$/.exec(data.label)?.[0] ?? "";
  const name = metricName(data.label.slice(0, data.label.length - task.length));
  const unit = /^[A-Za-z%/ ]{1,12}$/.test(data.unit) ? ` ${data.unit}` : "";
  const statistic = TELLING.test(data.statistic) ? ` ${data.statistic}` : "";
  return `${name}${statistic}${task} ${amount(data.summary.current)}${unit}`;
}

/** Statistics by which two series of one metric differ. */
const TELLING = /^(?:Maximum|Minimum|p\d{1,3}(?:\.\d{1,2})?)$/;

function isWell({ data }: FactOf<"running-task">): boolean {
  return data.lastStatus === "RUNNING" && data.health !== "UNHEALTHY" && data.ageSeconds !== undefined;
}

function taskText({ data }: FactOf<"running-task">): string {
  const health = data.health === "HEALTHY" ? ", HEALTHY" : "";
  return `${data.taskId.slice(0, 8)} of ${revisionOf(data.taskDefinition)}, ${span(data.ageSeconds ?? 0)} old${health}`;
}

/** What stands before the folded facts of a kind. */
export const FOLDED: Readonly<Partial<Record<Fact["kind"], string>>> = {
  metric: "Series that have not changed [metric]",
  "running-task": "Tasks that run [control-plane]",
};
