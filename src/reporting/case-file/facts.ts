/** Evidence without names. Every field of a fact is named here, so that none gets into a case file unseen. */
import type { Evidence, Fact, FactOf } from "../../domain/evidence.ts";
import { defined, maybe, type Pen, reference } from "./anonymiser.ts";
import { caseChange } from "./definition-changes.ts";

/** The pack under pseudonyms. The last log lines are raw words of the application: only kept when asked for. */
export function caseEvidence(evidence: Evidence, pen: Pen, keepLogs: boolean): Evidence {
  const { text, template } = pen.prose;
  const { observedAt, onset, changeSources } = evidence;
  return {
    observedAt,
    onset,
    facts: evidence.facts.map((fact) => caseFact(fact, pen)),
    gaps: evidence.gaps.map(({ source, code, message, remedy, important }) => ({
      // Closed lists of OpsAgent's, which guardrails compare with.
      source: ours(source, pen),
      code: ours(code, pen),
      message: text(message),
      ...defined({ remedy: maybe(remedy, text) }),
      important,
    })),
    ...defined({ changeSources }),
    lastLines: keepLogs ? evidence.lastLines.map(template) : [],
  };
}

function ours(word: string, { prose }: Pen): string {
  return /^[a-z0-9-]{1,40}$/.test(word) ? word : prose.text(word);
}

function caseFact(fact: Fact, pen: Pen): Fact {
  const { id, provenance, at, statement } = fact;
  // The data first: it says of what kind the names in the statement are.
  const told = kindAndData(fact, pen);
  const { text, template } = pen.prose;
  const words = fact.kind === "log-pattern" ? template(statement) : text(statement);
  return { id, provenance, ...defined({ at }), statement: words, ...told };
}

type KindAndData = { [K in Fact["kind"]]: Pick<FactOf<K>, "kind" | "data"> }[Fact["kind"]];

function kindAndData(fact: Fact, pen: Pen): KindAndData {
  const { kind, data } = fact;
  switch (kind) {
    case "service":
      return { kind, data: serviceData(data, pen) };
    case "deployment":
      return { kind, data: deploymentData(data, pen) };
    case "finished-deployment":
      return { kind, data: finishedData(data, pen) };
    case "task-definition-diff":
      return { kind, data: diffData(data, pen) };
    case "change":
      return { kind, data: changeData(data, pen) };
    case "service-event":
      return { kind, data: { class: data.class, message: pen.prose.text(data.message), count: data.count } };
    case "running-task":
      return { kind, data: runningData(data, pen) };
    case "stopped-tasks":
      return { kind, data: stoppedData(data, pen) };
    case "metric":
      return { kind, data: metricData(data, pen) };
    case "target-health":
      return { kind, data: targetData(data, pen) };
    case "scaling-limits":
      return { kind, data: { min: data.min, max: data.max, suspended: data.suspended } };
    case "scaling-activity": {
      const { text } = pen.prose;
      const { description, cause, status } = data;
      return { kind, data: { description: text(description), cause: text(cause), status: text(status) } };
    }
    case "alarm":
      return { kind, data: alarmData(data, pen) };
    case "log-pattern":
      return { kind, data: patternData(data, pen) };
    case "past-incident":
      return { kind, data: pastData(data, pen) };
  }
}

type DataOf<K extends Fact["kind"]> = FactOf<K>["data"];

function serviceData(data: DataOf<"service">, pen: Pen): DataOf<"service"> {
  const { desired, running, pending } = data;
  const { minimumHealthyPercent, maximumPercent, healthCheckGraceSeconds, circuitBreakerRollback } = data;
  return {
    status: pen.prose.text(data.status),
    desired,
    running,
    pending,
    taskDefinition: reference(data.taskDefinition, "definition", pen),
    controller: pen.prose.text(data.controller),
    ...defined({ minimumHealthyPercent, maximumPercent, healthCheckGraceSeconds, circuitBreakerRollback }),
  };
}

function deploymentData(data: DataOf<"deployment">, pen: Pen): DataOf<"deployment"> {
  const { text, arn } = pen.prose;
  const { desired, running, failedTasks, inProgress, createdAt, secondsBeforeOnset } = data;
  const { forced, imageChanged, rollingBack } = data;
  return {
    id: reference(data.id, "id", pen),
    status: text(data.status),
    taskDefinition: reference(data.taskDefinition, "definition", pen),
    desired,
    running,
    failedTasks,
    inProgress,
    ...defined({
      rolloutState: maybe(data.rolloutState, text),
      rolloutReason: maybe(data.rolloutReason, text),
      createdAt,
      secondsBeforeOnset,
      replaced: maybe(data.replaced, (value) => reference(value, "definition", pen)),
      forced,
      imageChanged,
      arn: maybe(data.arn, arn),
      historyStatus: maybe(data.historyStatus, text),
      rollingBack,
    }),
  };
}

function finishedData(data: DataOf<"finished-deployment">, pen: Pen): DataOf<"finished-deployment"> {
  const { text } = pen.prose;
  const { forced, imageChanged, startedAt, finishedAt, failedTasks, circuitBreakerTriggered } = data;
  const definition = (value: string) => reference(value, "definition", pen);
  return {
    id: reference(data.id, "id", pen),
    status: text(data.status),
    taskDefinition: definition(data.taskDefinition),
    failedTasks,
    circuitBreakerTriggered,
    ...defined({
      reason: maybe(data.reason, text),
      replaced: maybe(data.replaced, definition),
      forced,
      imageChanged,
      startedAt,
      finishedAt,
      rolledBackTo: maybe(data.rolledBackTo, definition),
      secondsBeforeOnset: data.secondsBeforeOnset,
    }),
  };
}

function diffData(data: DataOf<"task-definition-diff">, pen: Pen): DataOf<"task-definition-diff"> {
  const { base, deployedAt, secondsBeforeOnset } = data;
  return {
    from: reference(data.from, "definition", pen),
    to: reference(data.to, "definition", pen),
    changes: data.changes.map((change) => caseChange(change, pen)),
    ...defined({ base, fromStatus: maybe(data.fromStatus, pen.prose.text), deployedAt, secondsBeforeOnset }),
  };
}

/** Names of AWS's calls and of their parameters; nobody else chooses them. */
const AWS_WORD = /^[A-Za-z][A-Za-z0-9.-]{0,60}$/;

function changeData(data: DataOf<"change">, pen: Pen): DataOf<"change"> {
  const { names } = pen;
  const aws = (word: string) => {
    if (!AWS_WORD.test(word)) return names.of("name", word);
    names.keep(word);
    return word;
  };
  const resource = (value: string) => reference(value, "resource", pen);
  return {
    event: aws(data.event),
    service: aws(data.service),
    area: data.area,
    who: names.of("person", data.who),
    resources: data.resources.map(resource),
    parameters: Object.fromEntries(
      Object.entries(data.parameters).map(([name, value]) => [
        aws(name),
        /^(?:\d{1,7}|true|false)$/.test(value) ? value : resource(value),
      ]),
    ),
    aboutService: data.aboutService,
    secondsBeforeOnset: data.secondsBeforeOnset,
  };
}

function runningData(data: DataOf<"running-task">, pen: Pen): DataOf<"running-task"> {
  const { startedAt, ageSeconds } = data;
  return {
    taskArn: reference(data.taskArn, "task", pen),
    taskId: pen.names.of("task", data.taskId),
    lastStatus: pen.prose.text(data.lastStatus),
    taskDefinition: reference(data.taskDefinition, "definition", pen),
    ...defined({ health: maybe(data.health, pen.prose.text), startedAt, ageSeconds }),
  };
}

function stoppedData(data: DataOf<"stopped-tasks">, pen: Pen): DataOf<"stopped-tasks"> {
  const { text } = pen.prose;
  const { firstAt, lastAt, medianLifeSeconds } = data;
  return {
    class: data.class,
    count: data.count,
    taskIds: data.taskIds.map((id) => pen.names.of("task", id)),
    taskDefinition: reference(data.taskDefinition, "definition", pen),
    containers: data.containers.map(({ name, exitCode, reason }) => ({
      name: pen.names.of("container", name),
      ...defined({ exitCode, reason: maybe(reason, text) }),
    })),
    ...defined({
      stopCode: maybe(data.stopCode, text),
      stoppedReason: maybe(data.stoppedReason, text),
      firstAt,
      lastAt,
      medianLifeSeconds,
    }),
  };
}

function metricData(data: DataOf<"metric">, pen: Pen): DataOf<"metric"> {
  const { role, periodSeconds, isAlarm, noDataSince, threshold, insideThreshold, summary, points } = data;
  return {
    role,
    label: metricName(data.label, pen),
    unit: data.unit,
    statistic: pen.prose.text(data.statistic),
    periodSeconds,
    summary,
    points,
    ...defined({
      taskId: maybe(data.taskId, (id) => pen.names.of("task", id)),
      isAlarm,
      noDataSince,
      threshold,
      insideThreshold,
    }),
  };
}

/** A metric of AWS is called what it is; of another one the technical words stay. */
export function metricName(label: string, pen: Pen): string {
  const [, own = label, task = ""] = /^(.*?)( of task .*)?$/s.exec(label) ?? [];
  const plain = pen.prose.text(own);
  if (plain === own) return own + pen.prose.text(task);
  const told = pen.prose.setting(own);
  pen.names.alias(own, told);
  return told + pen.prose.text(task);
}

function targetData(data: DataOf<"target-health">, pen: Pen): DataOf<"target-health"> {
  const { text, path } = pen.prose;
  return {
    state: text(data.state),
    targetGroup: path(data.targetGroup, "target-group"),
    target: text(data.target),
    ...defined({
      reason: maybe(data.reason, text),
      description: maybe(data.description, text),
      taskId: maybe(data.taskId, (id) => pen.names.of("task", id)),
    }),
  };
}

function alarmData(data: DataOf<"alarm">, pen: Pen): DataOf<"alarm"> {
  const { stateSince, recentAlarms, recentTransitions, flapping, other } = data;
  return {
    name: pen.names.of("alarm", data.name),
    state: pen.prose.text(data.state),
    ...defined({
      reason: maybe(data.reason, pen.prose.text),
      stateSince,
      recentAlarms,
      recentTransitions,
      flapping,
      other,
    }),
  };
}

function patternData(data: DataOf<"log-pattern">, pen: Pen): DataOf<"log-pattern"> {
  const { level, count, firstAt, lastAt, newSinceOnset, signal } = data;
  const template = pen.prose.template(data.template);
  return { level, template, count, firstAt, lastAt, newSinceOnset, ...defined({ signal }) };
}

function pastData(data: DataOf<"past-incident">, pen: Pen): DataOf<"past-incident"> {
  const { text } = pen.prose;
  const { closedAt, agoSeconds, sameAlarm } = data;
  return {
    incidentId: pen.names.of("incident", data.incidentId),
    cause: text(data.cause),
    action: text(data.action),
    outcome: text(data.outcome),
    ...defined({ closedAt, agoSeconds, sameAlarm }),
  };
}
