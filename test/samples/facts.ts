/** Single facts, diagnoses and policies, small enough to read at a glance in a test. */
import type { ActionRecord } from "../../src/domain/action-record.ts";
import type { Diagnosis } from "../../src/domain/diagnosis.ts";
import type { Evidence, Fact, FactOf, Gap, MetricRole, StopClass } from "../../src/domain/evidence.ts";
import type { Policy } from "../../src/domain/policy.ts";
import type { DecideInput } from "../../src/remediation/decide.ts";
import { actingPolicy } from "./acting-policy.ts";

export const NOW = "2026-11-23T07:00:00.000Z";
export const TARGET = { cluster: "production", service: "shop" };

/** ISO time, `seconds` before {@link NOW}. */
export const ago = (seconds: number) => new Date(Date.parse(NOW) - seconds * 1000).toISOString();

type WithoutId<T> = T extends unknown ? Omit<T, "id"> : never;
export type Draft = WithoutId<Fact>;

/** An evidence pack of these facts, with ids E1, E2 ... in their order. */
export function packOf(drafts: readonly Draft[], gaps: readonly Gap[] = []): Evidence {
  return {
    observedAt: NOW,
    onset: ago(300),
    facts: drafts.map((draft, index): Fact => ({ ...draft, id: `E${index + 1}` })),
    gaps: [...gaps],
    lastLines: [],
  };
}

export const gap = (source: string, important = true): Gap => ({
  source,
  code: "aws-denied",
  message: `${source} was denied`,
  important,
});

export function service(data: Partial<FactOf<"service">["data"]> = {}): Draft {
  return {
    kind: "service",
    provenance: "control-plane",
    statement: "the service",
    data: {
      status: "ACTIVE",
      desired: 3,
      running: 3,
      pending: 0,
      taskDefinition: "shop:7",
      controller: "ECS",
      ...data,
    },
  };
}

export function deployment(data: Partial<FactOf<"deployment">["data"]> = {}): Draft {
  return {
    kind: "deployment",
    provenance: "control-plane",
    statement: "a deployment",
    data: {
      id: "ecs-svc/1",
      status: "PRIMARY",
      rolloutState: "COMPLETED",
      taskDefinition: "shop:7",
      desired: 3,
      running: 3,
      failedTasks: 0,
      inProgress: false,
      ...data,
    },
  };
}

export function diff(what = "app image"): Draft {
  return {
    kind: "task-definition-diff",
    provenance: "control-plane",
    statement: "a difference",
    data: { from: "shop:6", to: "shop:7", changes: [{ what, before: "a", after: "b" }] },
  };
}

export const taskArn = (id: string) => `arn:aws:ecs:us-east-1:000000000000:task/production/${id}`;

export function task(id: string, data: Partial<FactOf<"running-task">["data"]> = {}): Draft {
  return {
    kind: "running-task",
    provenance: "control-plane",
    statement: `task ${id}`,
    data: { taskArn: taskArn(id), taskId: id, lastStatus: "RUNNING", taskDefinition: "shop:7", ...data },
  };
}

export function stops(stopClass: StopClass, data: Partial<FactOf<"stopped-tasks">["data"]> = {}): Draft {
  return {
    kind: "stopped-tasks",
    provenance: "control-plane",
    statement: `a task stopped: ${stopClass}`,
    data: {
      class: stopClass,
      count: 1,
      taskIds: ["gone"],
      taskDefinition: "shop:7",
      containers: [],
      lastAt: ago(60),
      ...data,
    },
  };
}

type MetricData = FactOf<"metric">["data"];

/** A metric that rose to `current`, unless `summary` says otherwise. */
export function metric(
  role: MetricRole,
  current: number,
  data: Partial<Omit<MetricData, "summary">> & { summary?: Partial<MetricData["summary"]> } = {},
): Draft {
  return {
    kind: "metric",
    provenance: "metric",
    statement: `${role} at ${current}`,
    data: {
      role,
      label: role,
      unit: "%",
      statistic: "Average",
      periodSeconds: 60,
      points: [],
      ...data,
      summary: {
        count: 60,
        first: ago(3600),
        last: ago(60),
        baseline: current / 2,
        current,
        min: current / 2,
        max: current,
        direction: "up",
        shape: "ramp",
        slopePerMinute: 1,
        ...data.summary,
      },
    },
  };
}

/** A metric that does what it always does. */
export const steady = (role: MetricRole, current: number, data: Partial<Omit<MetricData, "summary">> = {}) =>
  metric(role, current, { ...data, summary: { baseline: current, direction: "none", shape: "flat" } });

export function unhealthyTarget(taskId?: string, data: Partial<FactOf<"target-health">["data"]> = {}): Draft {
  return {
    kind: "target-health",
    provenance: "control-plane",
    statement: "a target is unhealthy",
    data: {
      state: "unhealthy",
      reason: "Target.Timeout",
      targetGroup: "shop",
      target: "10.0.0.1:80",
      ...(taskId === undefined ? {} : { taskId }),
      ...data,
    },
  };
}

export function limits(min: number, max: number): Draft {
  return {
    kind: "scaling-limits",
    provenance: "control-plane",
    statement: "autoscaling",
    data: { min, max, suspended: false },
  };
}

export function event(eventClass: FactOf<"service-event">["data"]["class"]): Draft {
  return {
    kind: "service-event",
    provenance: "control-plane",
    statement: "an event",
    data: { class: eventClass, message: "an event", count: 1 },
  };
}

export function logs(signal: FactOf<"log-pattern">["data"]["signal"] = "out-of-memory"): Draft {
  return {
    kind: "log-pattern",
    provenance: "log",
    statement: "the application says so",
    data: {
      level: "error",
      template: "JavaScript heap out of memory",
      count: 40,
      firstAt: ago(300),
      lastAt: ago(10),
      newSinceOnset: true,
      ...(signal === undefined ? {} : { signal }),
    },
  };
}

export function memory(): Draft {
  return {
    kind: "past-incident",
    provenance: "memory",
    statement: "this happened before",
    data: { incidentId: "inc-0", cause: "oom-kill", action: "restart", outcome: "recovered" },
  };
}

export function diagnosisOf(given: Partial<Diagnosis> = {}): Diagnosis {
  return {
    cause: "oom-kill",
    rootCause: "A task was killed for going over its memory limit.",
    action: "restart",
    confidence: 0.9,
    severity: "P2",
    rca: "",
    evidence: ["E1"],
    against: [],
    ruledOut: [],
    missing: [],
    nextSteps: [],
    by: "rules",
    ...given,
  };
}

/** A policy that acts, with these keys changed. */
export const policyOf: (keys?: unknown) => Policy = actingPolicy;

export function past(given: Partial<ActionRecord> = {}): ActionRecord {
  return {
    incidentId: "inc-past",
    ...TARGET,
    action: "restart",
    cause: "oom-kill",
    at: ago(3 * 3600),
    verified: true,
    ...given,
  };
}

/** Three tasks, one of them near its memory limit, one killed before: a case that is acted on. */
export const SICK: readonly Draft[] = [
  stops("out-of-memory"),
  service(),
  deployment(),
  task("a", { startedAt: ago(9000) }),
  task("b", { startedAt: ago(100) }),
  task("c", { startedAt: ago(9100) }),
  metric("task-memory", 92, { taskId: "a" }),
  steady("task-memory", 40, { taskId: "b" }),
  steady("task-memory", 41, { taskId: "c" }),
];

/** Requests doubled and CPU with them: a case that is scaled. */
export const BUSY: readonly Draft[] = [
  metric("requests", 500),
  service(),
  deployment(),
  task("a"),
  task("b"),
  task("c"),
  metric("cpu", 95),
  limits(1, 10),
];

/** Everything `decide` takes; by default the case of {@link SICK}, which is acted on. */
export function decideInput(
  given: Partial<Omit<DecideInput, "diagnosis">> & {
    facts?: readonly Draft[];
    gaps?: readonly Gap[];
    diagnosis?: Partial<Diagnosis>;
  } = {},
): DecideInput {
  const { facts = SICK, gaps = [], diagnosis = {}, ...rest } = given;
  return {
    evidence: packOf(facts, gaps),
    target: TARGET,
    policy: policyOf(),
    ceiling: "auto",
    history: [],
    now: NOW,
    ...rest,
    diagnosis: diagnosisOf(diagnosis),
  };
}

/** The case of {@link BUSY}. */
export function scaleInput(given: Parameters<typeof decideInput>[0] = {}): DecideInput {
  return decideInput({
    facts: BUSY,
    ...given,
    diagnosis: { cause: "traffic-spike", action: "scale", ...given.diagnosis },
  });
}
