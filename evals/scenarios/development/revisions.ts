import { noise, series, step } from "../series.ts";
import {
  alarm,
  askOrWait,
  askRollback,
  bareLog,
  cases,
  errorLog,
  exitStop,
  fleet,
  infoLog,
  leave,
  repeated,
  replacedStop,
  startStop,
  warnLog,
} from "../vocabulary.ts";

export const revisionCases = cases(
  {
    name: "guilty-then-innocent",
    of: "bad-deploy",
    story:
      "A guilty revision was followed half a minute later by an innocent one that only adds a variable for a dashboard.",
    why: "Tasks of both revisions crash with the same exception and those of the one before never did: the last diff alone would blame the wrong change.",
    world: {
      service: "wishlist",
      desired: 3,
      breaker: "off",
      minimumHealthyPercent: 50,
      definition: { environment: ["DASHBOARD_TAG", "LOG_LEVEL", "REGION"], image: "acme/wishlist:2.31" },
      revisions: {
        [-1]: { environment: ["LOG_LEVEL", "REGION"] },
        [-2]: { environment: ["LOG_LEVEL", "REGION"], image: "acme/wishlist:2.30" },
      },
      deployments: [
        { revision: 0, at: -12, rollout: "IN_PROGRESS", desired: 3, running: 1, failed: 8 },
        { revision: -1, at: -12.5, desired: 0, running: 0, failed: 2 },
        { revision: -2, at: -8_000, desired: 2, running: 2 },
      ],
      running: [...fleet(2, 7_990, { revision: -2 }), { age: 0.4 }],
      stopped: [
        ...repeated(2, -11.6, 0.2, (at) => exitStop(at, 0.4, 1, { revision: -1 })),
        ...repeated(8, -0.9, 1.2, (at) => exitStop(at, 0.6, 1)),
        replacedStop(-12, 8_000, { revision: -2 }),
      ],
      metrics: { healthyHosts: series(3, step(-12, 2, 1)), errors5xx: series(0.3, step(-11, 28, 2)) },
      alarm: alarm("errors5xx", ">", 15, { of: [5, 5] }),
      logs: {
        style: "python",
        entries: [
          errorLog(
            [-11.8, -0.8],
            1,
            "Application failed",
            "Traceback (most recent call last):",
            '  File "/srv/wishlist/store.py", line 52, in open_store',
            "    return Store(**settings)",
            "TypeError: Store.__init__() got an unexpected keyword argument 'shards'",
          ),
        ],
      },
    },
    truth: askOrWait("bad-deploy"),
  },
  {
    name: "slow-since-release",
    of: "bad-deploy",
    story:
      "A release turned one query into a hundred: latency is ten times higher since its tasks took over. Nothing fails.",
    why: "p50 and p99 stepped with the deployment, requests and CPU level, no error from any dependency, image changed.",
    world: {
      service: "feed",
      desired: 5,
      deployments: [{ revision: 0, at: -18 }],
      running: fleet(5, 16),
      stopped: repeated(5, -14, 0.6, (at) => replacedStop(at, 4_000, { revision: -1 })),
      metrics: {
        p99: series(0.35, step(-15, 3.9, 3)),
        p50: series(0.06, step(-15, 0.72, 3)),
        cpu: series(30, step(-15, 35, 2)),
      },
      alarm: alarm("p99", ">", 1.5, { of: [5, 5] }),
      logs: { style: "spring", chatter: 40, entries: [] },
    },
    truth: askRollback("bad-deploy"),
  },
  {
    name: "registry-limits-sidecar",
    of: "image-pull-failure",
    story: "The sidecar comes from a public registry that limits anonymous pulls; new tasks cannot start.",
    why: "CannotPullContainerError with toomanyrequests; the revision is weeks old and its running tasks are well.",
    world: {
      service: "ab-testing",
      desired: 4,
      definition: { sidecars: [{ name: "statsd", image: "docker.io/statsd/statsd:v0.10" }] },
      running: fleet(2, 9_000),
      stopped: [
        {
          at: -30,
          lived: 9_000,
          code: "SpotInterruption",
          reason: "Your Spot Task was interrupted.",
          exit: 143,
        },
        {
          at: -29,
          lived: 9_000,
          code: "SpotInterruption",
          reason: "Your Spot Task was interrupted.",
          exit: 143,
        },
        ...repeated(12, -1.2, 2.2, (at) =>
          startStop(
            at,
            "CannotPullContainerError: inspect image has been retried 5 time(s): httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/statsd/statsd/manifests/v0.10: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.",
          ),
        ),
      ],
      metrics: { healthyHosts: series(4, step(-30, 2, 2)), cpu: series(30, step(-30, 58, 2)) },
      alarm: alarm("healthyHosts", "<", 4, { of: [15, 15] }),
      logs: { style: "go", entries: [] },
    },
    truth: { ...askOrWait("image-pull-failure"), actions: ["none", "rollback"] },
  },
  {
    name: "wrong-architecture",
    of: "image-pull-failure",
    story: "The new image was built for ARM only; the platform finds no manifest that it can run.",
    why: "CannotPullContainerError: image manifest does not contain descriptor matching platform, on the new revision only.",
    world: {
      service: "seat-map",
      desired: 2,
      breaker: "off",
      deployments: [
        { revision: 0, at: -12, rollout: "IN_PROGRESS", desired: 2, running: 0, failed: 6 },
        { revision: -1, at: -4_000, desired: 2, running: 2 },
      ],
      running: fleet(2, 3_990, { revision: -1 }),
      stopped: repeated(6, -1, 1.7, (at) =>
        startStop(
          at,
          "CannotPullContainerError: image Manifest does not contain descriptor matching platform 'linux/amd64'.",
        ),
      ),
      custom: {
        namespace: "Deploys",
        name: "FailedStarts",
        dimensions: { Service: "seat-map" },
        series: series(0, step(-11, 3, 1)),
      },
      alarm: alarm("custom", ">", 0, { of: [5, 5], name: "failed-starts" }),
      logs: { style: "zap", entries: [] },
    },
    truth: askOrWait("image-pull-failure"),
  },
  {
    name: "warm-up-of-a-rollout",
    of: "deploy-in-progress",
    story:
      "A Java service is being rolled out; new tasks compile and warm up, and CPU is high for minutes as in every rollout.",
    why: "The deployment began four minutes ago and moves on, no task failed, no errors, requests level.",
    world: {
      service: "fare-calc",
      desired: 4,
      deployments: [
        { revision: 0, at: -5.5, rollout: "IN_PROGRESS", desired: 4, running: 3, pending: 1 },
        { revision: -1, at: -6_000, desired: 2, running: 2 },
      ],
      running: [
        ...fleet(2, 5_990, { revision: -1 }),
        { age: 3.8 },
        { age: 3.5 },
        { age: 1.2, target: { state: "initial", reason: "Elb.InitialHealthChecking" } },
        { status: "PENDING" },
      ],
      stopped: [replacedStop(-1.6, 6_000, { revision: -1 }), replacedStop(-1.5, 6_000, { revision: -1 })],
      metrics: { cpu: series(33, step(-5, 88, 1)) },
      alarm: alarm("cpu", ">", 80, { of: [3, 3] }),
      logs: { style: "spring", entries: [infoLog([-4.5, 0], 1, "Started FareApplication in 21.4 seconds")] },
    },
    truth: leave("deploy-in-progress"),
  },
  {
    name: "breaker-after-missing-image",
    of: "deploy-in-progress",
    story:
      "The image of a new revision is missing; the breaker tripped a minute ago and brings the old revision back.",
    why: "Rollout FAILED and a rollback in progress stand in the deployments. The cause of the failed rollout is a fair name too; acting is not.",
    world: {
      service: "fraud-hints",
      revisions: {
        0: { image: "112233445566.dkr.ecr.eu-west-1.amazonaws.com/fraud-hints:9.9" },
        [-1]: { image: "112233445566.dkr.ecr.eu-west-1.amazonaws.com/fraud-hints:9.8" },
      },
      desired: 3,
      minimumHealthyPercent: 50,
      deployments: [
        {
          revision: -1,
          at: -1.4,
          rollout: "IN_PROGRESS",
          reason: "ECS deployment circuit breaker: rolling back to deploymentId {deployment}.",
          desired: 3,
          running: 2,
          pending: 1,
        },
        {
          revision: 0,
          at: -12,
          status: "ACTIVE",
          rollout: "FAILED",
          reason: "ECS deployment circuit breaker: tasks failed to start.",
          desired: 0,
          failed: 3,
        },
      ],
      running: [...fleet(2, 9_000, { revision: -1 }), { status: "PENDING", revision: -1 }],
      stopped: [
        ...repeated(3, -1.8, 2.6, (at) =>
          startStop(
            at,
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 112233445566.dkr.ecr.eu-west-1.amazonaws.com/fraud-hints:9.9: not found",
          ),
        ),
        replacedStop(-11, 9_000, { revision: -1 }),
      ],
      events: [[-1.5, "(deployment ecs-svc/{deployment}) deployment failed: tasks failed to start."]],
      metrics: { healthyHosts: series(3, step(-11, 2, 1)) },
      alarm: alarm("healthyHosts", "<", 3, { of: [5, 5] }),
      logs: { style: "node", entries: [] },
    },
    truth: leave("deploy-in-progress", "image-pull-failure"),
  },
  {
    name: "loud-but-harmless",
    of: "no-fault",
    story:
      "A scanner makes the service log hundreds of ERROR lines about bad requests; the alarm counts log lines.",
    why: "The lines are 4xx answers to nonsense paths; 5xx, latency, targets and resources are as ever; the same lines come all day.",
    world: {
      service: "public-site",
      desired: 3,
      custom: {
        namespace: "LogMetrics",
        name: "ErrorLines",
        dimensions: { App: "public-site" },
        series: series(40, step(-4, 130, 1), noise(0.1)),
      },
      alarm: alarm("custom", ">", 100, { of: [3, 3], name: "error-lines" }),
      logs: {
        style: "nginx",
        chatter: 40,
        entries: [
          errorLog(
            [-25, -4],
            40,
            'open() "/usr/share/nginx/html/wp-login.php" failed (2: No such file or directory), client: {ip}, request: "GET /wp-login.php HTTP/1.1"',
          ),
          errorLog(
            [-4, 0],
            120,
            'open() "/usr/share/nginx/html/.env" failed (2: No such file or directory), client: {ip}, request: "GET /.env HTTP/1.1"',
          ),
          warnLog([-4, 0], 5, "client sent invalid header line while reading client request headers"),
        ],
      },
    },
    truth: leave("no-fault", "unknown"),
  },
  {
    name: "new-worker-panics",
    of: "bad-deploy",
    story:
      "A Go worker's new revision panics on the second kind of message: a crash a minute per task, no event.",
    why: "Exit 2 with the same panic on the new revision only; it finished rolling out because each task runs for a while.",
    world: {
      service: "ledger-writer",
      desired: 3,
      balancer: false,
      deployments: [{ revision: 0, at: -26 }],
      running: [{ age: 1.6 }, { age: 1.1 }, { age: 0.3 }],
      stopped: [
        ...repeated(3, -24, 0.3, (at) => replacedStop(at, 9_000, { revision: -1 })),
        ...repeated(22, -0.5, 1, (at) => exitStop(at, 1.7, 2)),
      ],
      custom: {
        namespace: "AWS/SQS",
        name: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: "ledger" },
        series: series(12, step(-22, 4_000, 20)),
      },
      metrics: { cpu: series(25, step(-24, 16, 1)) },
      alarm: alarm("custom", ">", 1_000, { statistic: "Maximum", of: [5, 5], name: "queue-depth" }),
      logs: {
        style: "go",
        chatter: 8,
        entries: [
          bareLog(
            [-23, -0.5],
            1,
            "panic: runtime error: invalid memory address or nil pointer dereference",
            "[signal SIGSEGV: segmentation violation code=0x1 addr=0x20 pc=0x6e1b42]",
            "",
            "goroutine 33 [running]:",
            "main.(*Writer).refund(0x0, 0xc00021)",
            "\t/src/writer.go:141 +0x22",
          ),
        ],
      },
    },
    truth: askRollback("bad-deploy"),
  },
);
