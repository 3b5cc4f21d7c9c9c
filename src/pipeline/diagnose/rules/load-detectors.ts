import { amount, clock } from "../../observe/times.ts";
import type { Detector } from "./detector.ts";
import { isUp, percent, raised } from "./evidence-view.ts";

/** A task above this is hot; below half of it, cool. */
const HOT_CPU_PERCENT = 80;

export const trafficSpike: Detector = {
  cause: "traffic-spike",
  detect: (view) => {
    const requests = view.metric("requests");
    const cpu = view.metric("cpu");
    const latency = view.metric("latency-p99");
    if (requests === undefined)
      return isUp(cpu) ? "There is no request series to show traffic growth." : undefined;
    if (!view.trafficGrew) {
      return view.trafficRatio === undefined
        ? undefined
        : `Traffic is ${amount(view.trafficRatio)} times its baseline, which is no growth.`;
    }
    const saturated = isUp(cpu);
    if (!saturated && !isUp(latency)) return "Traffic grew, but nothing is saturated by it.";
    const errors = view.metric("errors-5xx");
    const dependency = view.logs("connection-refused", "throttled");
    return {
      confidence: saturated ? (dependency.length > 0 && isUp(errors) ? 0.7 : 0.92) : 0.65,
      rootCause: `Traffic rose to ${amount(view.trafficRatio ?? 0)} times its baseline since ${clock(requests.data.summary.onset ?? view.evidence.onset)} and ${saturated && cpu ? `CPU went from ${percent(cpu.data.summary.baseline)} to ${percent(cpu.data.summary.current)}` : "latency rose with it"}.`,
      action: "scale",
      severity: "P2",
      supports: [requests, saturated ? cpu : undefined, isUp(latency) ? latency : undefined],
      against: dependency,
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
    const requests = view.metric("requests");
    const errors = raised(view.metric("errors-5xx"));
    if (!view.trafficGrew || errors === undefined) return undefined;
    const errorOnset = errors.data.summary.onset;
    const loadOnset = requests?.data.summary.onset;
    const errorsFirst = errorOnset !== undefined && loadOnset !== undefined && errorOnset < loadOnset;
    if (!errorsFirst) return "Errors did not begin before the traffic grew.";
    return {
      confidence: 0.8,
      rootCause: `Errors began at ${clock(errorOnset)}, traffic grew only after that: callers repeat what fails.`,
      action: "none",
      severity: "P1",
      supports: [requests, errors],
      nextSteps: [
        "Shed load or rate-limit the callers; more tasks would feed the storm.",
        "Find the first failure.",
      ],
    };
  },
};

export const cpuSaturation: Detector = {
  cause: "cpu-saturation",
  detect: (view) => {
    const measured = view.metric("cpu");
    const cpu = raised(measured);
    if (cpu === undefined) return measured && `CPU is steady at ${percent(measured.data.summary.current)}.`;
    if (view.trafficGrew) return "CPU rose with traffic.";
    if (cpu.data.summary.shape === "spike") return "CPU only spiked and came back.";
    const perTask = view.metrics("task-cpu");
    const hot = perTask.filter((fact) => fact.data.summary.current > HOT_CPU_PERCENT);
    const cool = perTask.filter((fact) => fact.data.summary.current < HOT_CPU_PERCENT / 2);
    const oneHot = hot.length === 1 && perTask.length >= 2 && cool.length === perTask.length - 1;
    return {
      confidence: view.trafficRatio === undefined ? 0.6 : oneHot ? 0.9 : 0.8,
      rootCause: `CPU went from ${percent(cpu.data.summary.baseline)} to ${percent(cpu.data.summary.current)} without traffic growth${oneHot ? `, all of it in ${hot[0]?.data.label}` : ""}.`,
      action: oneHot ? "restart" : "none",
      severity: "P2",
      supports: [cpu, ...hot],
      against: [],
      missing: view.trafficRatio === undefined ? ["A request series, to rule out traffic."] : [],
      nextSteps: [
        "Take a CPU profile of a hot task; look for an endless loop or an expensive regular expression.",
      ],
    };
  },
};
