import type { Cause } from "../../domain/cause.ts";
import { isRaised } from "../../domain/metric-side.ts";
import { amount } from "../../evidence/times.ts";
import { type EvidenceView, ifRaised, moreTasks, percent } from "../view/evidence-view.ts";
import { NO_ANSWER, outsideText, START_REFUSED, START_UNREACHABLE } from "../view/outside-words.ts";
import type { Say } from "./said.ts";

/** Seconds before the onset within which a deployment is worth a look. */
const JUST_DEPLOYED_SECONDS = 15 * 60;

/** What else to do: to look at a deployment just before, or at nothing of this service. */
function furtherStep(view: EvidenceView): string {
  const deployment = view.blamedDeployment;
  return deployment !== undefined && (deployment.data.secondsBeforeOnset ?? 0) <= JUST_DEPLOYED_SECONDS
    ? `${deployment.data.taskDefinition} was deployed shortly before: check whether it changed what is called.`
    : "Restarting or scaling this service would not help.";
}

/** What shows the failures, and how the service's own tasks are, as far as it is known. */
function shownBy(cause: Cause, view: EvidenceView): string {
  const lines = outsideText(cause, view).reduce((sum, { data }) => sum + data.count, 0);
  const risen = (["errors-5xx", "elb-5xx", "latency-p99"] as const)
    .map((role) => view.metric(role))
    .filter(isRaised)
    .map((fact) => `${fact?.data.label} rose`);
  const shown = [...(lines > 0 ? [`${lines} log lines say so`] : []), ...risen];
  return shown.length === 0 ? "" : ` (${shown.join(", ")})`;
}

function ownTasks(view: EvidenceView): string {
  if (view.unhealthyTargets.length > 0) return "; its own tasks are partly unhealthy";
  return view.runningTasks.length === 0 ? "" : "; its own tasks run";
}

/** A sentence of a fault that lies in what is called, with what would show it where so far only log lines do. */
function calls(cause: Cause, sentence: string, step: string): Say {
  return (view) => {
    const trusted = (["errors-5xx", "elb-5xx", "latency-p99"] as const).some((role) =>
      isRaised(view.metric(role)),
    );
    return {
      rootCause: `${sentence}${shownBy(cause, view)}${ownTasks(view)}.`,
      severity: "P1",
      missing: trusted ? [] : ["A metric that shows the failures; so far none of errors or latency does."],
      nextSteps: [step, furtherStep(view)],
    };
  };
}

/** ECS's words about a start that failed for such a reason. */
function failedStart(view: EvidenceView, reason: RegExp): string | undefined {
  const stops = view
    .stops("initialization-failed", "image-pull-failed")
    .map(({ data }) => [data.stoppedReason, ...data.containers.map((one) => one.reason)].join(" "));
  return [...stops, ...view.events("start-failure").map(({ data }) => data.message)]
    .find((text) => reason.test(text))
    ?.trim()
    .replace(/\.$/, "");
}

const throttled = calls(
  "dependency-throttled",
  "What the service calls answers with throttling",
  "Check the quota and the request rate of what is called; back off instead of adding tasks.",
);
const refused = calls(
  "permission-denied",
  "Calls are refused for lack of permission",
  "Check the task role and what changed in it (CloudTrail).",
);
const unreachable = calls(
  "network-failure",
  "Names do not resolve or the network cannot be reached",
  "Check DNS, security groups, network access lists, routes and endpoints.",
);
const down = calls(
  "dependency-down",
  "Calls to something the service depends on are refused, fail or time out",
  "Find what the log patterns name and check whether it runs.",
);

export const certificateExpired: Say = calls(
  "certificate-expired",
  "TLS connections fail on a certificate",
  "Check the validity of the certificate that the log patterns name.",
);

export const permissionDenied: Say = (view) => {
  const reason = failedStart(view, START_REFUSED);
  if (reason === undefined) return refused(view);
  return {
    rootCause: `Tasks cannot start because a call is refused: ${reason}.`,
    severity: "P1",
    nextSteps: ["Check the execution role's permissions and what changed in them (CloudTrail)."],
  };
};

/** How many of the running tasks have connections without an answer, where others have none. */
function saidBySome(view: EvidenceView): { readonly some: number; readonly all: number } | undefined {
  const running = view.runningTasks.map(({ data }) => data.taskId);
  const saying = new Set(view.words(NO_ANSWER).flatMap(({ data }) => data.taskIds ?? []));
  const some = running.filter((id) => saying.has(id)).length;
  return some > 0 && some <= running.length / 2 ? { some, all: running.length } : undefined;
}

export const networkFailure: Say = (view) => {
  const reason = failedStart(view, START_UNREACHABLE);
  if (reason !== undefined) {
    return {
      rootCause: `Tasks cannot start because what they need is out of reach: ${reason}.`,
      severity: "P1",
      nextSteps: ["Check routes, endpoints, DNS and security groups between the tasks and what they need."],
    };
  }
  const lost = saidBySome(view);
  if (lost !== undefined) {
    return {
      rootCause: `Connections of ${lost.some} of ${lost.all} tasks get no answer, while the other tasks reach what they call${shownBy("network-failure", view)}.`,
      severity: "P1",
      nextSteps: [
        "Compare subnet, security groups and routes of the tasks that get no answer with those of the others.",
        furtherStep(view),
      ],
    };
  }
  const timeouts = view.unhealthyTargets.filter(({ data }) => data.reason === "Target.Timeout");
  const silent = outsideText("network-failure", view).length === 0;
  if (timeouts.length === 0 || view.healthyTargets !== undefined || !silent) return unreachable(view);
  const cpu = view.metric("cpu");
  const idle =
    cpu?.data.summary.direction === "down"
      ? `, and CPU fell from ${percent(cpu.data.summary.baseline)} to ${percent(cpu.data.summary.current)}`
      : "";
  return {
    rootCause: `Every target of ${timeouts[0]?.data.targetGroup} times out while the tasks run${idle}: nothing reaches them.`,
    severity: "P1",
    nextSteps: [
      "Check the security groups and network access lists between load balancer and tasks (CloudTrail).",
    ],
  };
};

/** Without a log pattern: most answers are late while the tasks idle, so they wait for something else. */
export const dependencyDown: Say = (view) => {
  const slow = ifRaised(view.metric("latency-p50")) ?? ifRaised(view.metric("latency-p99"));
  const cpu = view.metric("cpu");
  const waits = slow !== undefined && cpu?.data.summary.direction === "down";
  if (!waits || outsideText("dependency-down", view).length > 0) return down(view);
  return {
    rootCause: `Answers take ${amount(slow.data.summary.current)} s instead of ${amount(slow.data.summary.baseline)} s while CPU fell from ${percent(cpu.data.summary.baseline)} to ${percent(cpu.data.summary.current)}: the tasks wait for something they call.`,
    severity: "P2",
    missing: ["Log lines or traces that name what is waited for."],
    nextSteps: ["Find out which call is slow; restarting or scaling this service would not help."],
  };
};

export const dependencyThrottled: Say = (view) => {
  const tasks = moreTasks(view);
  const full = view.logs("too-many-connections");
  if (tasks === undefined && full.length > 0) {
    const lines = full.reduce((sum, { data }) => sum + data.count, 0);
    return {
      rootCause: `What the service calls takes no more connections (${amount(lines)} log lines say so)${ownTasks(view)}.`,
      severity: "P1",
      nextSteps: [
        "Look at who holds the connections of what is called, and at its limit.",
        "Restarting or scaling this service would not help.",
      ],
    };
  }
  if (tasks === undefined || full.length === 0) return throttled(view);
  const { baseline, current } = tasks.data.summary;
  return {
    rootCause: `What the service calls takes no more connections since it runs ${amount(current)} tasks instead of ${amount(baseline)}.`,
    severity: "P2",
    nextSteps: [
      "Go back to the usual count of tasks, or raise the limit of connections of what is called.",
      "Bound the pool of each task by that limit divided by the most tasks that there can be.",
    ],
  };
};
