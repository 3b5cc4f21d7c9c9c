/** Series that end: requests, heartbeats and measurements that usually come and do not. Written before any rule for it. */
import { pulse, series, step, without } from "../series.ts";
import { alarm, cases, infoLog, leave, TRAFFIC_LOSS, warnLog } from "../vocabulary.ts";

export const silenceCases = cases(
  {
    name: "requests-low-rule-changed",
    of: TRAFFIC_LOSS,
    story:
      "A rule of the listener was put before the service's own and sends its paths elsewhere; no request arrives.",
    why: "RequestCount has no points any more, targets pass their checks, and nothing else happened to the service.",
    world: {
      service: "returns-portal",
      desired: 3,
      minimumHealthyPercent: 50,
      scaling: { min: 2, max: 6 },
      metrics: {
        requests: series(2_300, without(-12)),
        errors5xx: series(0),
        elb5xx: series(0),
        p50: series(0.042, without(-12)),
        p99: series(0.31, without(-12)),
        cpu: series(31, step(-12, 1.8, 2)),
      },
      alarm: alarm("requests", "<", 100, { of: [5, 5], missing: "breaching" }),
      logs: { style: "nginx", chatter: 40, chatterWindow: [-40, -12], entries: [] },
    },
    truth: leave(TRAFFIC_LOSS),
  },
  {
    name: "requests-ended-three-minutes-ago",
    of: TRAFFIC_LOSS,
    story: "Three minutes ago the last request arrived; missing data counts as breaching.",
    why: "The alarm is in ALARM by the periods without data; the hour before says how many requests are usual.",
    world: {
      service: "checkout-tokens",
      desired: 4,
      minimumHealthyPercent: 50,
      scaling: { min: 2, max: 8 },
      metrics: {
        requests: series(1_640, without(-4)),
        errors5xx: series(0),
        elb5xx: series(0),
        p50: series(0.042, without(-4)),
        p99: series(0.31, without(-4)),
        cpu: series(29, step(-4, 2, 1)),
      },
      alarm: alarm("requests", "<", 1, { of: [3, 3], missing: "breaching", fired: -0.3 }),
      logs: { style: "zap", chatter: 40, chatterWindow: [-40, -4], entries: [] },
    },
    truth: leave(TRAFFIC_LOSS),
  },
  {
    name: "requests-low-one-caller-of-three",
    of: TRAFFIC_LOSS,
    story:
      "The mobile gateway in front of the service was switched off by mistake; the web shop still calls.",
    why: "Requests fall to a third at one instant with all tasks healthy, latency as ever and no release.",
    world: {
      service: "wishlist",
      desired: 3,
      minimumHealthyPercent: 50,
      metrics: { requests: series(2_400, step(-19, 760, 1)), cpu: series(38, step(-19, 13, 2)) },
      alarm: alarm("requests", "<", 1_000, { of: [5, 5] }),
      logs: { style: "dotnet", chatter: 30, entries: [] },
    },
    truth: leave(TRAFFIC_LOSS),
  },
  {
    name: "heartbeat-job-ended",
    of: TRAFFIC_LOSS,
    story:
      "The schedule that starts the export each minute was removed; the worker idles and its heartbeat is silent.",
    why: "The custom metric ends a quarter of an hour ago with data before; tasks run, nothing failed, the log speaks of no schedule.",
    world: {
      service: "ledger-export",
      desired: 2,
      minimumHealthyPercent: 50,
      balancer: false,
      custom: {
        namespace: "Ledger/Jobs",
        name: "ExportsCompleted",
        dimensions: { Service: "ledger-export" },
        series: series(1, without(-15)),
      },
      metrics: { cpu: series(26, step(-15, 1.1, 2)) },
      alarm: alarm("custom", "<", 1, { of: [10, 10], missing: "breaching", name: "heartbeat" }),
      logs: {
        style: "spring",
        chatter: 12,
        chatterWindow: [-60, -15],
        entries: [infoLog([-15, -14], 2, "schedule reloaded, 0 entries")],
      },
    },
    truth: leave(TRAFFIC_LOSS, "unknown"),
  },
  {
    name: "every-measurement-silent",
    of: "unknown",
    story:
      "For four minutes CloudWatch has had no points of the service at all; ECS says that all tasks run and are healthy.",
    why: "Load balancer and ECS series end together, which no traffic explains: what happens to requests cannot be said.",
    world: {
      service: "tenant-config",
      desired: 3,
      minimumHealthyPercent: 50,
      metrics: {
        cpu: series(33, without(-5)),
        memory: series(47, without(-5)),
        requests: series(2_050, without(-5)),
        errors5xx: series(0),
        elb5xx: series(0),
        p50: series(0.042, without(-5)),
        p99: series(0.31, without(-5)),
        healthyHosts: series(3, without(-5)),
        unhealthyHosts: series(0, without(-5)),
      },
      alarm: alarm("cpu", "<", 4, { of: [3, 3], missing: "breaching" }),
      logs: { style: "pino", chatter: 30, entries: [] },
    },
    truth: leave("unknown"),
  },
  {
    name: "cpu-silent-while-it-serves",
    of: "unknown",
    story:
      "The CPU series alone is late by minutes, and missing data counts as breaching; requests are served as ever.",
    why: "Requests, latency and health go on without a change: only one measurement is missing.",
    world: {
      service: "voucher-check",
      desired: 4,
      minimumHealthyPercent: 50,
      metrics: { cpu: series(36, without(-5)), requests: series(2_700) },
      alarm: alarm("cpu", "<", 5, { of: [3, 3], missing: "breaching" }),
      logs: { style: "uvicorn", chatter: 30, entries: [] },
    },
    truth: leave("unknown", "no-fault"),
  },
  {
    name: "requests-come-in-waves",
    of: "no-fault",
    story:
      "A partner sends its orders in one wave every twenty minutes; between waves an alarm on few requests fires each time.",
    why: "The waves of the last hours are as regular as ever, the last one has ended ten minutes ago, and nothing is ill.",
    world: {
      service: "edi-intake",
      desired: 2,
      minimumHealthyPercent: 50,
      metrics: {
        requests: series(
          30,
          ...[-230, -210, -190, -170, -150, -130, -110, -90, -70, -50, -30, -12].map((from) =>
            pulse(from, from + 4, 900),
          ),
        ),
        cpu: series(6),
      },
      alarm: alarm("requests", "<", 100, {
        of: [5, 5],
        history: [-66, -46, -26].flatMap((minute) => [
          [minute + 1, "ALARM"] as const,
          [minute + 16.5, "OK"] as const,
        ]),
      }),
      logs: {
        style: "python",
        chatter: 10,
        entries: [warnLog([-12, -8], 3, "order {n} of the wave has no delivery date, default taken")],
      },
    },
    truth: leave("no-fault"),
  },
);
