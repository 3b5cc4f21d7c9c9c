/**
 * Further evidence that a model may request after its first look. The requests are a closed list; names, dimensions,
 * groups and windows come from the alert, the service and this file.
 */

import { createLogDigest, createPatternTrace } from "../../packages/log-templates/index.ts";
import { summarizeSeries } from "../../packages/signals/index.ts";
import type { Fact, FactOf, Gap, MetricRole, TaskRole } from "../domain/evidence.ts";
import { textFor } from "../domain/exit.ts";
import { readAlertedAlarm } from "./alerted-alarm.ts";
import { withinBounds } from "./bounds.ts";
import { logFacts, logWindow } from "./facts/log-facts.ts";
import { withRedactedTexts } from "./facts/redacted-fact.ts";
import { createLogLines, type LogLines } from "./log-lines.ts";
import { planSeries } from "./metric-series.ts";
import { mergePoints } from "./paired-series.ts";
import type { Window } from "./ports.ts";
import { type EvidenceContext, type FactDraft, readSource } from "./source.ts";
import { withAlternates } from "./target-group-pairs.ts";
import { amount, clock } from "./times.ts";
import { watchedBy } from "./watched-metric.ts";

export type MoreRequest =
  | { readonly read: "log-pattern"; readonly pattern: FactOf<"log-pattern"> }
  | { readonly read: "metric"; readonly role: ServiceRole; readonly window: MetricSpan }
  | { readonly read: "older-window"; readonly minutes: 15 | 30 | 60 };

/** Series of the whole service. Series of single tasks are in the first evidence, and restarts are planned by them. */
export type ServiceRole = Exclude<MetricRole, TaskRole>;
export type MetricSpan = "3h" | "24h" | "same-hour-yesterday";

/** The result of further reads: facts with the ids that follow, and gaps. */
export interface More {
  readonly facts: readonly Fact[];
  readonly gaps: readonly Gap[];
}

const MOST_OLDER_PATTERNS = 6;
const HOUR = 3_600_000;

/**
 * Reads all requests in parallel, each within a source's time limit. Never throws. `known` facts are collected
 * already.
 */
export async function readMore(
  context: EvidenceContext,
  requests: readonly MoreRequest[],
  known: number,
): Promise<More> {
  const answers = await Promise.all(
    requests.map((request) =>
      readSource(`more-${request.read}`, false, context.timing.sourceTimeoutSeconds, ({ signal }) =>
        answer(context, request, signal),
      ),
    ),
  );
  const gaps = answers.flatMap((one) => one.gaps);
  const bounded = withinBounds(answers.flatMap((one) => one.value ?? []));
  requests.forEach((request, index) => {
    if (answers[index]?.value?.length === 0) gaps.push(nothing(request));
  });
  return {
    facts: bounded.facts.map((draft, index) => withRedactedTexts({ ...draft, id: `E${known + index + 1}` })),
    gaps: [...gaps, ...bounded.gaps].map((gap) => ({ ...gap, message: textFor("store", gap.message) })),
  };
}

function nothing(request: MoreRequest): Gap {
  return {
    source: `more-${request.read}`,
    code: "empty",
    message: "What was asked for in addition has no data.",
    important: false,
  };
}

function answer(context: EvidenceContext, request: MoreRequest, signal: AbortSignal): Promise<FactDraft[]> {
  switch (request.read) {
    case "log-pattern":
      return tracePattern(context, request.pattern, signal);
    case "metric":
      return longerSeries(context, request, signal);
    case "older-window":
      return olderLogs(context, request.minutes, signal);
  }
}

async function linesOf(context: EvidenceContext, signal: AbortSignal): Promise<LogLines> {
  const { ecs } = context.readers;
  const [service, tasks] = await Promise.all([
    ecs.service(context.target, { signal }),
    ecs.tasks(context.target, { signal }),
  ]);
  const definition = service && (await ecs.taskDefinition(service.taskDefinition, { signal }));
  return createLogLines(context, { service, definition, tasks });
}

async function tracePattern(
  context: EvidenceContext,
  { id, data }: FactOf<"log-pattern">,
  signal: AbortSignal,
): Promise<FactDraft[]> {
  const trace = createPatternTrace(data);
  const lines = await linesOf(context, signal);
  for await (const page of lines.pages(logWindow(context), signal)) trace.add(page);
  const { perMinute, before } = trace.finish();
  const [first] = perMinute;
  if (first === undefined) return [];
  const counts = perMinute.map(({ count }) => count).join(" ");
  const neighbours = before.map(({ template, count }) => `${template} (${count} times)`).join("; ");
  return [
    {
      kind: "log-pattern",
      provenance: "log",
      at: data.lastAt,
      statement: `${id} by minute from ${clock(first.at)}: ${counts}. Just before it in its streams: ${neighbours === "" ? "nothing else" : neighbours}.`,
      data,
    },
  ];
}

async function olderLogs(
  context: EvidenceContext,
  minutes: number,
  signal: AbortSignal,
): Promise<FactDraft[]> {
  const to = logWindow(context).from;
  const window = { from: to - minutes * 60_000, to };
  const digest = createLogDigest({ onset: to, lastLines: 0 });
  const lines = await linesOf(context, signal);
  for await (const page of lines.pages(window, signal)) digest.add(page);
  return logFacts(digest.finish(), to, lines.ownerOf)
    .slice(0, MOST_OLDER_PATTERNS)
    .map((draft) => ({
      ...draft,
      statement: `In the ${minutes} min before the first window: ${draft.statement}`,
    }));
}

/** Series of other hours have provenance `memory`: they show what is usual, and can never justify an action. */
async function longerSeries(
  context: EvidenceContext,
  { role, window }: Extract<MoreRequest, { read: "metric" }>,
  signal: AbortSignal,
): Promise<FactDraft[]> {
  const { readers, target } = context;
  const service = await readers.ecs.service(target, { signal });
  const read = service ? await readers.loadBalancers.targetGroups(service.targetGroupArns, { signal }) : [];
  const groups = withAlternates(read, service?.alternateGroups);
  const { alarm: own } = context.alert;
  const alarm = own && (await readAlertedAlarm(own, readers.alarms, { signal }));
  const planned = planSeries(context, groups, [], watchedBy(alarm)).filter((series) =>
    role === "alarm" ? series.isAlarm === true : series.role === role,
  );
  const span = spanOf(window, context.now);
  const period = Math.max(context.timing.metricPeriodSeconds, window === "24h" ? 300 : 60);
  const answers = await readers.metrics.series(
    planned
      .flatMap(({ query, also = [] }) => [query, ...also])
      .map((query) => ({ ...query, metric: { ...query.metric, periodSeconds: period } })),
    span,
    { signal },
  );
  return planned.flatMap((series): FactDraft[] => {
    const both = [series.query, ...(series.also ?? [])].map(({ id }) => answers.get(id) ?? []);
    const points = mergePoints(series.role, both);
    const summary = summarizeSeries(points, { periodSeconds: period });
    if (summary === undefined) return [];
    const unit = series.unit === "" ? "" : ` ${series.unit}`;
    const change =
      summary.onset === undefined
        ? "no lasting change"
        : `went ${summary.direction} at ${summary.onset} (${summary.shape})`;
    return [
      {
        kind: "metric",
        provenance: "memory",
        statement: `${series.label} (${series.query.metric.statistic}, ${role}) ${TOLD[window]}: usually ${amount(summary.baseline)}, at its end ${amount(summary.current)}, from ${amount(summary.min)} to ${amount(summary.max)}${unit}; ${change}.`,
        data: {
          role: series.role,
          label: series.label,
          unit: series.unit,
          statistic: series.query.metric.statistic,
          periodSeconds: period,
          summary,
          points: [],
        },
      },
    ];
  });
}

const TOLD: Readonly<Record<MetricSpan, string>> = {
  "3h": "over the last 3 h",
  "24h": "over the last 24 h",
  "same-hour-yesterday": "in the same hour yesterday",
};

function spanOf(window: MetricSpan, now: number): Window {
  const to = Math.floor(now / 60_000) * 60_000;
  switch (window) {
    case "3h":
      return { from: to - 3 * HOUR, to };
    case "24h":
      return { from: to - 24 * HOUR, to };
    case "same-hour-yesterday":
      return { from: to - 25 * HOUR, to: to - 24 * HOUR };
  }
}
