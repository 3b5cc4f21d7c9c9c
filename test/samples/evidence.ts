import type { Evidence } from "../../src/domain/evidence.ts";

/** What was seen of a memory leak: an alarm metric that climbs, an OOM kill, level requests, no deployment. */

export const target = { cluster: "production", service: "payment-service" };
export const taskId = "4f2a9c1b7d";
const taskDefinition = "arn:aws:ecs:us-east-1:123456789012:task-definition/payment-service:42";
const start = Date.parse("2026-11-23T07:00:00.000Z");

/** ISO time, `seconds` after the alert. */
export const at = (seconds: number) => new Date(start + seconds * 1_000).toISOString();

const ramp = (from: number, to: number): [number, number][] =>
  Array.from({ length: 60 }, (_, index) => [
    start - (60 - index) * 60_000,
    index < 42 ? from + Math.sin(index) : from + ((to - from) * (index - 41)) / 18,
  ]);

const summary = {
  count: 60,
  first: at(-3600),
  last: at(-60),
  baseline: 52.1,
  current: 97.8,
  min: 51,
  max: 97.8,
  onset: at(-1080),
  direction: "up",
  shape: "ramp",
  slopePerMinute: 2.5,
} as const;

export const evidence: Evidence = {
  observedAt: at(1),
  onset: at(-1080),
  facts: [
    {
      id: "E1",
      provenance: "metric",
      at: at(-60),
      statement: "Memory rose from 52.1 to 97.8 percent since 06:42, a steady ramp of 2.5 a minute",
      kind: "metric",
      data: {
        role: "memory",
        isAlarm: true,
        label: "MemoryUtilization",
        unit: "Percent",
        statistic: "Maximum",
        periodSeconds: 60,
        threshold: 90,
        summary,
        points: ramp(52, 97.8),
      },
    },
    {
      id: "E2",
      provenance: "control-plane",
      at: at(-30),
      statement: "1 task stopped: OutOfMemoryError, container app exited with 137",
      kind: "stopped-tasks",
      data: {
        class: "out-of-memory",
        count: 1,
        taskIds: ["77aa01"],
        stopCode: "EssentialContainerExited",
        stoppedReason: "OutOfMemoryError: Container killed due to memory usage",
        lastAt: at(-30),
        medianLifeSeconds: 5400,
        taskDefinition,
        containers: [{ name: "app", exitCode: 137, reason: "OutOfMemoryError" }],
      },
    },
    {
      id: "E3",
      provenance: "control-plane",
      statement: "The service runs 2 of 2 tasks, no deployment is running",
      kind: "service",
      data: {
        status: "ACTIVE",
        desired: 2,
        running: 2,
        pending: 0,
        taskDefinition,
        controller: "ECS",
      },
    },
    {
      id: "E4",
      provenance: "control-plane",
      at: at(-90_000),
      statement: "Last deployment 25 hours before the onset, completed",
      kind: "deployment",
      data: {
        id: "ecs-svc/1",
        status: "PRIMARY",
        rolloutState: "COMPLETED",
        taskDefinition,
        createdAt: at(-90_000),
        desired: 2,
        running: 2,
        failedTasks: 0,
        inProgress: false,
        secondsBeforeOnset: 88_920,
      },
    },
    {
      id: "E5",
      provenance: "log",
      at: at(-40),
      statement: "41 x error: JavaScript heap out of memory <*>",
      kind: "log-pattern",
      data: {
        level: "error",
        template: "FATAL ERROR: JavaScript heap out of memory <*>",
        count: 41,
        firstAt: at(-300),
        lastAt: at(-40),
        newSinceOnset: true,
        signal: "out-of-memory",
      },
    },
    {
      id: "E6",
      provenance: "metric",
      at: at(-60),
      statement: "Requests are level at 120 a minute",
      kind: "metric",
      data: {
        role: "requests",
        label: "RequestCount",
        unit: "Count",
        statistic: "Sum",
        periodSeconds: 60,
        summary: {
          ...summary,
          baseline: 120,
          current: 121,
          min: 117,
          max: 124,
          direction: "none",
          shape: "flat",
        },
        points: ramp(120, 121),
      },
    },
  ],
  gaps: [
    {
      source: "changes",
      code: "aws-denied",
      message: "cloudtrail:LookupEvents is not allowed",
      important: false,
    },
  ],
  lastLines: [
    `${at(-41)} app WARN heap at 97 % of 512 MiB`,
    `${at(-40)} app FATAL ERROR: JavaScript heap out of memory`,
  ],
};
