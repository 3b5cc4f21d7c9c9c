/** The prompt's text of a fact: its statement without untrusted text. */
import { templateOf } from "../../../packages/log-templates/index.ts";
import { Action, Cause } from "../../domain/cause.ts";
import type { Fact, FactOf } from "../../domain/evidence.ts";
import { clock, span } from "../../evidence/times.ts";
import { changedValue, definitionChange } from "./definition-change.ts";
import { logText } from "./log-text.ts";
import { untrustedName, untrustedText } from "./untrusted-text.ts";

/**
 * Returns the text of one fact. Kinds whose text comes from OpsAgent, numbers and closed lists pass as they are; an
 * unknown kind passes only through the closed vocabulary of the log digest.
 */
export function factText(fact: Fact): string {
  switch (fact.kind) {
    case "host":
      return hostText(fact.data);
    case "service":
    case "running-task":
      return withoutFamily(fact.statement, fact.data.taskDefinition);
    case "scaling-limits":
      return fact.statement;
    case "log-pattern":
      return logText(fact);
    case "metric":
      return metricText(fact);
    case "stopped-tasks":
      return stoppedText(fact.data);
    case "deployment":
      return deploymentText(fact.data);
    case "finished-deployment":
      return finishedText(fact.data);
    case "change":
      return changeText(fact.data);
    case "task-definition-diff":
      return diffText(fact.data);
    case "service-event":
      return `ECS event (${fact.data.class}${fact.data.count > 1 ? `, ${fact.data.count} times` : ""}): ${untrustedText(fact.data.message)}`;
    case "target-health":
      return targetText(fact.data);
    case "scaling-activity":
      return `Autoscaling (${word(fact.data.status)}): ${untrustedText(fact.data.description)}`;
    case "alarm":
      return alarmText(fact.data);
    case "trigger-difference":
      return differenceText(fact.data);
    case "last-words":
      return `A task wrote ${fact.data.lines.length} lines before it ended by itself.`;
    case "past-incident":
      return pastText(fact);
    default:
      return unknownText(fact);
  }
}

function unknownText(fact: Pick<Fact, "statement">): string {
  return templateOf(fact.statement);
}

/** AWS codes are single words. */
function word(text: string): string {
  return /^[A-Za-z_.-]{1,40}$/.test(text) ? text : "<code>";
}

/** Returns the number of a revision without its family, which is a name that somebody chose. */
export function revisionOf(definition: string): string {
  const number = /:(\d{1,9})$/.exec(definition)?.[1];
  return number === undefined ? "a revision" : `revision ${number}`;
}

/** The family is a name that somebody chose, so it is removed. */
function withoutFamily(statement: string, definition: string): string {
  return definition === "" ? statement : statement.replaceAll(definition, revisionOf(definition));
}

/** Returns when something began, relative to the onset. */
function beforeOnset(seconds: number | undefined): string {
  if (seconds === undefined) return "";
  return `, began ${span(seconds)} ${seconds >= 0 ? "before" : "after"} the onset`;
}

interface Rolled {
  readonly replaced?: string | undefined;
  readonly forced?: boolean | undefined;
  readonly imageChanged?: boolean | undefined;
}

function rolled({ replaced, forced, imageChanged }: Rolled): string {
  return [
    replaced === undefined ? "" : `, replaced ${revisionOf(replaced)}`,
    forced ? ", the same revision deployed anew" : "",
    imageChanged ? ", its tag stands for another image now" : "",
  ].join("");
}

function deploymentText(data: FactOf<"deployment">["data"]): string {
  const state = `${word(data.status)}, ${word(data.rolloutState ?? "no-rollout-state")}${data.inProgress ? ", in progress" : ""}${progressWords(data)}`;
  const failed = data.failedTasks > 0 ? `, ${data.failedTasks} tasks failed` : "";
  const reason = data.rolloutReason === undefined ? "" : `: ${untrustedText(data.rolloutReason)}`;
  return `Deployment of ${revisionOf(data.taskDefinition)} (${state})${beforeOnset(data.secondsBeforeOnset)}, ${data.running} of ${data.desired} tasks running${failed}${rolled(data)}${reason}.`;
}

/** A host's id is AWS's; its status ECS's word. */
function hostText({ host, status, agentConnected, health, taskIds }: FactOf<"host">["data"]): string {
  const agent = agentConnected ? "" : ", its agent is disconnected";
  const sick = health === undefined ? "" : `, health ${word(health)}`;
  return `Host ${word(host)} with ${taskIds.length} tasks of the service: ${word(status)}${agent}${sick}.`;
}

/** ECS's own words, and numbers. */
function progressWords({ strategy, stage, holding, productionWeight }: FactOf<"deployment">["data"]): string {
  const words = [
    ...(strategy === undefined || strategy === "ROLLING" ? [] : [word(strategy)]),
    ...(stage === undefined ? [] : [`stage ${word(stage)}`]),
    ...(holding === "pause" ? ["paused"] : []),
    ...(productionWeight === undefined ? [] : [`${productionWeight} % of the traffic`]),
  ];
  return words.map((one) => `, ${one}`).join("");
}

function finishedText(data: FactOf<"finished-deployment">["data"]): string {
  const failed = data.failedTasks > 0 ? `, ${data.failedTasks} tasks failed` : "";
  const breaker = data.circuitBreakerTriggered ? ", circuit breaker triggered" : "";
  const back = data.rolledBackTo === undefined ? "" : `, rolled back to ${revisionOf(data.rolledBackTo)}`;
  const reason = data.reason === undefined ? "" : `: ${untrustedText(data.reason)}`;
  return `Earlier deployment of ${revisionOf(data.taskDefinition)} (${word(data.status)})${beforeOnset(data.secondsBeforeOnset)}${failed}${breaker}${back}${rolled(data)}${reason}.`;
}

function changeText(data: FactOf<"change">["data"]): string {
  const parameters = Object.entries(data.parameters)
    .slice(0, 4)
    .map(([name, value]) => `${untrustedName(name)} ${changedValue(value)}`);
  const what = parameters.length > 0 ? `; ${parameters.join(", ")}` : "";
  return `CloudTrail: ${word(data.event)} (${data.area})${data.aboutService ? " on this service or what it stands on" : " elsewhere in the account"}${beforeOnset(data.secondsBeforeOnset)}${what}.`;
}

const AWS_METRICS = new Set(
  "CPUUtilization MemoryUtilization RunningTaskCount DesiredTaskCount PendingTaskCount TaskCpuUtilization TaskMemoryUtilization RequestCount RequestCountPerTarget HTTPCode_Target_5XX_Count HTTPCode_Target_4XX_Count HTTPCode_ELB_5XX_Count HTTPCode_ELB_502_Count HTTPCode_ELB_503_Count HTTPCode_ELB_504_Count TargetResponseTime UnHealthyHostCount HealthyHostCount TargetConnectionErrorCount ApproximateAgeOfOldestMessage ApproximateNumberOfMessagesVisible DatabaseConnections".split(
    " ",
  ),
);

/** Returns AWS's own metric name, else its words of the closed vocabulary. */
export function metricName(name: string): string {
  return AWS_METRICS.has(name) ? name : `custom metric (${untrustedName(name)})`;
}

function metricText({ statement, data }: FactOf<"metric">): string {
  const own = data.label.replace(/ of task [0-9a-f]{1,8}$/, "");
  if (AWS_METRICS.has(own)) return statement;
  return statement.startsWith(data.label)
    ? `${metricName(own)}${statement.slice(data.label.length)}`
    : templateOf(statement);
}

const BASE = {
  "last-steady": " (which ran steadily)",
  "being-replaced": " (which is being replaced)",
  "revision-before": " (the one before it, which may never have run)",
} as const;

function diffText({
  from,
  to,
  base,
  changes,
  secondsBeforeOnset,
}: FactOf<"task-definition-diff">["data"]): string {
  const when = beforeOnset(secondsBeforeOnset).replace("began", "deployed");
  const what = changes.map(definitionChange).join("; ") || "no difference in what was compared";
  return `Task definition, ${revisionOf(to)} against ${revisionOf(from)}${base === undefined ? "" : BASE[base]}${when}: ${what}.`;
}

function stoppedText(data: FactOf<"stopped-tasks">["data"]): string {
  const lived = data.medianLifeSeconds === undefined ? "" : `, after ${span(data.medianLifeSeconds)}`;
  const when = data.lastAt === undefined ? "" : `, last at ${clock(data.lastAt)}`;
  const exits = data.containers
    .slice(0, 4)
    .map(
      ({ exitCode, reason }) =>
        `a container with exit code ${exitCode ?? "none"}${reason ? ` (${untrustedText(reason)})` : ""}`,
    );
  return `${data.count} tasks of ${revisionOf(data.taskDefinition)} stopped (${data.class})${when}${lived}: ${word(data.stopCode ?? "no-stop-code")}, reason: ${data.stoppedReason ? untrustedText(data.stoppedReason) : "none"}${exits.length > 0 ? `; ${exits.join("; ")}` : ""}.`;
}

function targetText(data: FactOf<"target-health">["data"]): string {
  const counted = /^\d+ of \d+$/.exec(data.target)?.[0];
  if (counted !== undefined) return `${counted} targets are ${word(data.state)}.`;
  const task = data.taskId === undefined ? "" : ` (task ${data.taskId.slice(0, 8)})`;
  const why = [data.reason && word(data.reason), data.description && untrustedText(data.description)];
  const asks = data.wrongPort === undefined ? "" : "; its check asks a port that no container opens";
  return `A target${task} is ${word(data.state)}: ${why.filter(Boolean).join(", ") || "no reason given"}${asks}.`;
}

const SCALING = {
  none: "",
  out: ", autoscaling's own: it tells a scaling policy to add tasks",
  in: ", autoscaling's own: it tells a scaling policy that it may remove tasks",
  unknown: ", autoscaling's own",
} as const;

function alarmText(data: FactOf<"alarm">["data"]): string {
  const often = (data.recentAlarms ?? 0) > 1 ? `, ${data.recentAlarms} times in ALARM within the hour` : "";
  return `${data.other ? `Another alarm of the service (${untrustedName(data.name)})` : "The alarm"} is ${word(data.state)}${SCALING[data.scaling ?? "none"]}${often}${data.reason ? `: ${untrustedText(data.reason)}` : ""}.`;
}

/** What the message says is free text, and it supports nothing: only that it differs passes. */
function differenceText({ field }: FactOf<"trigger-difference">["data"]): string {
  return `The message that came says another ${field.replace("-", " ")} than AWS, which counts.`;
}

function pastText({ at, data }: FactOf<"past-incident">): string {
  const cause = Cause.safeParse(data.cause).data ?? "unknown";
  const action = Action.safeParse(data.action).data ?? untrustedText(data.action);
  if (data.own)
    return `Tried in this incident: action ${action} for ${cause}, outcome ${word(data.outcome)}.`;
  return `An earlier incident of this service${at === undefined ? "" : ` at ${at}`}: ${cause}, action ${action}, outcome ${word(data.outcome)}.`;
}
