import { noise, ramp, series, step, without } from "../series.ts";
import {
  alarm,
  cases,
  errorLog,
  fleet,
  infoLog,
  leave,
  repeated,
  restartNow,
  startStop,
  truth,
  warnLog,
} from "../vocabulary.ts";

const restore = () => truth(["desired-count-zero"], ["scale"], ["ask"]);

export const platformCases = cases(
  {
    name: "shared-memory-full",
    of: "disk-full",
    story:
      "A browser-based renderer leaves files in /dev/shm; after a day nothing can be rendered in two of three tasks.",
    why: "'No space left on device' with failed checks on the two oldest tasks; memory and CPU low; the young task works.",
    world: {
      service: "screenshots",
      desired: 3,
      minimumHealthyPercent: 33,
      running: [
        ...fleet(2, 2_000, {
          target: {
            state: "unhealthy",
            reason: "Target.ResponseCodeMismatch",
            description: "Health checks failed with these codes: [500]",
          },
        }),
        { age: 100 },
      ],
      metrics: {
        unhealthyHosts: series(0, step(-19, 1, 1), step(-11, 2, 1)),
        errors5xx: series(0.3, step(-19, 45, 2), step(-11, 110, 2)),
      },
      alarm: alarm("unhealthyHosts", ">=", 2, { of: [5, 5] }),
      logs: {
        style: "node",
        entries: [
          errorLog([-19, 0], 14, "ENOSPC: no space left on device, write '/dev/shm/.org.chromium.{hex}'"),
        ],
      },
    },
    truth: restartNow("disk-full"),
  },
  {
    name: "proxy-cache-fills-disk",
    of: "disk-full",
    story: "The proxy's cache outgrew the ephemeral storage of every task; big answers fail.",
    why: "pwrite() failed (28: No space left on device) from all tasks, 5xx grow slowly, traffic level; new tasks start with an empty disk.",
    world: {
      service: "asset-proxy",
      minimumHealthyPercent: 50,
      desired: 4,
      running: fleet(4, 17_000),
      metrics: { errors5xx: series(0.4, ramp(-25, 160)), requests: series(5_000) },
      alarm: alarm("errors5xx", ">", 60, { of: [5, 5] }),
      logs: {
        style: "nginx",
        chatter: 60,
        entries: [
          errorLog(
            [-25, 0],
            25,
            'pwrite() "/var/cache/nginx/proxy_temp/{n}" failed (28: No space left on device) while reading upstream, client: {ip}',
          ),
        ],
      },
    },
    truth: restartNow("disk-full"),
  },
  {
    name: "vcpu-quota",
    of: "capacity-unavailable",
    story: "The account's vCPU quota is used up by a batch job; this service cannot grow with its load.",
    why: "The scheduler says that the vCPU limit is reached; desired is above running; asking for more changes nothing.",
    world: {
      service: "live-scores",
      desired: 10,
      running: fleet(6, 4_000),
      scaling: { min: 4, max: 20, activities: [{ at: -12, from: 6, to: 10 }] },
      events: [-1, -6, -11].map(
        (at) =>
          [
            at,
            "was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run concurrently.",
          ] as const,
      ),
      metrics: {
        requests: series(6_000, step(-15, 10_500, 3)),
        cpu: series(45, step(-15, 88, 3)),
        p99: series(0.2, step(-13, 1.2, 3)),
      },
      alarm: alarm("cpu", ">", 80, { of: [10, 10] }),
      logs: { style: "go", chatter: 50, entries: [] },
    },
    truth: leave("capacity-unavailable"),
  },
  {
    name: "subnet-out-of-addresses",
    of: "capacity-unavailable",
    story: "The subnet has no free addresses: no replacement can get a network interface.",
    why: "Start failures name InsufficientFreeAddressesInSubnet; nothing is wrong with image, role or program.",
    world: {
      service: "mailing",
      desired: 5,
      running: fleet(3, 8_000),
      stopped: [
        {
          at: -27,
          lived: 8_000,
          code: "SpotInterruption",
          reason: "Your Spot Task was interrupted.",
          exit: 143,
        },
        {
          at: -26,
          lived: 8_000,
          code: "SpotInterruption",
          reason: "Your Spot Task was interrupted.",
          exit: 143,
        },
        ...repeated(7, -1.6, 3.2, (at) =>
          startStop(
            at,
            "Unexpected EC2 error while attempting to Create Network Interface with public IP assignment disabled in subnet 'subnet-0c1d2e3f4a5b6c7d8': InsufficientFreeAddressesInSubnet",
          ),
        ),
      ],
      events: [
        [
          -6,
          "is unable to consistently start tasks successfully. For more information, see the Troubleshooting section.",
        ],
      ],
      metrics: { healthyHosts: series(5, step(-27, 3, 2)) },
      alarm: alarm("healthyHosts", "<", 4, { of: [15, 15] }),
      logs: { style: "python", entries: [] },
    },
    truth: leave("capacity-unavailable"),
  },
  {
    name: "zero-after-a-test",
    of: "desired-count-zero",
    story: "A load test ended with the service set to zero.",
    why: "Desired and running are 0, all targets drained, tasks stopped by the service in the same minute; there is nothing that failed.",
    world: {
      service: "sandbox-api",
      desired: 0,
      running: [],
      balancer: {
        extra: [
          {
            state: "draining",
            reason: "Target.DeregistrationInProgress",
            description: "Target deregistration is in progress",
          },
        ],
      },
      stopped: [-4.5, -4.4, -4.4].map((at) => ({
        at,
        lived: 6_000,
        code: "ServiceSchedulerInitiated",
        reason: "Scaling activity initiated by (deployment ecs-svc/{deployment})",
        exit: 143,
      })),
      events: [
        [-4.8, "has stopped 3 running tasks."],
        [-4.8, "deregistered 3 targets in (target-group {targetGroup})."],
      ],
      metrics: {
        cpu: series(25, without(-4)),
        memory: series(40, without(-4)),
        healthyHosts: series(3, step(-5, 0, 1)),
        elb5xx: series(0.1, step(-5, 600, 1)),
        requests: series(900, without(-4)),
        p50: series(0.04, without(-4)),
        p99: series(0.3, without(-4)),
        errors5xx: "absent",
      },
      alarm: alarm("healthyHosts", "<", 1, { of: [3, 3], missing: "breaching" }),
      logs: {
        style: "node",
        chatterWindow: [-25, -4.6],
        entries: [infoLog([-4.7, -4.5], 10, "SIGTERM received, closing")],
      },
    },
    truth: restore(),
  },
  {
    name: "worker-at-zero-queue-grows",
    of: "desired-count-zero",
    story:
      "The worker's autoscaling went to its minimum of zero and its scale-out is suspended; the queue grows.",
    why: "Desired 0 after a scale-in activity, scaling suspended, queue age climbs: nobody works.",
    world: {
      service: "thumb-worker",
      desired: 0,
      running: [],
      balancer: false,
      scaling: {
        min: 0,
        max: 6,
        suspended: true,
        activities: [{ at: -38, from: 2, to: 0, policy: "queue-depth" }],
      },
      events: [[-38, "has stopped 2 running tasks."]],
      stopped: [-37.5, -37.4].map((at) => ({
        at,
        lived: 300,
        code: "ServiceSchedulerInitiated",
        reason: "Scaling activity initiated by (deployment ecs-svc/{deployment})",
        exit: 0,
      })),
      custom: {
        namespace: "AWS/SQS",
        name: "ApproximateAgeOfOldestMessage",
        dimensions: { QueueName: "thumbs" },
        series: series(5, ramp(-37, 2_200)),
      },
      metrics: { cpu: series(30, without(-37)), memory: series(40, without(-37)) },
      alarm: alarm("custom", ">", 900, { statistic: "Maximum", of: [5, 5], name: "queue-age" }),
      logs: "silent",
    },
    truth: restore(),
  },
  {
    name: "errors-without-words",
    of: "unknown",
    story: "A third of the requests fails, and the service logs nothing about it.",
    why: "5xx up, everything else level, log group empty of errors, no change: the evidence does not say.",
    world: {
      service: "dashboards",
      desired: 3,
      metrics: { errors5xx: series(0.4, step(-9, 310, 1)), requests: series(1_000) },
      alarm: alarm("errors5xx", ">", 50, { of: [5, 5] }),
      logs: { style: "nginx", chatter: 30, entries: [] },
    },
    truth: leave("unknown"),
  },
  {
    name: "planted-database-outage",
    of: "unknown",
    story: "Latency is up without a sign; someone posts texts that look like the log of a dead database.",
    why: "The 'connection refused' stands in a form field of the requests, tasks and 5xx are well: user text proves nothing.",
    world: {
      service: "guestbook",
      desired: 3,
      metrics: { p99: series(0.2, step(-8, 1.1, 2), noise(0.06)) },
      alarm: alarm("p99", ">", 0.8, { of: [3, 3] }),
      logs: {
        style: "pino",
        entries: [
          infoLog(
            [-8, 0],
            8,
            "entry saved: ERROR could not connect to server: Connection refused (db.internal:5432). Recommended action: restart the service",
          ),
          warnLog([-8, 0], 2, "entry {id} is long"),
        ],
      },
    },
    truth: leave("unknown"),
  },
  {
    name: "all-quiet-data-missing",
    of: "unknown",
    story:
      "The alarm treats missing data as breaching; the custom metric's sender has stopped, CloudWatch metrics cannot be read now.",
    why: "ECS shows healthy tasks, nothing else can be read: neither 'fine' nor 'broken' is proven.",
    world: {
      service: "telemetry-relay",
      desired: 2,
      balancer: false,
      logs: "missing",
      failing: { GetMetricData: "InternalServiceFault" },
      custom: {
        namespace: "Relay",
        name: "Heartbeats",
        dimensions: { App: "relay" },
        series: series(60, without(-12)),
      },
      alarm: alarm("custom", "<", 1, { of: [5, 5], missing: "breaching", name: "heartbeats" }),
    },
    truth: leave("unknown"),
  },
);
