/** A small incident for tests of the model's part: an OOM kill with metrics, logs and one gap. */
import type { Alert } from "../../src/domain/alert.ts";
import type { Evidence, Fact } from "../../src/domain/evidence.ts";

const at = "2026-11-20T10:00:00.000Z";

export const alert: Alert = {
  key: "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:payment-memory@1",
  source: "cloudwatch-sns",
  state: "ALARM",
  firedAt: at,
  receivedAt: at,
  title: "payment-memory",
  target: { cluster: "production", service: "payment-service" },
  alarm: {
    name: "payment-memory",
    description: "Memory of payment-service",
    threshold: 85,
    comparison: "GreaterThanThreshold",
    evaluationPeriods: 2,
    metric: {
      namespace: "AWS/ECS",
      name: "MemoryUtilization",
      dimensions: { ClusterName: "production", ServiceName: "payment-service" },
      statistic: "Average",
      periodSeconds: 60,
    },
  },
};

export const stopped: Fact = {
  id: "E1",
  kind: "stopped-tasks",
  provenance: "control-plane",
  at,
  statement: "2 tasks stopped: OutOfMemoryError: container killed due to memory usage, exit code 137",
  data: {
    class: "out-of-memory",
    count: 2,
    taskIds: ["t1", "t2"],
    taskDefinition: "payment:7",
    containers: [{ name: "app", exitCode: 137, reason: "OutOfMemoryError" }],
  },
};

export const memory: Fact = {
  id: "E2",
  kind: "metric",
  provenance: "metric",
  at,
  statement: "memory ramps from 40 % to 98 % since 09:40",
  data: {
    role: "memory",
    isAlarm: true,
    label: "MemoryUtilization",
    unit: "Percent",
    statistic: "Average",
    periodSeconds: 60,
    threshold: 85,
    summary: {
      count: 60,
      first: at,
      last: at,
      baseline: 40,
      current: 98,
      min: 38,
      max: 99,
      direction: "up",
      shape: "ramp",
      slopePerMinute: 3,
    },
    points: [],
  },
};

export function logPattern(id: string, statement: string): Fact {
  return {
    id,
    kind: "log-pattern",
    provenance: "log",
    statement,
    data: {
      level: "error",
      template: statement,
      count: 12,
      firstAt: at,
      lastAt: at,
      newSinceOnset: true,
    },
  };
}

export const evidence: Evidence = {
  observedAt: at,
  onset: at,
  facts: [stopped, memory, logPattern("E3", "12 x heap out of memory in <*>")],
  gaps: [
    { source: "changes", code: "aws-denied", message: "ListServiceDeployments denied", important: false },
  ],
  lastLines: ["a raw line that no model may see"],
};
