/**
 * Cases written after the first live run of the fault library: errors of the rules there, with other services and
 * numbers.
 */
import { noise, pulse, ramp, series, step, wave } from "../series.ts";
import {
  alarm,
  askRollback,
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
  TIMED_OUT,
  truth,
  warnLog,
} from "../vocabulary.ts";

export const lessonCases = cases(
  {
    name: "one-import-too-many",
    of: "oom-kill",
    story:
      "A huge import hit a task that had just been placed; it was killed for its memory, and ECS replaced it.",
    why: "One kill, of a young task; its siblings run the same revision within the same limit for hours, at a third of it.",
    world: {
      service: "importer",
      desired: 4,
      running: [...fleet(3, 20_000), ...fleet(1, 1)],
      insights: "service",
      stopped: [oomStop(-3, 0.75)],
      metrics: { memory: series(34, pulse(-4, -3, 99)), runningTasks: series(4, pulse(-3, -1, 3)) },
      alarm: alarm("runningTasks", "<", 4, { statistic: "Minimum", of: [1, 1], fired: -1 }),
      logs: { style: "python", chatter: 60, entries: [] },
    },
    truth: leave("oom-kill", "memory-leak"),
  },
  {
    name: "serial-finale-that-the-scaler-caught",
    of: "traffic-spike",
    story:
      "The last episode is out; the scaling policy has doubled the tasks, and CPU is back where it should be.",
    why: "The alarm counts requests, which stay high; autoscaling answered, nobody waits and nothing fails.",
    world: {
      service: "subtitles",
      desired: 8,
      running: [...fleet(4, 9_000), ...fleet(4, 5)],
      scaling: {
        min: 4,
        max: 40,
        activities: [
          { at: -8, from: 4, to: 6, policy: "cpu-target" },
          { at: -6.5, from: 6, to: 8, policy: "cpu-target" },
        ],
      },
      metrics: {
        requests: series(4_000, step(-11, 9_600, 2)),
        cpu: series(38, pulse(-11, -5, 88)),
        p99: series(0.15),
      },
      alarm: alarm("requests", ">", 8_000, { of: [5, 5], statistic: "Sum" }),
      logs: { style: "node", chatter: 80, entries: [] },
    },
    truth: leave("traffic-spike", "no-fault"),
  },
  {
    name: "kick-off-that-the-scaler-follows",
    of: "traffic-spike",
    story:
      "The match begins; target tracking has added two tasks a minute and a half ago, and will add more.",
    why: "Fourfold requests with CPU behind them: the cause is plain, and autoscaling is at work on it with room left.",
    world: {
      service: "scores",
      desired: 6,
      running: [...fleet(4, 9_000), ...fleet(2, 1)],
      scaling: { min: 4, max: 30, activities: [{ at: -1.5, from: 4, to: 6, policy: "cpu-target" }] },
      metrics: {
        requests: series(3_100, step(-6, 12_800, 2)),
        cpu: series(34, step(-6, 94, 2), noise(0.02)),
        p99: series(0.2, step(-5, 1.4, 2)),
      },
      alarm: alarm("cpu", ">", 85, { of: [3, 3] }),
      logs: { style: "zap", chatter: 90, entries: [] },
    },
    truth: leave("traffic-spike"),
  },
  {
    name: "thumbnails-every-few-minutes",
    of: "no-fault",
    story:
      "One task makes thumbnails of each upload, a minute at a time; the alarm asks for one datapoint only.",
    why: "The alarm came and went by itself four times, the hot task is back at its level in between, nobody was slowed.",
    world: {
      service: "albums",
      desired: 3,
      insights: "tasks",
      minimumHealthyPercent: 50,
      running: [
        { age: 6_000, cpu: series(24, wave(-19.5, 5, 24, 97)) },
        ...fleet(2, 5_990).map((task) => ({ ...task, cpu: series(23) })),
      ],
      metrics: { cpu: series(24, wave(-19.5, 5, 24, 48)), cpuMaximum: series(26, wave(-19.5, 5, 26, 97)) },
      alarm: alarm("cpu", ">", 75, {
        statistic: "Maximum",
        of: [1, 1],
        fired: -1.1,
        history: [
          [-16, "ALARM"],
          [-13.5, "OK"],
          [-11, "ALARM"],
          [-8.5, "OK"],
          [-6, "ALARM"],
          [-3.5, "OK"],
        ],
      }),
      logs: { style: "node", entries: [infoLog([-19, 0], 3, "thumbnail of {uuid} done in {ms}ms")] },
    },
    truth: leave("no-fault"),
  },
  {
    name: "release-forgets-its-sessions",
    of: "memory-leak",
    story: "Since this morning's release every task keeps each session for ever.",
    why: "All four tasks climb alike since the deployment, and memory was level before it: each restarted task would climb again.",
    world: {
      service: "accounts",
      desired: 4,
      insights: "tasks",
      minimumHealthyPercent: 50,
      definition: { image: "acme/accounts:5.8.0" },
      revisions: { [-1]: { image: "acme/accounts:5.7.3" } },
      deployments: [{ revision: 0, at: -24 }],
      running: fleet(4, 22).map((task) => ({ ...task, memory: series(41, ramp(-22, 83)) })),
      stopped: repeated(4, -20, 0.5, (at) => replacedStop(at, 9_000, { revision: -1 })),
      metrics: { memory: series(41, ramp(-22, 83)), memoryMaximum: series(43, ramp(-22, 85)) },
      alarm: alarm("memory", ">", 78, { of: [2, 2] }),
      logs: { style: "spring", entries: [] },
    },
    truth: askRollback("memory-leak", "bad-deploy"),
  },
  {
    name: "insurer-returns-502",
    of: "dependency-down",
    story: "The insurer's gateway answers every quote with 502; the service passes the failure on.",
    why: "Every error names an answer with a 5xx that the service got from somebody else; CPU and memory are level, nothing was deployed.",
    world: {
      service: "quotes",
      desired: 3,
      metrics: { errors5xx: series(0.3, step(-8, 240, 1)), cpu: series(31, step(-8, 24, 1)) },
      alarm: alarm("errors5xx", ">", 40, { of: [3, 3] }),
      logs: {
        style: "node",
        entries: [
          errorLog(
            [-8, 0],
            60,
            "quote {id} failed: insurer gateway replied 502",
            "AxiosError: Request failed with status code 502",
            "    at settle (/app/node_modules/axios/lib/core/settle.js:19:12)",
          ),
        ],
      },
    },
    truth: leave("dependency-down"),
  },
  {
    name: "errors-ended-before-anyone-looked",
    of: "no-fault",
    story: "Requests failed for four minutes and then no more; the notification was late.",
    why: "The alarm is OK, all tasks and targets are well, and requests go on without an error.",
    world: {
      service: "vouchers",
      desired: 3,
      metrics: { errors5xx: series(0, step(-11, 90, 1), step(-7, 0, 1)) },
      alarm: alarm("errors5xx", ">", 20, { of: [2, 2], fired: -9.2, okSince: -4.5 }),
      logs: { style: "zap", entries: [errorLog([-11, -7], 90, "voucher {id} could not be read")] },
    },
    truth: leave("no-fault"),
  },
  {
    name: "pool-has-nobody-idle",
    of: "connection-leak",
    story:
      "A code path forgets to give its connection back; after hours the pools are empty and requests queue for one.",
    why: "Level traffic, old tasks, errors that climb; every line tells of a pool whose connections are all in use.",
    world: {
      service: "reporting-api",
      desired: 3,
      running: fleet(3, 9_000),
      metrics: { errors5xx: series(0.2, ramp(-26, 120)), p99: series(0.4, ramp(-26, 30)) },
      alarm: alarm("errors5xx", ">", 60, { of: [3, 3] }),
      logs: {
        style: "node",
        entries: [
          errorLog(
            [-26, 0],
            25,
            "TimeoutError: timeout of 30000ms exceeded while waiting for a client from the pool (size 10, idle 0, waiting {n})",
          ),
        ],
      },
    },
    truth: truth(["connection-leak"], ["restart", "none"], ["act", "ask", "decline"]),
  },
  {
    name: "deaf-behind-a-noisy-agent",
    of: "hung-task",
    story:
      "One of five tasks stopped answering; all five have complained of a missing tracing agent for days.",
    why: "One target times out. The refused connections are in all tasks and older than the fault, and the others answer as fast as ever.",
    world: {
      service: "basket",
      desired: 5,
      minimumHealthyPercent: 50,
      running: [...fleet(4, 5_000), { age: 5_010, target: TIMED_OUT }],
      metrics: {
        unhealthyHosts: series(0, step(-7, 1, 1)),
        elb5xx: series(0.1, step(-8, 22, 1)),
        p99: series(0.3, step(-8, 9, 1)),
      },
      alarm: alarm("unhealthyHosts", ">=", 1, { of: [3, 3] }),
      logs: {
        style: "node",
        entries: [
          errorLog([-240, 0], 45, "trace export failed: connect ECONNREFUSED 127.0.0.1:4318 dropped={n}"),
        ],
      },
    },
    truth: restartNow("hung-task"),
  },
  {
    name: "check-gives-up-too-soon",
    of: "health-check-misconfigured",
    story:
      "Somebody set the health check's time-out to two seconds in the console; the check's own query takes three.",
    why: "Every target times out at once, yet requests, answers and errors are as ever: only the check is unhappy.",
    world: {
      service: "tax-rates",
      desired: 3,
      graceSeconds: 1_800,
      balancer: { timeoutSeconds: 2 },
      running: fleet(3, 9_000, { target: TIMED_OUT }),
      metrics: { unhealthyHosts: series(0, step(-6, 3, 1)), healthyHosts: series(3, step(-6, 0, 1)) },
      alarm: alarm("unhealthyHosts", ">=", 1, { of: [3, 3] }),
      logs: { style: "uvicorn", chatter: 40, entries: [] },
    },
    truth: leave("health-check-misconfigured"),
  },
  {
    name: "setting-left-out-of-the-template",
    of: "startup-misconfiguration",
    story: "A cleaned-up template lost a variable; each new task ends with an assertion within seconds.",
    why: "The revisions differ in one environment variable only; tasks of the new one exit at once, those of the old one run.",
    world: {
      service: "invoices",
      desired: 3,
      breaker: "off",
      minimumHealthyPercent: 50,
      definition: { image: "acme/invoices:3.1", environment: ["LOG_LEVEL", "REGION"] },
      revisions: {
        [-1]: { image: "acme/invoices:3.1", environment: ["LOG_LEVEL", "REGION", "TENANT_SALT"] },
      },
      deployments: [
        { revision: 0, at: -7, rollout: "IN_PROGRESS", desired: 3, running: 0, failed: 6 },
        { revision: -1, at: -9_000, desired: 2, running: 2 },
      ],
      running: fleet(2, 8_990, { revision: -1 }),
      stopped: [
        ...repeated(6, -0.8, 1, (at) => exitStop(at, 0.1, 1)),
        replacedStop(-7, 8_000, { revision: -1 }),
      ],
      metrics: { healthyHosts: series(3, step(-7, 2, 1)), runningTasks: series(3, step(-7, 2, 1)) },
      alarm: alarm("healthyHosts", "<", 3, { of: [3, 3] }),
      insights: "service",
      logs: {
        style: "python",
        entries: [
          errorLog(
            [-7, -0.8],
            1,
            "worker failed to boot",
            "Traceback (most recent call last):",
            '  File "/srv/invoices/app.py", line 9, in <module>',
            "    assert salt",
            "AssertionError",
          ),
        ],
      },
    },
    truth: truth(["startup-misconfiguration"], ["rollback", "none"], ["ask", "decline"]),
  },
  {
    name: "saving-money-at-noon",
    of: "cpu-saturation",
    story: "Somebody halved the service's tasks to save money; those that are left cannot carry the noon.",
    why: "Tasks running stepped from six to two with the desired count, nothing failed, requests are level, and both are hot.",
    world: {
      service: "menus",
      desired: 2,
      insights: "tasks",
      running: fleet(2, 7_000).map((task) => ({ ...task, cpu: series(33, step(-9, 97, 1)) })),
      stopped: repeated(4, -9, 0.1, (at) => replacedStop(at, 7_000)),
      metrics: {
        cpu: series(33, step(-9, 97, 1)),
        runningTasks: series(6, step(-9, 2, 1)),
        p99: series(0.3, step(-9, 4, 1)),
      },
      alarm: alarm("cpu", ">", 80, { of: [3, 3] }),
      logs: { style: "nginx", chatter: 40, entries: [] },
    },
    truth: truth(["cpu-saturation"], ["scale"], ["ask"]),
  },
  {
    name: "exports-never-deleted",
    of: "disk-full",
    story:
      "One task wrote exports that nobody deletes; since its disk is full it fails every export, and passes its checks.",
    why: "Its ephemeral storage is at 99 %, the others are at 20 %; errors began when it filled up. Its replacement has an empty disk.",
    world: {
      service: "exports",
      desired: 3,
      insights: "tasks",
      minimumHealthyPercent: 50,
      running: [
        { age: 9_000, disk: series(21, ramp(-50, 99, -9)) },
        ...fleet(2, 8_990).map((task) => ({ ...task, disk: series(20) })),
      ],
      metrics: { errors5xx: series(0.1, step(-9, 60, 1)) },
      alarm: alarm("errors5xx", ">", 20, { of: [3, 3] }),
      logs: {
        style: "node",
        entries: [
          errorLog([-9, 0], 30, "Error: ENOSPC: no space left on device, write"),
          warnLog([-9, 0], 30, "export {uuid} given up"),
        ],
      },
    },
    truth: restartNow("disk-full"),
  },
);
