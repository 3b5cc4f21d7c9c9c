/** Alert -> Evidence: everything a good on-call engineer would look at, each source on its own. */
import type { Evidence, Gap } from "../../domain/evidence.ts";
import type { TaskDefinitionReading } from "../../domain/reading.ts";
import { redact } from "../../domain/redaction/index.ts";
import { linesWithinBounds, withinBounds } from "./bounds.ts";
import { changeFacts } from "./change-facts.ts";
import { logFacts, logGroupsOf, readLogs } from "./log-facts.ts";
import { metricFacts, metricWindow, onsetOf } from "./metric-facts.ts";
import { deploymentFacts, eventFacts, serviceFact } from "./service-facts.ts";
import { withRedactedTexts } from "./redacted-fact.ts";
import { type FactDraft, type ObserveContext, readSource } from "./source.ts";
import { targetFacts } from "./target-facts.ts";
import { runningTaskFacts, stoppedTaskFacts } from "./task-facts.ts";

export type { ObserveContext, Readers } from "./source.ts";

/** Reads all sources, in parallel where they do not need one another. Never throws: a failure is a gap. */
export async function observe(context: ObserveContext): Promise<Evidence> {
  const { readers, target, timing, alert } = context;
  const read = <T>(
    source: string,
    important: boolean,
    run: (options: { signal: AbortSignal }) => Promise<T>,
  ) => readSource(source, important, timing.sourceTimeoutSeconds, run);

  const [service, tasks, scaling, activities, alarm, transitions] = await Promise.all([
    read("service", true, (options) => readers.ecs.service(target, options)),
    read("tasks", true, (options) => readers.ecs.tasks(target, options)),
    read("scaling", false, (options) => readers.scaling.limits(target, options)),
    read("scaling-activities", false, (options) => readers.scaling.activities(target, options)),
    read("alarm", false, async (options) =>
      alert.alarm ? await readers.alarms.alarm(alert.alarm.name, options) : undefined,
    ),
    read("alarm-history", false, async (options) =>
      alert.alarm ? await readers.alarms.transitions(alert.alarm.name, metricWindow(context), options) : [],
    ),
  ]);
  const gaps: Gap[] = [service, tasks, scaling, activities, alarm, transitions].flatMap((result) => [
    ...result.gaps,
  ]);
  if (service.gaps.length === 0 && service.value === undefined) gaps.push(missingService(context));
  if ((service.value?.running ?? 0) > 0 && tasks.value?.running.length === 0) gaps.push(unlistedTasks());
  const running = tasks.value?.running ?? [];
  const stopped = tasks.value?.stopped ?? [];

  const definition = read("task-definition", false, async (options) =>
    service.value ? await readers.ecs.taskDefinition(service.value.taskDefinition, options) : undefined,
  );
  const groups = read("target-groups", (service.value?.targetGroupArns.length ?? 0) > 0, async (options) =>
    service.value ? await readers.loadBalancers.targetGroups(service.value.targetGroupArns, options) : [],
  );
  const [metrics, targets, changes, logs] = await Promise.all([
    groups.then((known) =>
      read("metrics", true, (options) => metricFacts(context, known.value ?? [], running, options.signal)),
    ),
    groups.then((known) =>
      read("target-health", (known.value ?? []).length > 0, async (options) => {
        const facts = (known.value ?? []).map(async (group) =>
          targetFacts(group, await readers.loadBalancers.targetHealth(group.arn, options), running),
        );
        return (await Promise.all(facts)).flat();
      }),
    ),
    definition.then((known) =>
      read("changes", false, async (options) =>
        known.value ? await changeFacts(readers.ecs, known.value, options) : [],
      ),
    ),
    definition.then((known) =>
      read("logs", false, (options) => readLogs(context, logGroupsOf(known.value, context), options.signal)),
    ),
  ]);
  gaps.push(...(await definition).gaps, ...(await groups).gaps);
  gaps.push(...metrics.gaps, ...targets.gaps, ...changes.gaps, ...logs.gaps);
  if (logs.value !== undefined && logs.value.totals.lines === 0)
    gaps.push(emptyLogs(context, (await definition).value));
  if (metrics.value?.length === 0) gaps.push(noMetrics());
  const balanced = service.value?.targetGroupArns.length ?? 0;
  const described = (await groups).value;
  if (described !== undefined && described.length < balanced) {
    gaps.push(missingTargetGroups(balanced - described.length));
  }

  const onset = onsetOf(metrics.value ?? [], alert.firedAt);
  const since = metricWindow(context).from;
  const drafts: FactDraft[] = [
    ...(service.value
      ? [serviceFact(service.value), ...deploymentFacts(service.value, Date.parse(onset))]
      : []),
    ...(changes.value ?? []),
    ...stoppedTaskFacts(stopped, since),
    ...(metrics.value ?? []),
    ...(targets.value ?? []),
    ...runningTaskFacts(running, context.now),
    ...(service.value ? eventFacts(service.value, since) : []),
    ...alarmFacts(alarm.value, transitions.value),
    ...scalingFacts(scaling.value, activities.value, since),
    ...(logs.value ? logFacts(logs.value, Date.parse(onset)) : []),
  ];
  const bounded = withinBounds(drafts);
  gaps.push(...bounded.gaps);
  return {
    observedAt: new Date(context.now).toISOString(),
    onset,
    facts: bounded.facts.map((draft, index) => withRedactedTexts({ ...draft, id: `E${index + 1}` })),
    gaps: gaps.map((gap) => ({ ...gap, message: redact(gap.message) })),
    lastLines: linesWithinBounds(logs.value?.lastLines ?? []),
  };
}

function alarmFacts(
  alarm: Awaited<ReturnType<ObserveContext["readers"]["alarms"]["alarm"]>>,
  transitions: readonly { readonly to: string }[] | undefined,
): FactDraft[] {
  if (alarm === undefined) return [];
  const recent = transitions?.filter((transition) => transition.to === "ALARM").length;
  const often = recent !== undefined && recent > 1 ? `, ${recent} times in ALARM within the hour` : "";
  return [
    {
      kind: "alarm",
      provenance: "metric",
      ...(alarm.stateSince === undefined ? {} : { at: alarm.stateSince }),
      statement: `Alarm ${alarm.name} is ${alarm.state}${often}${alarm.reason ? `: ${alarm.reason.replace(/\.$/, "")}` : ""}.`,
      data: {
        name: alarm.name,
        state: alarm.state,
        ...(alarm.reason === undefined ? {} : { reason: alarm.reason }),
        ...(alarm.stateSince === undefined ? {} : { stateSince: alarm.stateSince }),
        ...(recent === undefined ? {} : { recentAlarms: recent }),
      },
    },
  ];
}

function scalingFacts(
  limits: Awaited<ReturnType<ObserveContext["readers"]["scaling"]["limits"]>>,
  activities: Awaited<ReturnType<ObserveContext["readers"]["scaling"]["activities"]>> | undefined,
  since: number,
): FactDraft[] {
  const facts: FactDraft[] = [];
  if (limits !== undefined) {
    facts.push({
      kind: "scaling-limits",
      provenance: "control-plane",
      statement: `Autoscaling keeps ${limits.min} to ${limits.max} tasks${limits.suspended ? ", suspended" : ""}.`,
      data: { min: limits.min, max: limits.max, suspended: limits.suspended },
    });
  }
  for (const activity of (activities ?? []).filter((one) => Date.parse(one.at) >= since).slice(0, 10)) {
    facts.push({
      kind: "scaling-activity",
      provenance: "control-plane",
      at: activity.at,
      statement: `Autoscaling (${activity.status}): ${activity.description}`,
      data: { description: activity.description, cause: activity.cause, status: activity.status },
    });
  }
  return facts;
}

function missingService({ target }: ObserveContext): Gap {
  return {
    source: "service",
    code: "service-not-found",
    message: `Service "${target.service}" does not exist in cluster "${target.cluster}".`,
    remedy:
      "Check the names in the alarm's dimensions, ECS_CLUSTER, and the region and account of the agent.",
    important: true,
  };
}

function emptyLogs(context: ObserveContext, definition: TaskDefinitionReading | undefined): Gap {
  const groups = logGroupsOf(definition, context).join(", ");
  return {
    source: "logs",
    code: "empty",
    message: `No log lines in ${groups} in the window.`,
    important: false,
  };
}

/** The service counts running tasks, but the list of them is empty: one of the two answers is wrong. */
function unlistedTasks(): Gap {
  return {
    source: "tasks",
    code: "empty",
    message: "ECS lists no running task, although the service counts some.",
    remedy: "Look at the service's tasks in the ECS console.",
    important: true,
  };
}

function missingTargetGroups(count: number): Gap {
  return {
    source: "target-groups",
    code: "empty",
    message: `${count} of the service's target groups could not be found.`,
    remedy: "Look at the load balancers of the service in the ECS console.",
    important: true,
  };
}

function noMetrics(): Gap {
  return {
    source: "metrics",
    code: "empty",
    message: "CloudWatch has no data for this service.",
    important: true,
  };
}
