import { ramp, series, step } from "../series.ts";
import {
  alarm,
  cases,
  elbStop,
  errorLog,
  fleet,
  infoLog,
  leave,
  repeated,
  replacedStop,
  restartNow,
  truth,
  warnLog,
} from "../vocabulary.ts";

const timedOut = { state: "unhealthy", reason: "Target.Timeout", description: "Request timed out" } as const;

export const healthCases = cases(
  {
    name: "deadlocked-task",
    of: "hung-task",
    story: "One of six tasks is deadlocked: it runs, it is silent, and its health checks time out.",
    why: "One target times out while five answer; its CPU fell to nothing; level traffic, no change for days.",
    world: {
      service: "inventory",
      desired: 6,
      insights: "tasks",
      minimumHealthyPercent: 50,
      running: [
        ...fleet(5, 7_000).map((task) => ({ ...task, cpu: series(30) })),
        { age: 7_010, target: timedOut, cpu: series(30, step(-9, 0.4, 1)) },
      ],
      metrics: {
        unhealthyHosts: series(0, step(-8, 1, 1)),
        cpu: series(30, step(-9, 26, 1)),
        p99: series(0.3, step(-9, 6, 1)),
        elb5xx: series(0.1, step(-9, 8, 1)),
      },
      alarm: alarm("unhealthyHosts", ">=", 1, { of: [3, 3] }),
      logs: {
        style: "spring",
        entries: [
          warnLog(
            [-10, -9],
            2,
            "Thread http-nio-8080-exec-7 has been blocked for {n} ms waiting on a monitor",
          ),
        ],
      },
    },
    truth: restartNow("hung-task"),
  },
  {
    name: "worker-checks-fail",
    of: "hung-task",
    story:
      "A queue worker without load balancer: one of four fails its container check and consumes nothing.",
    why: "ECS says UNHEALTHY for one task only, its CPU is at zero, the others are HEALTHY and work.",
    world: {
      service: "order-worker",
      desired: 4,
      balancer: false,
      insights: "tasks",
      minimumHealthyPercent: 50,
      definition: { healthCheck: "test $(($(date +%s) - $(stat -c %Y /tmp/heartbeat))) -lt 60" },
      running: [
        ...fleet(3, 3_000, { health: "HEALTHY" }).map((task) => ({ ...task, cpu: series(44) })),
        { age: 3_100, health: "UNHEALTHY", cpu: series(44, step(-13, 0.2, 1)) },
      ],
      events: [[-4, "has 1 tasks in consecutive failed container health checks."]],
      custom: {
        namespace: "AWS/SQS",
        name: "ApproximateAgeOfOldestMessage",
        dimensions: { QueueName: "orders" },
        series: series(8, ramp(-13, 420)),
      },
      metrics: { cpu: series(44, step(-13, 33, 1)) },
      alarm: alarm("custom", ">", 180, { statistic: "Maximum", of: [3, 3], name: "queue-age" }),
      logs: { style: "go", entries: [infoLog([-25, 0], 6, "job {hex} done in {ms}ms")] },
    },
    truth: restartNow("hung-task"),
  },
  {
    name: "renamed-health-route",
    of: "health-check-misconfigured",
    story: "The new release renamed its health route; the load balancer still asks for the old one.",
    why: "New tasks serve and log 404 for the health path only; the scheduler kills each after three failed checks with 404; old tasks stay healthy.",
    world: {
      service: "accounts",
      desired: 3,
      breaker: "off",
      balancer: {
        path: "/health",
        extra: [{ state: "draining", reason: "Target.DeregistrationInProgress" }],
      },
      deployments: [
        { revision: 0, at: -17, rollout: "IN_PROGRESS", failed: 5, desired: 3, running: 1 },
        { revision: -1, at: -14_000, desired: 3, running: 3 },
      ],
      running: [
        ...fleet(3, 13_990, { revision: -1 }),
        {
          age: 1,
          target: {
            state: "unhealthy",
            reason: "Target.ResponseCodeMismatch",
            description: "Health checks failed with these codes: [404]",
          },
        },
      ],
      stopped: repeated(5, -2.4, 2.7, (at) =>
        elbStop(at, 1.9, "Health checks failed with these codes: [404]"),
      ),
      events: [
        [
          -2.6,
          "(port 8080) is unhealthy in (target-group {targetGroup}) due to (reason Health checks failed with these codes: [404]).",
        ],
        [
          -8,
          "(port 8080) is unhealthy in (target-group {targetGroup}) due to (reason Health checks failed with these codes: [404]).",
        ],
      ],
      metrics: { unhealthyHosts: series(0, step(-15, 1, 1)) },
      alarm: alarm("unhealthyHosts", ">=", 1, { of: [10, 10] }),
      logs: {
        style: "uvicorn",
        entries: [
          infoLog([-16, 0], 5, '{ip}:{n} - "GET /health HTTP/1.1" 404 Not Found'),
          infoLog([-16, 0], 0.5, "Application startup complete."),
        ],
      },
    },
    truth: truth(["health-check-misconfigured"], ["rollback", "none"], ["ask", "decline"]),
  },
  {
    name: "slow-start-short-grace",
    of: "health-check-misconfigured",
    story:
      "Somebody cut the grace period to ten seconds; the service needs ninety to start, so the replacement of a lost task is killed over and over.",
    why: "Each replacement dies of load-balancer checks after 60 s in the middle of its start; grace is 10 s; old tasks of the same revision are well, and nothing was deployed for days.",
    world: {
      service: "risk-scoring",
      desired: 4,
      graceSeconds: 10,
      running: [
        ...fleet(3, 4_100),
        {
          age: 0.6,
          target: {
            state: "unhealthy",
            reason: "Target.FailedHealthChecks",
            description: "Health checks failed",
          },
        },
      ],
      stopped: [
        {
          at: -17,
          lived: 4_100,
          code: "SpotInterruption",
          reason: "Your Spot Task was interrupted.",
          exit: 143,
        },
        ...repeated(7, -1.1, 2.2, (at) => elbStop(at, 1.0, "Health checks failed")),
      ],
      deployments: [{ revision: 0, at: -4_160 }],
      events: [
        [
          -1.3,
          "(port 8080) is unhealthy in (target-group {targetGroup}) due to (reason Health checks failed).",
        ],
      ],
      metrics: { healthyHosts: series(4, step(-16, 3, 1)), unhealthyHosts: series(0, step(-16, 1, 1)) },
      alarm: alarm("healthyHosts", "<", 4, { of: [10, 10] }),
      logs: {
        style: "spring",
        entries: [
          infoLog([-16, 0], 0.5, "Starting RiskApplication v7.2 using Java 21"),
          infoLog([-16, 0], 0.5, "HikariPool-1 - Start completed."),
          infoLog([-16, 0], 0.4, "Commencing graceful shutdown. Waiting for active requests to complete"),
        ],
      },
    },
    truth: truth(["health-check-misconfigured"], ["none", "rollback"], ["decline", "ask"]),
  },
  {
    name: "leftover-of-stop-timeout",
    of: "no-fault",
    story:
      "A deployment replaced tasks that ignore SIGTERM: exit 137 after thirty seconds; all is well since.",
    why: "137 comes with a scheduler stop and no word of memory; memory is low; the deployment completed and the alarm is OK.",
    world: {
      service: "webhooks",
      desired: 3,
      deployments: [{ revision: 0, at: -21 }],
      running: fleet(3, 19),
      stopped: [
        replacedStop(-18, 9_000, { revision: -1, exit: 137 }),
        replacedStop(-17.4, 9_000, { revision: -1, exit: 137 }),
        replacedStop(-16.8, 9_000, { revision: -1, exit: 137 }),
      ],
      metrics: { elb5xx: series(0.1, step(-19, 18, 1), step(-15, 0.1, 1)), memory: series(34) },
      alarm: alarm("elb5xx", ">", 10, { of: [2, 3], fired: -16.3, okSince: -11.5 }),
      logs: {
        style: "node",
        entries: [errorLog([-19, -16.5], 2, "write after end"), infoLog([-20, -17], 1, "listening on 8080")],
      },
    },
    truth: leave("no-fault", "deploy-in-progress"),
  },
);
