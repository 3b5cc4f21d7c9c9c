/** Alert -> Evidence: what an on-call engineer would read, each source on its own. */
import type { Evidence, Gap } from "../domain/evidence.ts";
import { textFor } from "../domain/exit.ts";
import type { LogPlace } from "../domain/log-places.ts";
import { linesWithinBounds, withinBounds } from "./bounds.ts";
import { finishedDeploymentFacts } from "./deployment-history.ts";
import { actionLogFacts } from "./facts/action-log-facts.ts";
import { alarmFacts, otherAlarmFacts, partFacts } from "./facts/alarm-facts.ts";
import { diffFact } from "./facts/change-facts.ts";
import { changeLogFacts } from "./facts/change-log-facts.ts";
import { eventFacts } from "./facts/event-facts.ts";
import { logFacts } from "./facts/log-facts.ts";
import { metricWindow, onsetOf } from "./facts/metric-facts.ts";
import { pastIncidentFacts } from "./facts/past-incident-facts.ts";
import { withRedactedTexts } from "./facts/redacted-fact.ts";
import { scalingFacts } from "./facts/scaling-facts.ts";
import { deploymentFacts, serviceFact } from "./facts/service-facts.ts";
import { runningTaskFacts, stoppedTaskFacts } from "./facts/task-facts.ts";
import { triggerFacts } from "./facts/trigger-facts.ts";
import { readSources } from "./read-sources.ts";
import type { EvidenceContext, FactDraft } from "./source.ts";

export type { EvidenceContext, Readers } from "./source.ts";

const HOUR_MS = 3_600_000;

/** Reads all sources, in parallel where they do not depend on one another. Never throws: a failure becomes a gap. */
export async function collectEvidence(context: EvidenceContext): Promise<Evidence> {
  const { alert, target, timing } = context;
  const sources = await readSources(context);
  if (sources.missing !== undefined) return nothingOf(context, sources.missing);
  const { service, comparison, history, metrics = [], logs, changeSources } = sources;

  const onset = onsetOf(metrics, alert.firedAt);
  const began = Date.parse(onset);
  const since = metricWindow(context).from;
  const drafts: FactDraft[] = [
    ...(service
      ? [serviceFact(service, sources.definition), ...deploymentFacts(service, began, history)]
      : []),
    ...(comparison ? [diffFact(comparison, began)] : []),
    ...stoppedTaskFacts(sources.stopped, since, sources.definitions),
    ...metrics,
    ...(sources.targets ?? []),
    ...runningTaskFacts(sources.running, context.now, sources.definitions),
    ...sources.hosts,
    ...(service ? eventFacts(service, since) : []),
    ...alarmFacts(sources.alarm, target, sources.transitions, timing.metricWindowMinutes),
    ...partFacts(sources.parts),
    ...triggerFacts(alert, {
      target,
      alarm: sources.alarm,
      parts: sources.parts,
      alarmRead: !sources.gaps.some((gap) => gap.source === "alarm"),
      service,
      metrics,
      now: context.now,
    }),
    ...otherAlarmFacts(
      sources.firing.filter(({ name }) => !sources.parts.some((part) => part.name === name)),
      alert.alarm?.name,
      target,
      sources.groups,
    ),
    ...scalingFacts(sources.limits, sources.activities, since),
    ...(service ? finishedDeploymentFacts(service, history, began, Math.min(since, began - HOUR_MS)) : []),
    ...actionLogFacts(sources.actions),
    ...changeLogFacts(sources.changes ?? [], sources.names, began),
    ...(logs ? logFacts(logs, began, sources.logOwner) : []),
    ...sources.lastWords,
    ...pastIncidentFacts(sources.past, context),
  ];
  const bounded = withinBounds(drafts);
  const gaps = [...sources.gaps, ...bounded.gaps];
  return {
    observedAt: new Date(context.now).toISOString(),
    onset,
    facts: bounded.facts.map((draft, index) => withRedactedTexts({ ...draft, id: `E${index + 1}` })),
    gaps: gaps.map((gap) => ({ ...gap, message: textFor("store", gap.message) })),
    changeSources,
    logGroups: logGroupsOf(sources.logPlaces),
    lastLines: linesWithinBounds(logs?.lastLines ?? []),
  };
}

function logGroupsOf(places: readonly LogPlace[]): NonNullable<Evidence["logGroups"]> {
  return places.map(({ group, region }) => ({ name: group, ...(region === undefined ? {} : { region }) }));
}

/** The evidence on a service that does not exist. */
function nothingOf({ now, alert }: EvidenceContext, missing: Gap): Evidence {
  return {
    observedAt: new Date(now).toISOString(),
    onset: onsetOf([], alert.firedAt),
    facts: [],
    gaps: [{ ...missing, message: textFor("store", missing.message) }],
    changeSources: [],
    lastLines: [],
  };
}

/** Whether ECS said that there is no such service: nothing else was read then. */
export function isOfNoService({ gaps }: Evidence): boolean {
  return gaps.some(({ source, code }) => source === "service" && code === "service-not-found");
}
