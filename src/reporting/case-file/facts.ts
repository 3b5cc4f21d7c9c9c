/** Evidence under pseudonyms. Every field of a fact is listed here, so that none enters a case file unnoticed. */
import type { Evidence, Fact, FactOf } from "../../domain/evidence.ts";
import { type Anonymiser, defined, maybe, reference } from "./anonymiser.ts";
import { caseChange } from "./definition-changes.ts";
import { alarmData, differenceData, metricData } from "./metric-and-alarm-facts.ts";
import { hostData, progressOf, shapeOf } from "./shape-facts.ts";

/** Returns the evidence under pseudonyms. The last log lines are raw text of the application: kept only on request. */
export function caseEvidence(evidence: Evidence, anonymiser: Anonymiser, keepLogs: boolean): Evidence {
  const { text, template } = anonymiser.texts;
  const { observedAt, onset, changeSources } = evidence;
  return {
    observedAt,
    onset,
    facts: evidence.facts.map((fact) => caseFact(fact, anonymiser)),
    gaps: evidence.gaps.map(({ source, code, message, remedy, important }) => ({
      // Closed lists of OpsAgent, which guardrails compare with.
      source: ours(source, anonymiser),
      code: ours(code, anonymiser),
      message: text(message),
      ...defined({ remedy: maybe(remedy, text) }),
      important,
    })),
    ...defined({ changeSources }),
    lastLines: keepLogs ? evidence.lastLines.map(template) : [],
  };
}

function ours(word: string, { texts }: Anonymiser): string {
  return /^[a-z0-9-]{1,40}$/.test(word) ? word : texts.text(word);
}

function caseFact(fact: Fact, anonymiser: Anonymiser): Fact {
  const { id, provenance, at, statement } = fact;
  // The data first: it gives the kinds of the names in the statement.
  const anonymised = kindAndData(fact, anonymiser);
  const { text, template } = anonymiser.texts;
  const isLog = fact.kind === "log-pattern" || fact.kind === "last-words";
  const words = isLog ? template(statement) : text(statement);
  return { id, provenance, ...defined({ at }), statement: words, ...anonymised };
}

type KindAndData = { [K in Fact["kind"]]: Pick<FactOf<K>, "kind" | "data"> }[Fact["kind"]];

function kindAndData(fact: Fact, anonymiser: Anonymiser): KindAndData {
  const { kind, data } = fact;
  switch (kind) {
    case "service":
      return { kind, data: serviceData(data, anonymiser) };
    case "deployment":
      return { kind, data: deploymentData(data, anonymiser) };
    case "finished-deployment":
      return { kind, data: finishedData(data, anonymiser) };
    case "task-definition-diff":
      return { kind, data: diffData(data, anonymiser) };
    case "change":
      return { kind, data: changeData(data, anonymiser) };
    case "service-event":
      return {
        kind,
        data: { class: data.class, message: anonymiser.texts.text(data.message), count: data.count },
      };
    case "host":
      return { kind, data: hostData(data, anonymiser) };
    case "action-log":
      return {
        kind,
        data: {
          level: data.level,
          event: data.event,
          count: data.count,
          ...(data.reason === undefined ? {} : { reason: anonymiser.texts.text(data.reason) }),
        },
      };
    case "running-task":
      return { kind, data: runningData(data, anonymiser) };
    case "stopped-tasks":
      return { kind, data: stoppedData(data, anonymiser) };
    case "metric":
      return { kind, data: metricData(data, anonymiser) };
    case "target-health":
      return { kind, data: targetData(data, anonymiser) };
    case "scaling-limits":
      return { kind, data: { min: data.min, max: data.max, suspended: data.suspended } };
    case "scaling-activity": {
      const { text } = anonymiser.texts;
      const { description, cause, status } = data;
      return { kind, data: { description: text(description), cause: text(cause), status: text(status) } };
    }
    case "alarm":
      return { kind, data: alarmData(data, anonymiser) };
    case "trigger-difference":
      return { kind, data: differenceData(data, anonymiser) };
    case "log-pattern":
      return { kind, data: patternData(data, anonymiser) };
    case "last-words": {
      const { names, texts } = anonymiser;
      const container = maybe(data.container, (name) => names.of("container", name));
      return {
        kind,
        data: {
          taskId: names.of("task", data.taskId),
          ...defined({ container }),
          lines: data.lines.map(texts.template),
        },
      };
    }
    case "past-incident":
      return { kind, data: pastData(data, anonymiser) };
  }
}

type DataOf<K extends Fact["kind"]> = FactOf<K>["data"];

function serviceData(data: DataOf<"service">, anonymiser: Anonymiser): DataOf<"service"> {
  const { desired, running, pending } = data;
  const { minimumHealthyPercent, maximumPercent, healthCheckGraceSeconds, circuitBreakerRollback } = data;
  return {
    status: anonymiser.texts.text(data.status),
    desired,
    running,
    pending,
    taskDefinition: reference(data.taskDefinition, "definition", anonymiser),
    controller: anonymiser.texts.text(data.controller),
    ...defined({ minimumHealthyPercent, maximumPercent, healthCheckGraceSeconds, circuitBreakerRollback }),
    ...shapeOf(data, anonymiser),
  };
}

function deploymentData(data: DataOf<"deployment">, anonymiser: Anonymiser): DataOf<"deployment"> {
  const { text, arn } = anonymiser.texts;
  const { desired, running, failedTasks, inProgress, createdAt, secondsBeforeOnset } = data;
  const { forced, imageChanged, rollingBack } = data;
  return {
    id: reference(data.id, "id", anonymiser),
    status: text(data.status),
    taskDefinition: reference(data.taskDefinition, "definition", anonymiser),
    desired,
    running,
    failedTasks,
    inProgress,
    ...defined({
      rolloutState: maybe(data.rolloutState, text),
      rolloutReason: maybe(data.rolloutReason, text),
      createdAt,
      secondsBeforeOnset,
      replaced: maybe(data.replaced, (value) => reference(value, "definition", anonymiser)),
      forced,
      imageChanged,
      arn: maybe(data.arn, arn),
      historyStatus: maybe(data.historyStatus, text),
      rollingBack,
    }),
    ...progressOf(data, anonymiser),
  };
}

function finishedData(
  data: DataOf<"finished-deployment">,
  anonymiser: Anonymiser,
): DataOf<"finished-deployment"> {
  const { text } = anonymiser.texts;
  const { forced, imageChanged, startedAt, finishedAt, failedTasks, circuitBreakerTriggered } = data;
  const definition = (value: string) => reference(value, "definition", anonymiser);
  return {
    id: reference(data.id, "id", anonymiser),
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

function diffData(
  data: DataOf<"task-definition-diff">,
  anonymiser: Anonymiser,
): DataOf<"task-definition-diff"> {
  const { base, sameImages, deployedAt, secondsBeforeOnset } = data;
  return {
    from: reference(data.from, "definition", anonymiser),
    to: reference(data.to, "definition", anonymiser),
    changes: data.changes.map((change) => caseChange(change, anonymiser)),
    ...defined({
      base,
      sameImages,
      fromStatus: maybe(data.fromStatus, anonymiser.texts.text),
      deployedAt,
      secondsBeforeOnset,
    }),
  };
}

/** Names of AWS calls and parameters, which only AWS chooses. */
const AWS_WORD = /^[A-Za-z][A-Za-z0-9.-]{0,60}$/;

function changeData(data: DataOf<"change">, anonymiser: Anonymiser): DataOf<"change"> {
  const { names } = anonymiser;
  const aws = (word: string) => {
    if (!AWS_WORD.test(word)) return names.of("name", word);
    names.keep(word);
    return word;
  };
  const resource = (value: string) => reference(value, "resource", anonymiser);
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

function runningData(data: DataOf<"running-task">, anonymiser: Anonymiser): DataOf<"running-task"> {
  const { startedAt, ageSeconds } = data;
  return {
    taskArn: reference(data.taskArn, "task", anonymiser),
    taskId: anonymiser.names.of("task", data.taskId),
    lastStatus: anonymiser.texts.text(data.lastStatus),
    taskDefinition: reference(data.taskDefinition, "definition", anonymiser),
    ...defined({
      health: maybe(data.health, anonymiser.texts.text),
      startedAt,
      ageSeconds,
      ended: data.ended?.map((one) => containerData(one, anonymiser)),
    }),
  };
}

type Container = DataOf<"stopped-tasks">["containers"][number];

function containerData({ name, exitCode, reason, ...about }: Container, anonymiser: Anonymiser): Container {
  const { essential, declared, memoryLimitMiB, limitOf, sidecar, unhealthy } = about;
  return {
    name: anonymiser.names.of("container", name),
    ...defined({ exitCode, reason: maybe(reason, anonymiser.texts.text) }),
    ...defined({ essential, declared, memoryLimitMiB, limitOf, sidecar, unhealthy }),
  };
}

function stoppedData(data: DataOf<"stopped-tasks">, anonymiser: Anonymiser): DataOf<"stopped-tasks"> {
  const { text } = anonymiser.texts;
  const { firstAt, lastAt, medianLifeSeconds } = data;
  return {
    class: data.class,
    count: data.count,
    taskIds: data.taskIds.map((id) => anonymiser.names.of("task", id)),
    taskDefinition: reference(data.taskDefinition, "definition", anonymiser),
    containers: data.containers.map((one) => containerData(one, anonymiser)),
    ...defined({
      endedBy: maybe(data.endedBy, (name) => anonymiser.names.of("container", name)),
      stopCode: maybe(data.stopCode, text),
      stoppedReason: maybe(data.stoppedReason, text),
      firstAt,
      lastAt,
      medianLifeSeconds,
    }),
  };
}

function targetData(data: DataOf<"target-health">, anonymiser: Anonymiser): DataOf<"target-health"> {
  const { text, path } = anonymiser.texts;
  return {
    state: text(data.state),
    targetGroup: path(data.targetGroup, "target-group"),
    target: text(data.target),
    ...defined({
      reason: maybe(data.reason, text),
      description: maybe(data.description, text),
      wrongPort: data.wrongPort,
      check: maybe(data.check, text),
      taskId: maybe(data.taskId, (id) => anonymiser.names.of("task", id)),
    }),
  };
}

function patternData(data: DataOf<"log-pattern">, anonymiser: Anonymiser): DataOf<"log-pattern"> {
  const { level, count, firstAt, lastAt, newSinceOnset, signal } = data;
  const { countBefore, containers, taskIds, taskCount, taskTotal, values, rootCauses } = data;
  const { template } = anonymiser.texts;
  return {
    level,
    template: template(data.template),
    count,
    firstAt,
    lastAt,
    newSinceOnset,
    ...defined({
      signal,
      countBefore,
      containers: containers?.map((name) => anonymiser.names.of("container", name)),
      taskIds: taskIds?.map((id) => anonymiser.names.of("task", id)),
      taskCount,
      taskTotal,
      values: values?.map(({ placeholder, distinct, first, last }) => ({
        placeholder: template(placeholder),
        distinct,
        ...defined({ first: maybe(first, template), last: maybe(last, template) }),
      })),
      rootCauses: rootCauses?.map((cause) => ({
        // The words stay behind: what may leave is what the template shows of them.
        text: template(cause.template),
        template: template(cause.template),
        count: cause.count,
        ...defined({ signal: cause.signal }),
      })),
    }),
  };
}

function pastData(data: DataOf<"past-incident">, anonymiser: Anonymiser): DataOf<"past-incident"> {
  const { text } = anonymiser.texts;
  const { closedAt, agoSeconds, sameAlarm, own } = data;
  return {
    incidentId: anonymiser.names.of("incident", data.incidentId),
    cause: text(data.cause),
    action: text(data.action),
    outcome: text(data.outcome),
    ...defined({ closedAt, agoSeconds, sameAlarm, own }),
  };
}
