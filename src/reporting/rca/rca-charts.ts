import { type FactOf, factsOf, type MetricRole } from "../../domain/evidence.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { reportedOutcome } from "../../notification/text/outcome.ts";
import { isTakenBack } from "../../notification/text/undone-text.ts";
import type { Chart, ChartMark } from "./rca-chart.ts";

const MAIN_ROLES: readonly MetricRole[] = [
  "memory",
  "cpu",
  "requests",
  "errors-5xx",
  "elb-5xx",
  "latency-p99",
  "unhealthy-hosts",
  "running-tasks",
];

/** The charts of an incident: the alarm's own metric first, then the main ones that are not the same series. */
export function chartsOf(incident: Incident): { alarm: Chart | undefined; main: Chart[] } {
  const metrics = incident.evidence ? factsOf(incident.evidence, "metric") : [];
  const marks = marksOf(incident);
  const alarm = metrics.find((fact) => fact.data.isAlarm);
  const main = MAIN_ROLES.flatMap((role) => metrics.find((fact) => fact.data.role === role) ?? [])
    .filter((fact) => !alarm || !isSameSeries(fact, alarm))
    .map((fact) => chartOf(fact, marks));
  return { alarm: alarm && withAftermath(chartOf(alarm, marks), incident), main };
}

function chartOf({ data }: FactOf<"metric">, marks: readonly ChartMark[]): Chart {
  const title = `${data.label} (${data.statistic})`;
  const threshold = data.threshold === undefined ? {} : { threshold: data.threshold };
  return { title, unit: data.unit, points: data.points, marks, ...threshold };
}

function isSameSeries(one: FactOf<"metric">, other: FactOf<"metric">): boolean {
  return one.data.label === other.data.label && one.data.statistic === other.data.statistic;
}

/** The moments that matter: onset, alert, each action, and the recovery or the last look without one. */
export function marksOf(incident: Incident): ChartMark[] {
  const recovered = reportedOutcome(incident).status === "resolved";
  const marks: ChartMark[] = [];
  const mark = (kind: ChartMark["kind"], label: string, iso: string | undefined) => {
    const at = Date.parse(iso ?? "");
    if (!Number.isNaN(at)) marks.push({ kind, label, at });
  };
  mark("onset", "onset", incident.evidence?.onset);
  mark("alert", "alert", incident.alert.receivedAt);
  for (const action of incident.actions) {
    if (action.outcome !== "nothing-changed") mark("action", action.action, action.steps[0]?.startedAt);
    if (isTakenBack(action)) mark("action", "taken back", action.undone?.at(-1)?.endedAt);
  }
  if (recovered) mark("recovery", "recovered", incident.verification?.endedAt);
  else mark("last-look", "not proven", incident.verification?.endedAt);
  return marks;
}

/** The alarm's own series goes on with what the verification saw of it; its last value alone where that is all. */
function withAftermath(chart: Chart, { verification, actions }: Incident): Chart {
  const newest = chart.points.at(-1)?.[0] ?? 0;
  const seen = [...actions.map((action) => action.verification), verification].flatMap(
    (each) => each?.metricPoints ?? [],
  );
  const later = [...new Map(seen.filter(([at]) => at > newest))].toSorted(([one], [other]) => one - other);
  const points = [...chart.points, ...later];
  const isFinalSeen = (verification?.metricPoints ?? []).some(([at]) => at > newest);
  const at = Date.parse(verification?.endedAt ?? "");
  const value = verification?.metricAfter;
  return isFinalSeen || value === undefined || Number.isNaN(at)
    ? { ...chart, points }
    : { ...chart, points, after: [at, value] };
}
