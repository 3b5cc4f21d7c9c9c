/**
 * What the stand-in concludes from the lines of a prompt, in order; the first reading that holds is its answer. Written
 * from the descriptions of the cause classes and the wording of the prompt, without a look at detectors, signs or judging cases.
 */
import type { Action, Cause } from "../../src/domain/cause.ts";
import type { PromptFact } from "./prompt-facts.ts";

export interface Reading {
  readonly cause: Cause;
  readonly action: Action;
  readonly confidence: number;
  readonly evidence: readonly string[];
}

type Read = (facts: readonly PromptFact[]) => Reading | undefined;

/** Facts of one kind whose line fits. */
const of = (facts: readonly PromptFact[], kind: string, pattern: RegExp) =>
  facts.filter((fact) => fact.kind === kind && pattern.test(fact.text));
const ids = (...found: readonly (readonly PromptFact[])[]) => found.flat().map(({ id }) => id);

/** A deployment that began within an hour before the onset. */
const RECENT = /began (?:\d+ s|[0-5]?\d(?:\.\d+)? min) before the onset/;
const released = (facts: readonly PromptFact[]) => of(facts, "deployment", RECENT);
const rose = (facts: readonly PromptFact[], metric: RegExp) =>
  of(facts, "metric", /(?:rose|went) from .* since|above the alarm's threshold/).filter(
    ({ text, provenance }) => provenance === "metric" && metric.test(text),
  );
const fell = (facts: readonly PromptFact[], metric: RegExp) =>
  of(facts, "metric", /fell from|below the alarm's threshold/).filter(({ text }) => metric.test(text));
const ERRORS = /5XX|TargetResponseTime|errors-5xx|elb-5xx|latency/;

const logs = (facts: readonly PromptFact[], pattern: RegExp) =>
  of(facts, "log-pattern", new RegExp(`(?:error|warn) .*(?:${pattern.source})`, "i"));

/** A reading of stopped tasks of one class. */
const stopped =
  (stop: RegExp, cause: Cause, confidence: number, afterRelease: Action, otherwise: Action): Read =>
  (facts) => {
    const stops = of(facts, "stopped-tasks", stop);
    if (stops.length === 0) return undefined;
    const release = released(facts);
    const action = release.length > 0 ? afterRelease : otherwise;
    return { cause, action, confidence, evidence: ids(stops, release) };
  };

/** A reading of the application's own words beside errors that AWS counts. */
const said =
  (words: RegExp, cause: Cause, action: Action = "none"): Read =>
  (facts) => {
    const lines = logs(facts, words);
    const suffering = [...rose(facts, ERRORS), ...rose(facts, /UnHealthyHostCount/)];
    if (lines.length === 0 || suffering.length === 0) return undefined;
    return { cause, action, confidence: 0.82, evidence: ids(suffering, lines) };
  };

export const READINGS: readonly Read[] = [
  (facts) => {
    const none = of(facts, "service", /\b0 of 0 tasks running/);
    if (none.length === 0) return undefined;
    return { cause: "desired-count-zero", action: "scale", confidence: 0.9, evidence: ids(none) };
  },
  stopped(/\(image-pull-failed\)/, "image-pull-failure", 0.9, "rollback", "none"),
  stopped(/\((?:no-capacity|capacity-reclaimed)\)/, "capacity-unavailable", 0.9, "none", "none"),
  (facts) => {
    const events = of(facts, "service-event", /placement-failure/);
    if (events.length === 0) return undefined;
    return { cause: "capacity-unavailable", action: "none", confidence: 0.85, evidence: ids(events) };
  },
  (facts) => {
    const stops = of(facts, "stopped-tasks", /\(out-of-memory\)/);
    const smaller = of(facts, "task-definition-diff", /deployed (?:\d+ s|\d+(?:\.\d+)? min) before.*memory/);
    if (stops.length === 0) return undefined;
    const evidence = ids(stops, smaller);
    return smaller.length > 0
      ? { cause: "memory-limit-too-low", action: "rollback", confidence: 0.85, evidence }
      : { cause: "oom-kill", action: "restart", confidence: 0.88, evidence };
  },
  stopped(/\(disk-full\)/, "disk-full", 0.88, "restart", "restart"),
  stopped(/\((?:initialization-failed)\)/, "startup-misconfiguration", 0.85, "rollback", "none"),
  stopped(/\((?:crashed|exited-successfully)\)/, "bad-deploy", 0.8, "rollback", "none"),
  said(/certificate|pkix|x509/, "certificate-expired"),
  said(/permission|denied|unauthorized|forbidden/, "permission-denied"),
  said(/throttl|quota|rate.exceeded|too many requests/, "dependency-throttled"),
  said(/too.many.connections|pool|descriptors/, "connection-leak", "restart"),
  said(/no space|disk full|ENOSPC/, "disk-full", "restart"),
  said(/\bdns\b|ENOTFOUND|resolve|unreachable|no route/, "network-failure"),
  said(/refused|unavailable|ECONNREFUSED|connection-refused/, "dependency-down"),
  (facts) => {
    const sick = [
      ...of(facts, "running-task", /UNHEALTHY/),
      ...of(facts, "target-health", /^A target.* is unhealthy|^1 of [2-9]\d* targets are unhealthy/),
    ];
    const healthy = of(facts, "target-health", /^[1-9]\d* of \d+ targets are healthy/);
    if (sick.length === 0 || healthy.length === 0) return undefined;
    return { cause: "hung-task", action: "restart", confidence: 0.85, evidence: ids(sick, healthy) };
  },
  (facts) => {
    const errors = rose(facts, ERRORS);
    const release = released(facts);
    const changed = of(facts, "task-definition-diff", /:(?! no difference)/);
    if (errors.length === 0 || release.length === 0 || changed.length === 0) return undefined;
    return {
      cause: "bad-deploy",
      action: "rollback",
      confidence: 0.8,
      evidence: ids(errors, release, changed),
    };
  },
  (facts) => {
    const [cpu, requests] = [rose(facts, /CPUUtilization/), rose(facts, /RequestCount/)];
    if (cpu.length === 0 || requests.length === 0) return undefined;
    return { cause: "traffic-spike", action: "scale", confidence: 0.85, evidence: ids(requests, cpu) };
  },
  (facts) => {
    const memory = rose(facts, /MemoryUtilization/).filter(({ text }) => /\(ramp/.test(text));
    if (memory.length === 0) return undefined;
    return { cause: "memory-leak", action: "restart", confidence: 0.84, evidence: ids(memory) };
  },
  (facts) => {
    const cpu = rose(facts, /CPUUtilization|TaskCpuUtilization/);
    if (cpu.length === 0) return undefined;
    return { cause: "cpu-saturation", action: "none", confidence: 0.7, evidence: ids(cpu) };
  },
  (facts) => {
    const requests = fell(facts, /RequestCount/);
    if (requests.length === 0) return undefined;
    return { cause: "traffic-loss", action: "none", confidence: 0.75, evidence: ids(requests) };
  },
];
