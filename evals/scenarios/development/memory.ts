import { noise, ramp, series, step } from "../series.ts";
import {
  alarm,
  askRollback,
  bareLog,
  cases,
  errorLog,
  exitStop,
  fleet,
  infoLog,
  leave,
  oomStop,
  repeated,
  replacedStop,
  restartNow,
  truth,
  warnLog,
} from "../vocabulary.ts";

const GONE = { state: "unhealthy", reason: "Target.Timeout", description: "Request timed out" } as const;

export const memoryCases = cases(
  {
    name: "proxy-sidecar-killed",
    of: "oom-kill",
    story:
      "The proxy sidecar of one task was killed for memory; it is not essential, so the task runs on without it and answers nothing.",
    why: "DescribeTasks shows a stopped container with OutOfMemoryError inside a RUNNING task, and its target is the only unhealthy one.",
    world: {
      service: "customer-api",
      desired: 5,
      minimumHealthyPercent: 50,
      definition: { sidecars: [{ name: "envoy", image: "envoyproxy/envoy:v1.33", memory: 128 }] },
      running: [
        ...fleet(4, 6_000),
        {
          age: 6_010,
          target: GONE,
          ended: {
            container: "envoy",
            exit: 137,
            reason: "OutOfMemoryError: Container killed due to memory usage",
          },
        },
      ],
      metrics: {
        unhealthyHosts: series(0, step(-7, 1, 1)),
        elb5xx: series(0.1, step(-8, 33, 1)),
        memory: series(51),
      },
      alarm: alarm("unhealthyHosts", ">=", 1, { of: [3, 3] }),
      logs: { style: "node", entries: [] },
    },
    truth: restartNow("oom-kill", "hung-task"),
  },
  {
    name: "import-kills-one",
    of: "oom-kill",
    story:
      "A customer's import was too big for one task: it was killed a minute ago, its replacement is starting.",
    why: "One OutOfMemoryError, level memory before and elsewhere, ECS is already replacing it; no trend that a restart would break.",
    world: {
      service: "csv-import",
      desired: 3,
      running: [
        ...fleet(2, 5_000),
        { age: 0.5, target: { state: "initial", reason: "Elb.InitialHealthChecking" } },
      ],
      stopped: [oomStop(-3.4, 4_990)],
      metrics: {
        memory: series(42),
        memoryMaximum: series(47, step(-5, 96, 1), step(-3, 47, 1)),
        errors5xx: series(0.4, step(-4, 38, 1)),
      },
      alarm: alarm("errors5xx", ">=", 20, { of: [2, 3] }),
      logs: {
        style: "spring",
        entries: [
          infoLog([-6, -3.5], 1, "import {uuid}: reading {n}000 rows"),
          errorLog([-3.4, -1], 4, "import {uuid} aborted: connection reset by peer"),
        ],
      },
    },
    truth: truth(["oom-kill"], ["none", "restart"], ["decline", "act"]),
  },
  {
    name: "oldest-task-leaks",
    of: "memory-leak",
    story: "Listeners pile up in the task that holds the admin sockets; the other tasks are level.",
    why: "Per-task memory of the oldest climbs in a straight line for 55 minutes to 94 %, no kill yet, no change. With a minimum of 100 % healthy tasks the guardrail may well refuse to stop one that still serves.",
    world: {
      service: "admin-sockets",
      desired: 4,
      insights: "tasks",
      running: [
        { age: 20_000, memory: series(52, ramp(-55, 95), noise(0.01)) },
        ...fleet(3, 6_000).map((task) => ({ ...task, memory: series(50) })),
      ],
      metrics: { memory: series(50, ramp(-55, 61)), memoryMaximum: series(53, ramp(-55, 95), noise(0.01)) },
      alarm: alarm("memory", ">", 90, { statistic: "Maximum", of: [3, 3] }),
      logs: {
        style: "node",
        entries: [
          warnLog(
            [-5.5, 0],
            0.5,
            "MaxListenersExceededWarning: Possible EventEmitter memory leak detected. {n} message listeners added",
          ),
        ],
      },
    },
    truth: truth(["memory-leak"], ["restart", "none"], ["act", "ask", "decline"]),
  },
  {
    name: "heap-limit-abort",
    of: "memory-leak",
    story:
      "The heap of a Node service grows for hours until the runtime aborts: exit 134, not a kernel kill.",
    why: "Three tasks died with 134 and 'heap out of memory' after about the same six hours; the series climbs in those that live; same revision for a month.",
    world: {
      service: "graphql-edge",
      minimumHealthyPercent: 50,
      desired: 5,
      deployments: [{ revision: 0, at: -31 * 1440 }],
      running: [{ age: 352 }, { age: 341 }, { age: 31 }, { age: 22 }, { age: 6 }],
      stopped: [exitStop(-32, 356, 134), exitStop(-23, 361, 134), exitStop(-7, 364, 134)],
      metrics: { memory: series(70, ramp(-60, 80)), memoryMaximum: series(81, ramp(-60, 96), noise(0.01)) },
      alarm: alarm("memory", ">", 90, { statistic: "Maximum", of: [5, 5] }),
      logs: {
        style: "pino",
        entries: [
          bareLog(
            [-7.3, -7],
            4,
            "<--- Last few GCs --->",
            "[1:0x6f2] 21840123 ms: Mark-Compact 1931.2 (2094.4) -> 1930.8 (2096.1) MB",
            "FATAL ERROR: Ineffective mark-compacts near heap limit Allocation failed - JavaScript heap out of memory",
          ),
        ],
      },
    },
    truth: restartNow("memory-leak"),
  },
  {
    name: "half-the-memory-no-kill-yet",
    of: "memory-limit-too-low",
    story: "A revision halved the task's memory; utilisation doubled at that minute, nothing has died yet.",
    why: "The step from 47 to 93 % coincides with the deployment, whose only change is 4096 -> 2048; the use in MiB did not change.",
    world: {
      service: "ml-features",
      desired: 3,
      definition: { memory: 2048, cpu: 1024, image: "acme/ml-features:12" },
      revisions: { [-1]: { memory: 4096 } },
      deployments: [{ revision: 0, at: -16 }],
      running: fleet(3, 14),
      stopped: repeated(3, -12, 0.7, (at) => replacedStop(at, 12_000, { revision: -1 })),
      metrics: { memory: series(47, step(-13, 93, 2), noise(0.015)) },
      alarm: alarm("memory", ">", 85, { of: [5, 5] }),
      logs: { style: "python", entries: [infoLog([-15, -12], 1, "feature store warm, {n} keys")] },
    },
    truth: askRollback("memory-limit-too-low"),
  },
  {
    name: "heap-bigger-than-container",
    of: "memory-limit-too-low",
    story: "A revision sets -Xmx1536m in a container of 1 GiB: it runs for minutes, then the kernel ends it.",
    why: "The diff raises the heap above the unchanged container limit; kills follow within minutes on that revision only.",
    world: {
      service: "tariff-engine",
      desired: 2,
      definition: { memory: 1024, image: "acme/tariff:44", command: "java -Xmx1536m -jar /app.jar" },
      revisions: { [-1]: { command: "java -Xmx640m -jar /app.jar" } },
      deployments: [{ revision: 0, at: -35 }],
      running: [{ age: 5 }, { age: 2 }],
      stopped: [
        replacedStop(-33, 9_000, { revision: -1 }),
        replacedStop(-32, 9_000, { revision: -1 }),
        oomStop(-19, 15),
        oomStop(-15, 18),
        oomStop(-5.6, 13),
        oomStop(-2.6, 12),
      ],
      metrics: { memory: series(66, step(-33, 70, 1), ramp(-32, 92)), elb5xx: series(0.1, step(-6, 21, 1)) },
      alarm: alarm("memory", ">", 88, { statistic: "Maximum", of: [3, 5] }),
      logs: { style: "spring", entries: [] },
    },
    truth: askRollback("memory-limit-too-low", "bad-deploy"),
  },
  {
    name: "killed-once-and-well-again",
    of: "no-fault",
    story: "One task was killed for memory twenty minutes ago; ECS replaced it, and the alarm is OK.",
    why: "All targets healthy, memory level, errors gone, alarm OK for twelve minutes: restarting healthy tasks would only do harm.",
    world: {
      service: "badge-service",
      desired: 4,
      running: [...fleet(3, 9_000), { age: 19 }],
      stopped: [oomStop(-20.3, 9_000)],
      metrics: { elb5xx: series(0.1, step(-21, 30, 1), step(-18, 0.1, 1)), memory: series(52) },
      alarm: alarm("elb5xx", ">", 10, { of: [2, 2], fired: -18.2, okSince: -12.6 }),
      logs: { style: "go", entries: [] },
    },
    truth: leave("no-fault", "oom-kill"),
  },
);
