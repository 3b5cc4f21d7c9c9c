import { noise, pulse, ramp, series, step } from "../series.ts";
import {
  alarm,
  askRollback,
  cases,
  errorLog,
  fleet,
  infoLog,
  leave,
  replacedStop,
  truth,
  warnLog,
} from "../vocabulary.ts";

const scaleNow = (...causes: readonly ["traffic-spike"]) => truth(causes, ["scale"], ["act"]);

export const loadCases = cases(
  {
    name: "flash-sale",
    of: "traffic-spike",
    story: "A flash sale more than triples the requests; CPU follows, the first requests fail.",
    why: "Requests rose first and threefold, CPU and latency follow in proportion; nothing was deployed.",
    world: {
      service: "storefront",
      desired: 4,
      metrics: {
        requests: series(2_100, step(-11, 7_600, 3)),
        cpu: series(29, step(-11, 93, 3)),
        p99: series(0.35, step(-10, 2.1, 3)),
        p50: series(0.05, step(-10, 0.31, 3)),
        errors5xx: series(0.4, step(-8, 24, 3)),
      },
      alarm: alarm("cpu", ">", 85, { of: [5, 5] }),
      logs: { style: "node", chatter: 60, entries: [warnLog([-8, 0], 4, "event loop lag {ms}ms")] },
    },
    truth: scaleNow("traffic-spike"),
  },
  {
    name: "newsletter-with-retries",
    of: "traffic-spike",
    story: "A newsletter goes out; the load is real, and a part of the clients repeats what timed out.",
    why: "The request rate rose before anything failed, with few failures; retries are a small part. Autoscaling follows memory only, so nothing else will add tasks.",
    world: {
      service: "content-api",
      desired: 6,
      scaling: { min: 4, max: 20, activities: [{ at: -1_900, from: 5, to: 6, policy: "memory-target" }] },
      metrics: {
        requests: series(5_200, ramp(-19, 14_500, -8)),
        cpu: series(34, ramp(-18, 91, -7)),
        memory: series(41, ramp(-18, 46)),
        p99: series(0.22, ramp(-13, 1.7, -4)),
        elb5xx: series(0.1, step(-6, 11, 2)),
        errors5xx: series(0.5, step(-6, 7, 2)),
      },
      alarm: alarm("p99", ">", 1.2, { of: [3, 5] }),
      logs: {
        style: "zap",
        chatter: 80,
        entries: [warnLog([-6, 0], 2, "client retry observed, attempt 2 for request {uuid}")],
      },
    },
    truth: scaleNow("traffic-spike"),
  },
  {
    name: "one-hot-task",
    of: "cpu-saturation",
    story: "One task of five spins in a regular expression; the others idle along as ever.",
    why: "Per-task CPU shows one at 100 % and four at their usual level; requests are level.",
    world: {
      service: "comments",
      minimumHealthyPercent: 50,
      desired: 5,
      insights: "tasks",
      running: [
        { age: 5_000, cpu: series(26, step(-14, 100, 1), noise(0.01)) },
        ...fleet(4, 4_990).map((task) => ({ ...task, cpu: series(26) })),
      ],
      metrics: {
        cpu: series(26, step(-14, 41, 1)),
        cpuMaximum: series(33, step(-14, 100, 1), noise(0.01)),
        p99: series(0.3, step(-14, 4.8, 2)),
      },
      alarm: alarm("cpu", ">=", 95, { statistic: "Maximum", of: [5, 5] }),
      logs: {
        style: "python",
        entries: [warnLog([-13, 0], 0.6, "slow request {path} took {n}ms in validate_body")],
      },
    },
    truth: truth(["cpu-saturation"], ["restart"], ["act", "ask"]),
  },
  {
    name: "compression-on-every-request",
    of: "cpu-saturation",
    story:
      "A new image compresses every answer at the highest level: CPU of all tasks, with the same traffic.",
    why: "CPU stepped from 33 to 96 % with the deployment; requests did not move; all tasks alike. The revision's doing: either name is right, the rollback is the remedy.",
    world: {
      service: "edge-render",
      desired: 5,
      deployments: [{ revision: 0, at: -19 }],
      running: fleet(5, 17),
      stopped: [1, 2, 3, 4, 5].map((n) => replacedStop(-18 + n * 0.6, 12_000, { revision: -1 })),
      metrics: {
        cpu: series(33, step(-16, 96, 3), noise(0.02)),
        p99: series(0.2, step(-16, 1.1, 3)),
        p50: series(0.04, step(-16, 0.19, 3)),
      },
      alarm: alarm("cpu", ">", 90, { of: [5, 5] }),
      logs: { style: "node", chatter: 40, entries: [infoLog([-18, -14], 1, "listening on 8080")] },
    },
    truth: askRollback("cpu-saturation", "bad-deploy"),
  },
  {
    name: "storm-after-cache-blip",
    of: "retry-storm",
    story:
      "A cache was away for four minutes half an hour ago; the callers' retries never let the service recover.",
    why: "Errors came first, the requests doubled after them and stay up although the cache has answered again for 25 minutes; the log counts attempts. More tasks would feed the storm.",
    world: {
      service: "profile",
      desired: 5,
      scaling: { min: 3, max: 12 },
      metrics: {
        errors5xx: series(0.5, step(-32, 900, 1), step(-28, 1_900, 4)),
        requests: series(3_000, step(-30, 9_800, 5)),
        cpu: series(30, step(-30, 88, 4)),
        p99: series(0.2, step(-32, 9.8, 2)),
      },
      alarm: alarm("errors5xx", ">", 500, { of: [5, 5] }),
      logs: {
        style: "zap",
        chatter: 50,
        entries: [
          warnLog([-25, 0], 40, "retry attempt 4 of 5 for request {uuid}, caller checkout"),
          warnLog([-25, 0], 22, "retry attempt 3 of 5 for request {uuid}, caller mobile-bff"),
          errorLog([-25, 0], 25, "deadline exceeded while serving retried request {uuid}"),
        ],
      },
    },
    truth: leave("retry-storm"),
  },
  {
    name: "gateway-repeats-timeouts",
    of: "retry-storm",
    story:
      "A lock in the database held everything for two minutes; the gateway repeats each time-out three times ever since.",
    why: "Latency rose first, then the requests to three times with the same customers; the 504s persist while the database is quiet; gateway retry marks are in the log.",
    world: {
      service: "ledger-query",
      desired: 4,
      metrics: {
        p99: series(0.4, step(-18, 28, 1)),
        p50: series(0.06, step(-18, 7, 3)),
        requests: series(1_400, step(-16, 4_600, 4)),
        elb5xx: series(0.1, step(-17, 420, 3)),
        errors5xx: series(0.3, step(-17, 60, 3)),
        cpu: series(35, step(-16, 71, 4)),
      },
      alarm: alarm("elb5xx", ">", 50, { of: [5, 5] }),
      logs: {
        style: "spring",
        chatter: 30,
        entries: [
          warnLog([-16, 0], 30, "Duplicate request {uuid}: upstream retry 3 (x-envoy-attempt-count: 3)"),
          warnLog([-18.5, -16.5], 12, "Lock wait time {n} ms on accounts"),
          errorLog([-16, 0], 8, "Client closed connection before response for {uuid}, retrying upstream"),
        ],
      },
    },
    truth: leave("retry-storm"),
  },
  {
    name: "batch-import-pulse",
    of: "no-fault",
    story: "The hourly import used the CPU for four minutes, as it does every hour; it has ended.",
    why: "CPU is back at its level for three minutes, the alarm is OK again and did the same an hour ago; no user saw anything.",
    world: {
      service: "importer",
      desired: 2,
      metrics: { cpu: series(24, pulse(-10, -4, 94)), requests: series(700) },
      alarm: alarm("cpu", ">", 85, {
        of: [3, 3],
        fired: -5.4,
        okSince: -2.2,
        history: [
          [-58, "ALARM"],
          [-55, "OK"],
        ],
      }),
      logs: {
        style: "python",
        entries: [
          infoLog([-10, -4], 4, "import batch {uuid} of {n} rows"),
          infoLog([-4, -3], 1, "import finished"),
        ],
      },
    },
    truth: leave("no-fault"),
  },
);
