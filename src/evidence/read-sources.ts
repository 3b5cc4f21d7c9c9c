/**
 * Reads all sources: first whether the service exists, since anybody can name one that does not, and it is worth one read
 * only. Then in two waves: those that need only the alarm, then those that need the service's description. Within a wave
 * they run in parallel, each with its own time limit; a failure becomes a gap.
 */
import { alarmsInRule } from "../domain/alarm-rule.ts";
import type { ChangeSource, Gap } from "../domain/evidence.ts";
import type { ActionLogReading, AlarmReading, Point } from "../domain/reading.ts";
import { readAlertedAlarm } from "./alerted-alarm.ts";
import { clusterArnOf } from "./facts/action-log-facts.ts";
import { readComparison } from "./facts/change-facts.ts";
import { changeLogWindow, namesOf } from "./facts/change-log-facts.ts";
import { hostFacts, hostsOf } from "./facts/host-facts.ts";
import { readLogs } from "./facts/log-facts.ts";
import { metricFacts, metricSeries, metricWindow, onsetOf } from "./facts/metric-facts.ts";
import { unknownWords } from "./facts/service-shape-facts.ts";
import { targetFacts } from "./facts/target-facts.ts";
import {
  countsNoRequests,
  emptyLogs,
  missingDeployments,
  missingService,
  missingTargetGroups,
  missingTimes,
  noMetrics,
  unlistedTasks,
} from "./gaps.ts";
import { createLastWords } from "./last-words.ts";
import { createLogLines } from "./log-lines.ts";
import { readHistory } from "./metric-history.ts";
import type { ActionLogReader } from "./ports.ts";
import { type EvidenceContext, readOptional, readSource, type SourceResult } from "./source.ts";
import { withAlternates } from "./target-group-pairs.ts";
import { ALARM_QUERY, queriesOf, watchedBy } from "./watched-metric.ts";

type Reading = { readonly signal: AbortSignal };

/** CloudTrail is slow and only adds to what ECS reports, so it gets less time. Seconds. */
const CHANGE_LOG_SECONDS = 8;

/** The logs wait for the onset, and so for the metrics' history, which only adds to what the metrics say. Seconds. */
const HISTORY_SECONDS = 5;

/** Returns the readings, a failed one is undefined; without any, only `missing`, for a service that does not exist. */
export async function readSources(context: EvidenceContext) {
  const { readers, target, timing, alert } = context;
  const gaps: Gap[] = [];
  const keep = async <T>(result: Promise<SourceResult<T>>): Promise<T | undefined> => {
    const { value, gaps: found } = await result;
    gaps.push(...found);
    return value;
  };
  const read = <T>(source: string, important: boolean, run: (options: Reading) => Promise<T>) =>
    keep(readSource(source, important, timing.sourceTimeoutSeconds, run));
  const optional = <T>(
    source: string,
    run: ((options: Reading) => Promise<T>) | undefined,
    seconds: number = timing.sourceTimeoutSeconds,
  ) => keep(readOptional(source, Math.min(seconds, timing.sourceTimeoutSeconds), run));
  const {
    deploymentHistory,
    firingAlarms,
    changeLog,
    actionLogs,
    pastIncidents,
    hosts: hostReader,
  } = readers;

  const service = await read("service", true, async (options) => ({
    found: await readers.ecs.service(target, { ...options, tags: true }),
  }));
  if (service !== undefined && service.found === undefined) {
    return { missing: missingService(context) };
  }

  // The second wave does not need these, but the comparison needs the first of them.
  const history = optional(
    "deployment-history",
    deploymentHistory && ((options) => deploymentHistory.deployments(target, options)),
  );
  const firing = optional("other-alarms", firingAlarms && ((options) => firingAlarms.firing(options)));
  const serviceArn = service?.found?.arn;
  const actions = optional(
    "action-logs",
    actionLogs && serviceArn !== undefined
      ? async (options) => readActionLogs(actionLogs, serviceArn, context, options)
      : undefined,
  );
  const past = optional("memory", pastIncidents && (() => pastIncidents.recent(target)));

  const [tasks, limits, activities, alarm, transitions] = await Promise.all([
    read("tasks", true, (options) => readers.ecs.tasks(target, options)),
    read("scaling", false, (options) => readers.scaling.limits(target, options)),
    read("scaling-activities", false, (options) => readers.scaling.activities(target, options)),
    read("alarm", false, async (options) =>
      alert.alarm ? await readAlertedAlarm(alert.alarm, readers.alarms, options) : undefined,
    ),
    read("alarm-history", false, async (options) =>
      alert.alarm
        ? await readers.alarms.transitions(alert.alarm.name, metricWindow(context), {
            ...options,
            contributor: alert.alarm.contributor?.id,
          })
        : [],
    ),
  ]);
  const rule = alarm?.rule;
  const parts =
    rule === undefined ? [] : await read("alarm-parts", false, (o) => readParts(rule, context, o));
  // A composite alarm has no metric: its parts that fire have.
  const firingPart = parts?.find((part) => part.state === "ALARM" && watchedBy(part) !== undefined);
  const watched = rule === undefined ? alarm : firingPart;
  const described = service?.found;
  if ((described?.running ?? 0) > 0 && tasks?.running.length === 0) gaps.push(unlistedTasks());
  gaps.push(...missingTimes([...(tasks?.running ?? []), ...(tasks?.stopped ?? [])]));
  const running = tasks?.running ?? [];
  const groupArns = described?.targetGroupArns ?? [];
  const hostArns = hostsOf(running);
  const hosts = optional(
    "hosts",
    hostReader && hostArns.length > 0 ? (options) => hostReader.hosts(target, hostArns, options) : undefined,
  );

  const definition = read("task-definition", false, async (options) =>
    described
      ? await readers.ecs.taskDefinition(described.taskDefinition, { ...options, tags: true })
      : undefined,
  );
  const groups = read("target-groups", groupArns.length > 0, async (options) =>
    described
      ? withAlternates(
          await readers.loadBalancers.targetGroups(groupArns, options),
          described.alternateGroups,
        )
      : [],
  );
  const names = definition.then((known) =>
    namesOf(target.service, described?.taskDefinition, known, groupArns),
  );
  const logLines = definition.then((known) =>
    createLogLines(context, { service: described, definition: known, tasks }),
  );
  const lastWords = logLines.then(({ ownerOf }) => createLastWords(tasks?.stopped ?? [], ownerOf));
  const computed = read("alarm-metric", false, (options) => readMath(watched, context, options));
  const measured = Promise.all([groups, computed])
    .then(([known = [], math = new Map()]) =>
      read("metrics", true, (options) =>
        metricSeries(context, known, running, watched, math, options.signal),
      ),
    )
    .then(async (told) => {
      if (told === undefined) return undefined;
      const before = await optional(
        "metric-history",
        (options) => readHistory(context, told.series, options.signal),
        HISTORY_SECONDS,
      );
      return metricFacts(told, before ?? new Map());
    });
  const [metrics, targets, comparison, logs, changes] = await Promise.all([
    measured,
    Promise.all([groups, definition]).then(([known = [], defined]) =>
      read("target-health", known.length > 0, async (options) => {
        const facts = known.map(async (group) =>
          targetFacts(group, await readers.loadBalancers.targetHealth(group.arn, options), running, defined),
        );
        return (await Promise.all(facts)).flat();
      }),
    ),
    Promise.all([definition, history]).then(([known, deployed = []]) =>
      read("changes", false, async (options) =>
        known && described
          ? await readComparison(readers.ecs, known, described, deployed, options)
          : undefined,
      ),
    ),
    // The metrics give the onset, which decides from when on log lines are read.
    Promise.all([logLines, lastWords, measured]).then(([lines, words, series = []]) =>
      read("logs", false, (options) => {
        const onset = Date.parse(onsetOf(series, context.alert.firedAt));
        return readLogs(context, lines, onset, options.signal, words.add);
      }),
    ),
    names.then(({ service: name, family }) =>
      optional(
        "change-log",
        changeLog &&
          ((options) =>
            changeLog.changes(
              family === undefined ? [name] : [name, family],
              changeLogWindow(context),
              options,
            )),
        CHANGE_LOG_SECONDS,
      ),
    ),
  ]);
  const lines = await logLines;
  gaps.push(...lines.gaps());
  if (logs?.totals.lines === 0 && lines.places.length > 0) gaps.push(emptyLogs(lines.places));
  if (metrics?.length === 0) gaps.push(noMetrics());
  const knownGroups = await groups;
  gaps.push(...countsNoRequests(knownGroups ?? []));
  if (knownGroups !== undefined && knownGroups.length < groupArns.length) {
    gaps.push(missingTargetGroups(groupArns.length - knownGroups.length));
  }
  const [deployed, firingNow, earlier, decisions] = await Promise.all([history, firing, past, actions]);
  if (described !== undefined)
    gaps.push(...missingDeployments(described), ...unknownWords(described, deployed ?? []));
  const looked: readonly (readonly [ChangeSource, boolean])[] = [
    ["ecs", described !== undefined],
    ["deployment-history", deployed !== undefined],
    ["autoscaling", activities !== undefined],
    ["cloudtrail", changes !== undefined],
  ];
  return {
    missing: undefined,
    service: described,
    definition: await definition,
    running,
    stopped: tasks?.stopped ?? [],
    limits,
    activities,
    alarm,
    parts: parts ?? [],
    transitions,
    comparison,
    definitions: [await definition, comparison?.before].filter((one) => one !== undefined),
    metrics,
    targets,
    logs,
    logOwner: lines.ownerOf,
    lastWords: (await lastWords).facts(),
    logPlaces: lines.places,
    changes,
    names: await names,
    hosts: hostFacts(await hosts, hostArns, running),
    groups: knownGroups ?? [],
    history: deployed ?? [],
    firing: firingNow ?? [],
    past: earlier ?? [],
    actions: decisions ?? [],
    changeSources: looked.flatMap(([source, read]) => (read ? [source] : [])),
    gaps,
  };
}

/** Action Logs are read back as far as CloudTrail: stopped tasks beyond the hour that ECS remembers are in them. */
async function readActionLogs(
  reader: ActionLogReader,
  serviceArn: string,
  context: EvidenceContext,
  options: Reading,
): Promise<readonly ActionLogReading[]> {
  const clusterArn = clusterArnOf(serviceArn, context.target.cluster);
  const group = (await reader.destination(clusterArn, options))?.group;
  return group === undefined ? [] : reader.entries(group, context.target, changeLogWindow(context), options);
}

/** The most parts of a composite alarm that are read; AWS allows 100. */
const MOST_PARTS = 10;

async function readParts(
  rule: string,
  { readers }: EvidenceContext,
  options: Reading,
): Promise<AlarmReading[]> {
  const names = [...new Set(alarmsInRule(rule))].slice(0, MOST_PARTS);
  const parts = await Promise.all(names.map((name) => readers.alarms.alarm(name, options)));
  return parts.flatMap((part) => part ?? []);
}

/** Reads an alarm's metric math and anomaly band by its own queries; nothing for an alarm on a plain series. */
async function readMath(
  alarm: AlarmReading | undefined,
  context: EvidenceContext,
  options: Reading,
): Promise<ReadonlyMap<string, readonly Point[]>> {
  const watched = watchedBy(alarm);
  const queries = watched === undefined ? [] : queriesOf(watched, ALARM_QUERY);
  const computed = queries.filter(({ math }) => math !== undefined);
  if (computed.length === 0) return new Map();
  return context.readers.metrics.series(computed, metricWindow(context), options);
}
