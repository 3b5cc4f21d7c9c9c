/** The hours that inputs are put over: each is told right without any of them. */
import { noise, series, step } from "../scenarios/series.ts";
import type { World } from "../scenarios/types.ts";
import { alarm, fleet, TIMED_OUT } from "../scenarios/vocabulary.ts";

const few = alarm("runningTasks", "<", 3, { of: [2, 2], fired: -15 });

/** Two of three tasks run; what stops the third is the input's. */
const shortOfOne = {
  service: "web",
  desired: 3,
  insights: "service",
  running: fleet(2, 9_000),
  metrics: { runningTasks: series(3, step(-18, 2, 1)) },
  alarm: few,
} as const satisfies World;

/** The load of a service under four times its traffic. */
const busy = {
  requests: series(2_000, step(-16, 8_000, 3)),
  p99: series(0.3, step(-13, 3.4, 3)),
  cpu: series(35, step(-16, 97, 3), noise(0.02)),
};

const failing = {
  errors5xx: series(0.4, step(-12, 420, 2)),
  p99: series(0.3, step(-12, 5.2, 2)),
  p50: series(0.04, step(-12, 2.1, 2)),
};

export const STORIES: Readonly<Record<string, World>> = {
  /** One task does not start. */
  "short-of-one": shortOfOne,
  /** Fourfold traffic, CPU from 35 to 97 %. */
  "traffic-spike": {
    service: "web",
    desired: 3,
    metrics: busy,
    alarm: alarm("cpu", ">", 80, { of: [5, 5] }),
  },
  "traffic-spike-on-hosts": {
    service: "web",
    desired: 3,
    launch: "ec2",
    metrics: busy,
    alarm: alarm("cpu", ">", 80, { of: [5, 5] }),
  },
  /** Three tasks were killed in twenty minutes and replaced. */
  "replaced-tasks": {
    ...shortOfOne,
    running: [{ age: 15 }, { age: 8 }, { age: 1.2 }],
    metrics: { runningTasks: series(3, step(-18, 2, 1), step(-1, 3, 1)) },
  },
  /** Answers fail and take long, on an hour without any change. What the logs say is the input's. */
  failing: {
    service: "web",
    desired: 3,
    metrics: failing,
    alarm: alarm("errors5xx", ">", 50, { of: [3, 3] }),
  },
  /** One of three targets answers no health check. */
  "one-hangs": {
    service: "web",
    desired: 3,
    running: [{ age: 4_300, target: TIMED_OUT }, { age: 4_290 }, { age: 4_280 }],
    metrics: { unhealthyHosts: series(0, step(-9, 1, 1)), healthyHosts: series(3, step(-9, 2, 1)) },
    alarm: alarm("unhealthyHosts", ">=", 1, { of: [3, 3] }),
  },
  "one-hangs-on-hosts": {
    service: "web",
    desired: 3,
    launch: "ec2",
    running: [{ age: 4_300, target: TIMED_OUT }, { age: 4_290 }, { age: 4_280 }],
    metrics: { unhealthyHosts: series(0, step(-9, 1, 1)), healthyHosts: series(3, step(-9, 2, 1)) },
    alarm: alarm("unhealthyHosts", ">=", 1, { of: [3, 3] }),
  },
  /** A new revision beside the old one, which is still there, and fourfold traffic later. */
  "traffic-spike-in-a-shift": {
    service: "web",
    desired: 3,
    deployments: [
      { revision: 0, at: -55, rollout: "IN_PROGRESS", desired: 3, running: 3 },
      { revision: -1, at: -17 * 1440, status: "ACTIVE", desired: 3, running: 3 },
    ],
    running: [...fleet(3, 50), ...fleet(3, 9_000, { revision: -1 })],
    metrics: busy,
    alarm: alarm("cpu", ">", 80, { of: [5, 5] }),
  },
  /** A new revision beside the old one, and answers that fail since traffic has come to it. */
  "failing-in-a-shift": {
    service: "web",
    desired: 3,
    deployments: [
      { revision: 0, at: -18, rollout: "IN_PROGRESS", desired: 3, running: 3 },
      { revision: -1, at: -17 * 1440, status: "ACTIVE", desired: 3, running: 3 },
    ],
    running: [...fleet(3, 15), ...fleet(3, 9_000, { revision: -1 })],
    metrics: failing,
    alarm: alarm("errors5xx", ">", 50, { of: [3, 3] }),
  },
};
