import { alarmMetricOf, type Evidence, factsOf } from "../../domain/evidence.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { plural } from "../../domain/plural.ts";
import {
  between,
  formatDollars,
  formatDuration,
  formatMeasure,
  formatNumber,
  formatTime,
} from "../text/format.ts";
import { sparkline } from "../text/sparkline.ts";
import { modelFailureText } from "../text/summary.ts";
import { slackValue } from "./slack-text.ts";

type Pair = readonly [name: string, value: string];

/** The numbers a person looks for first: where, since when, how bad, how many tasks, what was deployed when. */
export function summaryFields(incident: Incident): Pair[] {
  const { alert, evidence } = incident;
  const target = incident.target ?? alert.target;
  const where = target ? `${target.cluster} / ${target.service}` : (alert.targetProblem ?? "unknown");
  return [
    ["Alarm", slackValue(alert.alarm?.name ?? alert.title, 200)],
    ["Since", slackValue(since(incident), 120)],
    ["Impact", impact(incident)],
    ["Cluster / service", slackValue(where, 300)],
    ...(evidence ? tasksAndDeployment(evidence, incident.openedAt) : []),
  ];
}

function since(incident: Incident): string {
  const start = incident.evidence?.onset ?? incident.alert.firedAt;
  const lasted = between(start, incident.closedAt);
  return lasted === undefined ? formatTime(start) : `${formatTime(start)} (${formatDuration(lasted)})`;
}

function impact({ alert, evidence }: Incident): string {
  const metric = evidence && (alarmMetricOf(evidence) ?? symptomOf(evidence))?.data;
  if (metric) {
    const threshold =
      metric.threshold === undefined ? "" : `, threshold ${formatMeasure(metric.threshold, metric.unit)}`;
    const values = `${formatMeasure(metric.summary.current, metric.unit)}${threshold}`;
    const trend = sparkline(metric.points.map(([, value]) => value));
    return `${slackValue(`${metric.label}: ${values}`, 250)}${trend ? `\n${trend}` : ""}`;
  }
  const { reported } = alert;
  const inAws = evidence && factsOf(evidence, "alarm").find(({ data }) => data.other !== true)?.data.reason;
  if (!reported) return slackValue(inAws ?? alert.title, 300);
  const { metric: name, value, threshold } = reported;
  const says = `${name}: ${formatNumber(value)}, threshold ${formatNumber(threshold)}`;
  return slackValue(`${says} (the message says so, not AWS)`, 250);
}

function symptomOf(evidence: Evidence) {
  return factsOf(evidence, "metric").find(({ data }) => data.isSymptom === true);
}

function tasksAndDeployment(evidence: Evidence, openedAt: string): Pair[] {
  const service = factsOf(evidence, "service")[0]?.data;
  const started = factsOf(evidence, "deployment").flatMap(({ data }) => data.createdAt ?? []);
  const age = between(started.sort().at(-1), openedAt);
  const pairs: Pair[] = [];
  if (service) pairs.push(["Tasks running / desired", `${service.running} / ${service.desired}`]);
  if (age !== undefined) pairs.push(["Last deployment", `${formatDuration(age)} before the alert`]);
  return pairs;
}

/** How this report came about: incident id, who diagnosed, tokens, cost, duration. */
export function contextParts(incident: Incident): string[] {
  const { model } = incident;
  const took = between(incident.openedAt, incident.closedAt);
  const parts = [`Incident ${slackValue(incident.id, 100)}`];
  if (model) {
    const tokens = `${model.inputTokens} in / ${model.outputTokens} out tokens`;
    const cost = model.costUsd === undefined ? "cost not told" : formatDollars(model.costUsd);
    parts.push(
      `diagnosed with ${slackValue(model.model, 80)} (${plural(model.calls, "call")}, ${tokens}, ${cost})`,
    );
  } else {
    parts.push(incident.diagnoser === "rules" ? "diagnosed by rules, no model" : "the model did not answer");
  }
  const failed = modelFailureText(incident);
  if (failed !== undefined) parts.push(slackValue(failed, 400));
  if (took !== undefined) parts.push(`took ${formatDuration(took)}`);
  return parts;
}
