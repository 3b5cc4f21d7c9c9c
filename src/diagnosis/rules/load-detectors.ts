import { loadCorrelation } from "../../../packages/signals/index.ts";
import { type FactOf, factsOf } from "../../domain/evidence.ts";
import { HOT_CPU_PERCENT } from "../../domain/limits.ts";
import { isAboveThreshold, isRaised } from "../../domain/metric-side.ts";
import { amount, clock } from "../../evidence/times.ts";
import { autoscalingActs } from "./autoscaler-alarm-detector.ts";
import { dependencyText } from "./dependency-detectors.ts";
import type { Detector, Finding } from "./detector.ts";
import {
  besideLoad,
  comesAndGoes,
  type EvidenceView,
  ifRaised,
  percent,
  periodsBefore,
  whereItIs,
} from "./evidence-view.ts";

/** Errors that began so many periods before the load grew are its cause, not its consequence. */
const FIRST_BY_PERIODS = 2;

/** Returns by how many periods errors or slow answers preceded the growth of load; the larger of the two. */
function failuresFirst(view: EvidenceView): number {
  const requests = view.metric("requests");
  const leads = [view.metric("errors-5xx"), view.metric("elb-5xx"), view.metric("latency-p99")]
    .filter((fact) => fact?.data.summary.shape !== "spike")
    .map((fact) => periodsBefore(ifRaised(fact), requests));
  return Math.max(0, ...leads.map((lead) => lead ?? 0));
}

/** Percent of CPU at the busiest point; below it the tasks have room for more requests. */
const BUSY_CPU_PERCENT = 60;

/** Below this correlation of changes the symptom does not follow the load. */
const LEAST_CORRELATION = 0.3;

/**
 * False only when there are enough points to show that the symptom does not follow the load. A step with few high
 * points in an hour of noise says little: there it counts that both departed together.
 */
function loadFollows(load: FactOf<"metric">, symptom: FactOf<"metric"> | undefined): boolean {
  if (symptom === undefined) return true;
  const apart = periodsBefore(ifRaised(symptom), load);
  if (apart !== undefined && Math.abs(apart) <= 1) return true;
  const points = (fact: FactOf<"metric">) => fact.data.points.map(([t, v]) => ({ t, v }));
  const { periodSeconds } = load.data;
  const { correlation } = loadCorrelation(points(load), points(symptom), { periodSeconds });
  return correlation === undefined || correlation >= LEAST_CORRELATION;
}

/** The load is real and autoscaling has handled it: nothing waits, nothing fails. */
function followedByAutoscaling(view: EvidenceView, requests: FactOf<"metric">): Finding | undefined {
  const since = requests.data.summary.onset ?? view.evidence.onset;
  const changes = factsOf(view.evidence, "scaling-activity").filter(
    ({ at, data }) => at !== undefined && Date.parse(at) >= Date.parse(since) && data.status !== "Failed",
  );
  if (changes.length === 0 || isRaised(view.metric("errors-5xx")) || isRaised(view.metric("elb-5xx")))
    return undefined;
  return {
    confidence: 0.85,
    rootCause: `Traffic rose to ${amount(view.trafficRatio ?? 0)} times its baseline since ${clock(since)}; autoscaling changed the count of tasks ${counted(changes.length)} since then, and nothing is saturated.`,
    severity: "P4",
    supports: [requests, ...changes],
    nextSteps: [
      "Find out where the traffic comes from and whether it stays.",
      "Alarm on what users feel: an alarm on requests fires for traffic that the service copes with.",
    ],
  };
}

/** Said where autoscaling itself acts on the alarm. */
function leftTo(view: EvidenceView): string {
  return autoscalingActs(view) ? "; the alarm is autoscaling's own, and it adds tasks itself" : "";
}

function counted(times: number): string {
  return times === 1 ? "once" : `${times} times`;
}

export const trafficSpike: Detector = {
  cause: "traffic-spike",
  detect: (view) => {
    const requests = view.metric("requests");
    const cpu = view.metric("cpu");
    const latency = view.metric("latency-p99");
    if (requests === undefined) {
      return isRaised(cpu) ? "There is no request series to show traffic growth." : undefined;
    }
    if (!view.trafficGrew) {
      return view.trafficRatio === undefined
        ? undefined
        : `Traffic is ${amount(view.trafficRatio)} times its baseline, which is no growth.`;
    }
    const saturated = isRaised(cpu) && (cpu?.data.summary.max ?? 0) >= BUSY_CPU_PERCENT;
    if (!saturated && !isRaised(latency)) {
      return followedByAutoscaling(view, requests) ?? "Traffic grew, but nothing is saturated by it.";
    }
    const lead = failuresFirst(view);
    const unplaced = view.events("placement-failure");
    const short = (view.service?.data.running ?? 0) < (view.service?.data.desired ?? 0);
    const outside = dependencyText(view);
    const follows = loadFollows(requests, saturated ? cpu : latency);
    const base = !follows ? 0.6 : saturated ? 0.92 : 0.65;
    return {
      confidence:
        lead >= 1
          ? 0.5
          : unplaced.length > 0 || short
            ? 0.55
            : outside.length > 0 && isRaised(view.metric("errors-5xx"))
              ? 0.7
              : base,
      rootCause: `Traffic rose to ${amount(view.trafficRatio ?? 0)} times its baseline since ${clock(requests.data.summary.onset ?? view.evidence.onset)} and ${saturated && cpu ? `CPU went from ${percent(cpu.data.summary.baseline)} to ${percent(cpu.data.summary.current)}` : "latency rose with it"}${leftTo(view)}.`,
      severity: "P2",
      supports: [requests, saturated ? cpu : undefined, isRaised(latency) ? latency : undefined],
      against: [
        ...outside,
        ...unplaced,
        short ? view.service : undefined,
        lead >= 1 ? view.metric("errors-5xx") : undefined,
      ],
      nextSteps: [
        "Give the service a target-tracking policy, so that it follows load by itself.",
        "Find out where the traffic comes from and whether it stays.",
      ],
    };
  },
};

export const retryStorm: Detector = {
  cause: "retry-storm",
  detect: (view) => {
    if (!view.trafficGrew) return undefined;
    const lead = failuresFirst(view);
    const retries = view.words(/\bretr(y|ies|ying)\b|attempt/i);
    if (lead < FIRST_BY_PERIODS) return "Failures did not begin before the traffic grew.";
    const errors = ifRaised(view.metric("errors-5xx")) ?? ifRaised(view.metric("latency-p99"));
    return {
      confidence: retries.length > 0 ? 0.93 : 0.88,
      rootCause: `Failures began at ${clock(errors?.data.summary.onset ?? view.evidence.onset)}, traffic grew only after that, to ${amount(view.trafficRatio ?? 0)} times its baseline: callers repeat what fails.`,
      severity: "P1",
      supports: [view.metric("requests"), errors, ...retries],
      nextSteps: [
        "Shed load or rate-limit the callers; more tasks would feed the storm.",
        "Find the first failure.",
      ],
    };
  },
};

/** Fewer tasks than usual, and as many as desired: none failed, the desired count was lowered. */
function fewerTasks(view: EvidenceView): FactOf<"metric"> | undefined {
  const tasks = view.metric("running-tasks");
  const service = view.service?.data;
  if (tasks === undefined || service === undefined || service.running < service.desired) return undefined;
  const { direction, baseline } = tasks.data.summary;
  return direction === "down" && service.desired < baseline ? tasks : undefined;
}

export const cpuSaturation: Detector = {
  cause: "cpu-saturation",
  detect: (view) => {
    const measured = view.metric("cpu");
    const cpu = ifRaised(measured);
    if (cpu === undefined) return measured && `CPU ${whereItIs(measured)}.`;
    if (view.trafficGrew) return "CPU rose with traffic.";
    if (cpu.data.summary.shape === "spike") return "CPU only spiked and came back.";
    if (view.deploymentInProgress !== undefined && view.failingDeployment === undefined) {
      return "A deployment is running, and its new tasks warm up.";
    }
    if (comesAndGoes(cpu) || view.alarm?.data.flapping === true) {
      return "CPU comes and goes by itself; a task that is stuck stays hot.";
    }
    const perTask = view.metrics("task-cpu");
    const hot = perTask.filter((fact) => fact.data.summary.current > HOT_CPU_PERCENT);
    const cool = perTask.filter((fact) => fact.data.summary.current < HOT_CPU_PERCENT / 2);
    const oneHot = hot.length === 1 && perTask.length >= 2 && cool.length === perTask.length - 1;
    const high = cpu.data.summary.current > HOT_CPU_PERCENT || isAboveThreshold(cpu);
    const elsewhere = [...dependencyText(view), ...view.logs("disk-full", "too-many-connections")];
    const symptom = elsewhere.length > 0 && isRaised(view.metric("errors-5xx"));
    const deployment = view.blamedDeployment;
    const fewer = fewerTasks(view);
    const base = oneHot
      ? 0.9
      : deployment !== undefined || fewer !== undefined
        ? 0.86
        : view.trafficRatio === undefined
          ? 0.72
          : 0.8;
    return {
      confidence: !high ? 0.45 : symptom ? 0.55 : base,
      rootCause: `CPU went from ${percent(cpu.data.summary.baseline)} to ${percent(cpu.data.summary.current)}${besideLoad(view, " without traffic growth")}${oneHot ? `, all of it in ${hot[0]?.data.label}` : ""}${deployment ? `, right after the deployment of ${deployment.data.taskDefinition}` : ""}${fewer ? `, since the desired count was lowered: ${amount(fewer.data.summary.current)} tasks instead of ${amount(fewer.data.summary.baseline)}` : ""}${leftTo(view)}.`,
      severity: "P2",
      supports: [cpu, ...hot, deployment, fewer],
      against: elsewhere,
      missing: view.trafficRatio === undefined ? ["A request series, to rule out traffic."] : [],
      nextSteps: [
        "Take a CPU profile of a hot task; look for an endless loop or an expensive regular expression.",
      ],
    };
  },
};
