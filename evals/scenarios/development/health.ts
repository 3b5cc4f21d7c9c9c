import { ramp, series, step } from "../series.ts";
import {
  alarm,
  askOrWait,
  cases,
  containerCheckStop,
  elbStop,
  errorLog,
  fleet,
  infoLog,
  leave,
  repeated,
  restartNow,
  TIMED_OUT,
  truth,
  warnLog,
} from "../vocabulary.ts";

const NOT_FOUND = {
  state: "unhealthy",
  reason: "Target.ResponseCodeMismatch",
  description: "Health checks failed with these codes: [404]",
} as const;

export const healthCases = cases(
  {
    name: "event-loop-blocked",
    of: "hung-task",
    story:
      "Two of eight Node tasks are stuck in a synchronous loop over a poisoned document; their checks time out.",
    why: "Two targets time out with a full core each, six are well with the same traffic and revision.",
    world: {
      service: "doc-preview",
      desired: 8,
      minimumHealthyPercent: 50,
      insights: "tasks",
      running: [
        ...fleet(6, 4_000).map((task) => ({ ...task, cpu: series(25) })),
        ...fleet(2, 3_990, { target: TIMED_OUT }).map((task) => ({
          ...task,
          cpu: series(25, step(-11, 50, 1)),
        })),
      ],
      metrics: {
        unhealthyHosts: series(0, step(-10, 2, 1)),
        elb5xx: series(0.1, step(-11, 24, 1)),
        cpu: series(25, step(-11, 31, 1)),
      },
      alarm: alarm("unhealthyHosts", ">=", 2, { of: [5, 5] }),
      logs: { style: "node", entries: [infoLog([-12, -11], 1, "rendering document {uuid}")] },
    },
    truth: restartNow("hung-task"),
  },
  {
    name: "silent-on-the-instance",
    of: "hung-task",
    story: "On EC2, one task of three stops answering after a stop-the-world pause that never ended.",
    why: "Only its host port is unhealthy, it has logged nothing for ten minutes while the others log as ever.",
    world: {
      service: "legacy-portal",
      launch: "ec2",
      desired: 3,
      minimumHealthyPercent: 50,
      running: [...fleet(2, 12_000), { age: 12_100, target: TIMED_OUT }],
      events: [
        [
          -6,
          "(instance i-0a1b2c3d4e5f60718) (port 41783) is unhealthy in (target-group {targetGroup}) due to (reason Request timed out).",
        ],
      ],
      metrics: {
        unhealthyHosts: series(0, step(-9, 1, 1)),
        p99: series(0.4, step(-9, 10, 1)),
        elb5xx: series(0.1, step(-9, 15, 1)),
      },
      alarm: alarm("p99", ">", 3, { of: [5, 5] }),
      logs: { style: "spring", entries: [] },
    },
    truth: restartNow("hung-task"),
  },
  {
    name: "path-edited-in-the-console",
    of: "health-check-misconfigured",
    story:
      "Somebody changed the target group's health path by hand; all targets answer 404 to it and 200 to everybody else.",
    why: "All targets unhealthy with 404 at once, no deployment, traffic and latency as ever and no 5xx: the balancer fails open. The database-down twin would have 503s.",
    world: {
      service: "brochure",
      desired: 3,
      graceSeconds: 60,
      balancer: { path: "/helthz" },
      running: fleet(3, 15_000, { target: NOT_FOUND }),
      events: [
        [
          -3,
          "(port 8080) is unhealthy in (target-group {targetGroup}) due to (reason Health checks failed with these codes: [404]).",
        ],
      ],
      metrics: { unhealthyHosts: series(0, step(-5, 3, 1)), healthyHosts: series(3, step(-5, 0, 1)) },
      alarm: alarm("unhealthyHosts", ">=", 1, { of: [3, 3] }),
      logs: {
        style: "uvicorn",
        chatter: 40,
        entries: [infoLog([-6, 0], 12, '{ip}:{n} - "GET /helthz HTTP/1.1" 404 Not Found')],
      },
    },
    truth: leave("health-check-misconfigured"),
  },
  {
    name: "probe-needs-curl",
    of: "health-check-misconfigured",
    story: "A slimmer base image has no curl; the container check calls it and fails in every new task.",
    why: "The image changed and the check did not work since: tasks start, serve and log well, and are stopped after failed container checks only.",
    world: {
      service: "consent",
      desired: 2,
      breaker: "off",
      definition: {
        healthCheck: "curl -f http://localhost:8080/healthz || exit 1",
        image: "acme/consent:3.0-slim",
      },
      revisions: { [-1]: { image: "acme/consent:2.9" } },
      deployments: [
        { revision: 0, at: -24, rollout: "IN_PROGRESS", desired: 2, running: 1, failed: 7 },
        { revision: -1, at: -7_000, desired: 2, running: 2 },
      ],
      running: [...fleet(2, 6_990, { revision: -1, health: "HEALTHY" }), { age: 1.4, health: "UNKNOWN" }],
      stopped: repeated(7, -2, 3, (at) => containerCheckStop(at, 2.2)),
      events: [[-5, "has 1 tasks in consecutive failed container health checks."]],
      custom: {
        namespace: "Deploys",
        name: "RolloutMinutes",
        dimensions: { Service: "consent" },
        series: series(0, ramp(-24, 24)),
      },
      alarm: alarm("custom", ">", 15, { statistic: "Maximum", of: [2, 2], name: "rollout-stuck" }),
      logs: { style: "dotnet", entries: [infoLog([-23, 0], 0.5, "Now listening on: http://[::]:8080")] },
    },
    truth: askOrWait("health-check-misconfigured", "bad-deploy"),
  },
  {
    name: "wrong-container-port",
    of: "startup-misconfiguration",
    story: "The new revision maps port 3000; the program listens on 8080 as ever.",
    why: "The diff changes only the port; the program logs that it listens on 8080; checks are refused on the new tasks only.",
    world: {
      service: "polls",
      desired: 2,
      breaker: "off",
      definition: { port: 3000, image: "acme/polls:61" },
      revisions: { [-1]: { port: 8080 } },
      deployments: [
        { revision: 0, at: -15, rollout: "IN_PROGRESS", desired: 2, running: 1, failed: 4 },
        { revision: -1, at: -2_000, desired: 2, running: 2 },
      ],
      running: [
        ...fleet(2, 1_990, { revision: -1 }),
        {
          age: 1.2,
          target: {
            state: "unhealthy",
            reason: "Target.FailedHealthChecks",
            description: "Health checks failed",
          },
        },
      ],
      stopped: repeated(4, -2.2, 3, (at) => elbStop(at, 2.1, "Health checks failed")),
      metrics: { unhealthyHosts: series(0, step(-13, 1, 1)) },
      alarm: alarm("unhealthyHosts", ">=", 1, { of: [10, 10] }),
      logs: { style: "node", entries: [infoLog([-14, 0], 0.5, "listening on 8080")] },
    },
    truth: askOrWait("startup-misconfiguration", "health-check-misconfigured"),
  },
  {
    name: "entrypoint-typo",
    of: "startup-misconfiguration",
    story: "The command of the new revision has a typo; the runtime finds no such module.",
    why: "The diff changes the command alone; every task of it exits with 1 at once, 'Cannot find module'.",
    world: {
      service: "cron-gateway",
      desired: 2,
      balancer: false,
      insights: "service",
      breaker: "off",
      minimumHealthyPercent: 50,
      definition: { command: "node dist/srver.js", image: "acme/cron-gateway:7" },
      revisions: { [-1]: { command: "node dist/server.js" } },
      deployments: [
        { revision: 0, at: -11, rollout: "IN_PROGRESS", desired: 2, running: 0, failed: 9 },
        { revision: -1, at: -9_000, desired: 1, running: 1 },
      ],
      running: fleet(1, 8_990, { revision: -1 }),
      stopped: repeated(9, -0.7, 1.1, (at) => ({
        at,
        lived: 0.05,
        code: "EssentialContainerExited",
        reason: "Essential container in task exited",
        exit: 1,
      })),
      metrics: { runningTasks: series(2, step(-10, 1, 1)) },
      alarm: alarm("runningTasks", "<", 2, { of: [5, 5] }),
      logs: {
        style: "node",
        chatter: 6,
        entries: [
          errorLog(
            [-10.5, -0.7],
            0.9,
            "Error: Cannot find module '/app/dist/srver.js'",
            "    at Module._resolveFilename (node:internal/modules/cjs/loader:1225:15)",
            "  code: 'MODULE_NOT_FOUND'",
          ),
          warnLog([-11, 0], 0.5, "DEP0040 punycode is deprecated"),
        ],
      },
    },
    truth: askOrWait("startup-misconfiguration", "bad-deploy"),
  },
  {
    name: "stopped-by-a-person",
    of: "unknown",
    story: "Tasks end with 137 while being stopped by somebody, and CPU has fallen; nobody left a reason.",
    why: "137 after a user's stop is a kill after the stop time-out and no memory matter; why the stop, and why latency is up, the evidence does not say.",
    world: {
      service: "label-printer",
      desired: 3,
      running: [{ age: 8_000 }, { age: 6 }, { age: 5 }],
      stopped: [
        { at: -7, lived: 8_000, code: "UserInitiated", reason: "Task stopped by user", exit: 137 },
        { at: -6, lived: 8_000, code: "UserInitiated", reason: "Task stopped by user", exit: 137 },
      ],
      metrics: { p99: series(0.3, step(-12, 1.4, 2)), cpu: series(33, step(-12, 26, 2)) },
      alarm: alarm("p99", ">", 1, { of: [5, 5] }),
      logs: { style: "rails", entries: [] },
    },
    truth: truth(["unknown"], ["none"], ["decline"]),
  },
);
