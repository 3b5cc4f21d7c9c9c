import { factsOf } from "../../domain/evidence.ts";
import { HOT_CPU_PERCENT } from "../../domain/limits.ts";
import { isRaised } from "../../domain/metric-side.ts";
import { plural } from "../../domain/plural.ts";
import { amount, clock } from "../../evidence/times.ts";
import { autoscalingActs } from "../view/autoscaling-acts.ts";
import { besideLoad, type EvidenceView, ifRaised, percent } from "../view/evidence-view.ts";
import type { Say } from "./said.ts";

/** Said where autoscaling itself acts on the alarm. */
function leftTo(view: EvidenceView): string {
  return autoscalingActs(view) ? "; the alarm is autoscaling's own, and it adds tasks itself" : "";
}

/** How much the load grew, and since when. */
function growth(view: EvidenceView): string {
  const requests = view.metric("requests");
  return `to ${amount(view.trafficRatio ?? 0)} times its baseline since ${clock(requests?.data.summary.onset ?? view.evidence.onset)}`;
}

/**
 * Tasks that are too slow under load for their check and are replaced, which leaves more load to the others, said where
 * they timed out and not where they answered wrongly. https://github.com/aws/containers-roadmap/issues/1271
 */
function dominoes(view: EvidenceView): number {
  const answered = view.unhealthyTargets.some(({ data }) => data.reason === "Target.ResponseCodeMismatch");
  if (answered) return 0;
  return view.stops("failed-health-check").reduce((sum, { data }) => sum + data.count, 0);
}

const AGAINST_DOMINOES = [
  "Add tasks before anything else: a restart takes one more away.",
  "Let the health check wait longer than answers take under load (timeout, unhealthy threshold), on a path that does little work.",
];

export const trafficSpike: Say = (view) => {
  if (view.trafficRatio === undefined) return undefined;
  const [cpu, latency] = [ifRaised(view.metric("cpu")), ifRaised(view.metric("latency-p99"))];
  const requests = view.metric("requests");
  const since = requests?.data.summary.onset ?? view.evidence.onset;
  const changes = factsOf(view.evidence, "scaling-activity").filter(
    ({ at, data }) => at !== undefined && Date.parse(at) >= Date.parse(since) && data.status !== "Failed",
  );
  const steps = ["Find out where the traffic comes from and whether it stays."];
  if (cpu === undefined && latency === undefined) {
    const followed =
      changes.length === 0 ? "" : `autoscaling acted ${plural(changes.length, "time")} since then, and `;
    return {
      rootCause: `Traffic rose ${growth(view)}; ${followed}neither CPU nor latency rose with it${leftTo(view)}.`,
      severity: "P4",
      nextSteps: [
        ...steps,
        "Alarm on what users feel: an alarm on requests fires for traffic that the service copes with.",
      ],
    };
  }
  const effect =
    cpu === undefined
      ? `p99 latency went from ${amount(latency?.data.summary.baseline ?? 0)} to ${amount(latency?.data.summary.current ?? 0)} s`
      : `CPU went from ${percent(cpu.data.summary.baseline)} to ${percent(cpu.data.summary.current)}`;
  const daemon = view.service?.data.schedulingStrategy === "DAEMON";
  const follow = daemon
    ? "Give its instances an Auto Scaling group or a capacity provider that follows load: a DAEMON runs one task on each."
    : "Give the service a target-tracking policy, so that it follows load by itself.";
  const killed = dominoes(view);
  if (killed > 0) {
    return {
      rootCause: `Traffic rose ${growth(view)} and ${effect}; ECS replaced ${plural(killed, "task")} that failed health checks under this load, which leaves more of it to the others${leftTo(view)}.`,
      severity: "P1",
      nextSteps: [...(daemon ? AGAINST_DOMINOES.slice(1) : AGAINST_DOMINOES), follow, ...steps],
    };
  }
  return {
    rootCause: `Traffic rose ${growth(view)} and ${effect}${leftTo(view)}.`,
    severity: "P2",
    nextSteps: [follow, ...steps],
  };
};

export const retryStorm: Say = (view) => {
  const errors = ifRaised(view.metric("errors-5xx")) ?? ifRaised(view.metric("latency-p99"));
  if (errors === undefined || view.trafficRatio === undefined) return undefined;
  return {
    rootCause: `Failures began at ${clock(errors.data.summary.onset ?? view.evidence.onset)} (${errors.data.label}), and traffic is at ${amount(view.trafficRatio)} times its baseline: callers repeat what fails.`,
    severity: "P1",
    nextSteps: [
      "Shed load or rate-limit the callers; more tasks would feed the storm.",
      "Find the first failure.",
    ],
  };
};

/** Fewer tasks than usual, and as many as desired: none failed, the desired count was lowered. */
function fewerTasks(view: EvidenceView): string {
  const tasks = view.metric("running-tasks");
  const service = view.service?.data;
  if (tasks === undefined || service === undefined || service.running < service.desired) return "";
  const { direction, baseline, current } = tasks.data.summary;
  return direction === "down" && service.desired < baseline
    ? `, since the desired count was lowered: ${amount(current)} tasks instead of ${amount(baseline)}`
    : "";
}

export const cpuSaturation: Say = (view) => {
  const cpu = view.metric("cpu");
  const perTask = view.metrics("task-cpu");
  const hot = perTask.filter((fact) => fact.data.summary.current > HOT_CPU_PERCENT);
  const shown = cpu ?? hot[0];
  if (shown === undefined) return undefined;
  const { baseline, current } = shown.data.summary;
  const cool = perTask.filter((fact) => fact.data.summary.current < HOT_CPU_PERCENT / 2);
  const oneHot = hot.length === 1 && perTask.length >= 2 && cool.length === perTask.length - 1;
  const apart = oneHot ? `, all of it in ${hot[0]?.data.label}` : "";
  const release = view.blamedDeployment;
  const after = release ? `, right after the deployment of ${release.data.taskDefinition}` : "";
  const moved = isRaised(shown)
    ? `CPU went from ${percent(baseline)} to ${percent(current)}`
    : `CPU is at ${percent(current)}`;
  return {
    rootCause: `${moved}${besideLoad(view, " without traffic growth")}${apart}${after}${fewerTasks(view)}${leftTo(view)}.`,
    severity: "P2",
    missing: view.trafficRatio === undefined ? ["A request series, to rule out traffic."] : [],
    nextSteps: [
      "Take a CPU profile of a hot task; look for an endless loop or an expensive regular expression.",
    ],
  };
};
