import type { Diagnosis } from "../../src/domain/diagnosis.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import { at, evidence, target, taskId } from "./evidence.ts";

/** Whole incidents as the pipeline leaves them, for tests of everything that reads one. */

const diagnosis: Diagnosis = {
  cause: "memory-leak",
  rootCause:
    "A memory leak in the app container drove memory to 97.8 percent; one task was already OOM-killed",
  action: "restart",
  confidence: 0.91,
  severity: "P2",
  rca: "Memory climbed steadily for 18 minutes while traffic stayed level, then a container was killed with exit code 137. No deployment preceded it.",
  evidence: ["E1", "E2", "E5"],
  against: [],
  ruledOut: [
    { cause: "traffic-spike", why: "requests are level at 120 a minute (E6)" },
    { cause: "bad-deploy", why: "the last deployment was 25 hours before the onset (E4)" },
  ],
  missing: [],
  nextSteps: [
    "Take a heap snapshot of a task older than one hour",
    "Compare the heap of revisions 41 and 42",
  ],
  by: "rules",
};

const trail = [
  { rule: "confidence-threshold", outcome: "pass", reason: "0.91 is above 0.75" },
  { rule: "cause-action-matrix", outcome: "pass", reason: "restart cures memory-leak" },
  { rule: "mode", outcome: "pass", reason: "restart is auto for payment-service" },
  { rule: "cooldown", outcome: "pass", reason: "no action on this service in the last 10 minutes" },
] as const;

const restart: Incident["actions"][number] = {
  action: "restart",
  target,
  outcome: "done",
  before: { running: 2, healthy: 2 },
  after: { running: 2, healthy: 2 },
  steps: [
    {
      what: `StopTask ${taskId}`,
      outcome: "done",
      detail: "replaced by 9b1c after 31 s",
      startedAt: at(2.1),
      endedAt: at(33),
    },
  ],
  undo: "none needed: ECS replaced the task",
};

/** A memory leak, restarted, proven. */
export function resolvedIncident(): Incident {
  return structuredClone({
    schemaVersion: "1",
    id: "inc-20261123-070000-payment-service",
    status: "resolved",
    summary: "A memory leak was cleared by restarting one task; memory is back at 54 percent.",
    severity: "P2",
    target,
    alert: {
      key: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:payment-memory#2026-11-23T07:00:00.000Z",
      source: "cloudwatch-sns",
      state: "ALARM",
      firedAt: at(-1),
      receivedAt: at(0),
      title: "payment-memory",
      target,
      region: "us-east-1",
      alarm: { name: "payment-memory", threshold: 90, comparison: "GreaterThanThreshold" },
    },
    openedAt: at(0),
    closedAt: at(214),
    diagnoser: "rules",
    evidence,
    diagnosis,
    decision: {
      kind: "act",
      cause: "memory-leak",
      confidence: { stated: 0.91, earned: 0.91, lowered: [] },
      trail: [...trail],
      action: "restart",
      target,
      plan: {
        action: "restart",
        tasks: [
          { taskArn: `arn:aws:ecs:us-east-1:123456789012:task/production/${taskId}`, taskId, why: "oldest" },
        ],
      },
    },
    actions: [restart],
    verification: {
      outcome: "recovered",
      reason: "steady at 2 tasks, memory inside the threshold and the alarm OK for 3 looks",
      checks: [
        { condition: "service-steady", met: true, detail: "2 of 2 tasks running" },
        { condition: "no-bad-stops", met: true, detail: "no task stopped since the action" },
        { condition: "metric-inside-threshold", met: true, detail: "54 is below 90" },
        { condition: "alarm-ok", met: true, detail: "OK since 07:02:40" },
      ],
      looks: 6,
      heldLooks: 3,
      metricBefore: 97.8,
      metricAfter: 54.2,
      startedAt: at(34),
      endedAt: at(214),
    },
    failures: [],
    timeline: [
      { at: at(0), sinceMs: 0, event: "alert-received", detail: "payment-memory went to ALARM" },
      { at: at(1.042), sinceMs: 1042, event: "evidence-gathered", detail: "6 facts, 1 gap" },
      { at: at(1.06), sinceMs: 1060, event: "diagnosis-made", detail: "memory-leak, 0.91" },
      { at: at(1.07), sinceMs: 1070, event: "decision-made", detail: "act: restart" },
      { at: at(2.1), sinceMs: 2100, event: "action-started", detail: `StopTask ${taskId}` },
      { at: at(33), sinceMs: 33_000, event: "action-finished", detail: "done" },
      { at: at(214), sinceMs: 214_000, event: "recovery-verified", detail: "recovered" },
    ],
  } satisfies Incident);
}

/** A dead dependency: restart and scale would be harm, so a person is told. */
export function escalatedIncident(): Incident {
  const { verification: _, ...incident } = resolvedIncident();
  return {
    ...incident,
    status: "escalated",
    summary: "The upstream ledger refuses connections; no action of OpsAgent can help.",
    diagnosis: {
      ...diagnosis,
      cause: "dependency-down",
      rootCause: "The ledger service refuses connections",
      action: "none",
      confidence: 0.86,
    },
    decision: {
      kind: "decline",
      cause: "dependency-down",
      confidence: { stated: 0.86, earned: 0.86, lowered: [] },
      action: "none",
      trail: [{ rule: "cause-action-matrix", outcome: "refuse", reason: "no action cures dependency-down" }],
      reasons: ["no action cures dependency-down"],
    },
    actions: [],
  };
}

/** Acted, but recovery was not proven in time. */
export function unprovenIncident(): Incident {
  const incident = resolvedIncident();
  return {
    ...incident,
    status: "escalated",
    summary: "Two tasks were added, but the alarm metric did not come back in time.",
    decision: {
      kind: "act",
      cause: "traffic-spike",
      confidence: { stated: 0.88, earned: 0.88, lowered: [] },
      trail: [...trail],
      action: "scale",
      target,
      plan: { action: "scale", from: 2, to: 4 },
    },
    actions: [
      {
        ...restart,
        action: "scale",
        before: { desired: 2 },
        after: { desired: 4 },
        undo: "set desired to 2",
      },
    ],
    verification: {
      outcome: "unknown",
      reason: "no data of the alarm metric within 240 s",
      checks: [{ condition: "metric-inside-threshold", met: null, detail: "no data" }],
      looks: 8,
      heldLooks: 0,
      startedAt: at(34),
      endedAt: at(274),
    },
  };
}

/** The model's key is missing: nothing was diagnosed, nothing was done. */
export function failedIncident(): Incident {
  const { evidence: _e, diagnosis: _d, decision: _c, verification: _v, ...incident } = resolvedIncident();
  return {
    ...incident,
    status: "failed",
    diagnoser: "model",
    summary: "OpsAgent could not diagnose: no model is configured.",
    actions: [],
    failures: [
      {
        code: "model-not-configured",
        stage: "diagnose",
        message: "OPENROUTER_API_KEY is not set",
        remedy: "Set it, or set OPSAGENT_DIAGNOSER=rules.",
      },
    ],
  };
}

/** Observe mode: the restart was held back. */
export function observedIncident(): Incident {
  const { verification: _, ...incident } = resolvedIncident();
  return { ...incident, status: "observed", summary: "Observe mode: nothing was done.", actions: [] };
}
