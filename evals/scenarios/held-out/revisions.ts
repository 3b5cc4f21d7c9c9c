import { noise, series, step, without } from "../series.ts";
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
    name: "null-tax-code",
    of: "bad-deploy",
    story: "A release reads a field that old carts do not have: a third of the requests fails.",
    why: "5xx began two minutes after the deployment, with an exception that was never seen before; traffic, memory and dependencies are level.",
    world: {
      service: "checkout",
      desired: 6,
      deployments: [{ revision: 0, at: -12 }],
      running: fleet(6, 10.5),
      stopped: repeated(6, -7, 0.5, (at) => replacedStop(at, 15_000, { revision: -1 })),
      metrics: { errors5xx: series(0.5, step(-10, 640, 3)), requests: series(2_400) },
      alarm: alarm("errors5xx", ">", 100, { of: [3, 3] }),
      logs: {
        style: "node",
        chatter: 40,
        entries: [
          errorLog(
            [-10, 0],
            18,
            "Unhandled error in POST /checkout: TypeError: Cannot read properties of undefined (reading 'taxCode')",
            "    at applyTax (/app/dist/tax.js:41:27)",
            "    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)",
          ),
        ],
      },
    },
    truth: askRollback("bad-deploy"),
  },
  {
    name: "dies-after-running",
    of: "bad-deploy",
    story: "New tasks reach RUNNING and exit within seconds, over and over; ECS writes no event about it.",
    why: "Eleven tasks of the new revision, none of the old, exited with 1 a few seconds after start; the stack is in the code; the environment did not change.",
    world: {
      service: "recommendations",
      desired: 4,
      breaker: "off",
      balancer: false,
      insights: "service",
      minimumHealthyPercent: 50,
      deployments: [
        { revision: 0, at: -15, rollout: "IN_PROGRESS", desired: 4, running: 0, failed: 11 },
        { revision: -1, at: -8_000, desired: 2, running: 2 },
      ],
      running: fleet(2, 7_990, { revision: -1 }),
      stopped: [
        ...repeated(11, -0.8, 1.2, (at) => exitStop(at, 0.12, 1)),
        replacedStop(-14, 8_000, { revision: -1 }),
        replacedStop(-14.2, 8_000, { revision: -1 }),
      ],
      metrics: { runningTasks: series(4, step(-14, 2, 1)), cpu: series(30, step(-14, 57, 2)) },
      alarm: alarm("runningTasks", "<", 3, { of: [5, 5] }),
      logs: {
        style: "python",
        entries: [
          bareLog(
            [-14, -0.8],
            0.9,
            "Traceback (most recent call last):",
            '  File "/app/main.py", line 9, in <module>',
            "    from app.ranking import load_model",
            '  File "/app/app/ranking.py", line 3, in <module>',
            "    import numpy.typing_extensions",
            "ModuleNotFoundError: No module named 'numpy.typing_extensions'",
          ),
        ],
      },
    },
    truth: askOrWait("bad-deploy"),
  },
  {
    name: "native-library-segfault",
    of: "bad-deploy",
    story: "A new base image: the image decoder crashes the process every few minutes.",
    why: "Exit 139 only on the new revision, none in the hour before; lives are minutes, memory is low.",
    world: {
      service: "thumbnailer",
      desired: 5,
      deployments: [{ revision: 0, at: -33 }],
      running: [{ age: 5 }, { age: 4 }, { age: 3 }, { age: 2 }, { age: 0.8 }],
      stopped: [
        ...repeated(5, -29, 0.4, (at) => replacedStop(at, 30_000, { revision: -1 })),
        ...repeated(12, -1, 2.1, (at) => exitStop(at, 6, 139)),
      ],
      metrics: {
        elb5xx: series(0.1, step(-27, 45, 4), noise(0.2)),
        healthyHosts: series(5, step(-27, 4, 2)),
        memory: series(38),
      },
      alarm: alarm("elb5xx", ">", 20, { of: [5, 10] }),
      logs: {
        style: "go",
        entries: [
          bareLog(
            [-27, 0],
            0.5,
            "fatal error: unexpected signal during runtime execution",
            "[signal SIGSEGV: segmentation violation code=0x1 addr=0x18 pc=0x7f21a]",
            "goroutine 91 [syscall]:",
            "main.decode(0xc0001a)",
          ),
        ],
      },
    },
    truth: askRollback("bad-deploy"),
  },
  {
    name: "tag-never-pushed",
    of: "image-pull-failure",
    story: "The pipeline registered a revision whose image was never pushed.",
    why: "New tasks do not start: CannotPullContainerError, not found; the old ones serve on.",
    world: {
      service: "geo-lookup",
      revisions: {
        0: { image: "112233445566.dkr.ecr.eu-west-1.amazonaws.com/geo-lookup:2.41.0" },
        [-1]: { image: "112233445566.dkr.ecr.eu-west-1.amazonaws.com/geo-lookup:2.40.3" },
      },
      desired: 3,
      breaker: "off",
      deployments: [
        { revision: 0, at: -22, rollout: "IN_PROGRESS", desired: 3, running: 0, failed: 9 },
        { revision: -1, at: -9_000, desired: 3, running: 3 },
      ],
      running: fleet(3, 8_990, { revision: -1 }),
      stopped: repeated(9, -1.5, 2.3, (at) =>
        startStop(
          at,
          "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 112233445566.dkr.ecr.eu-west-1.amazonaws.com/geo-lookup:2.41.0: 112233445566.dkr.ecr.eu-west-1.amazonaws.com/geo-lookup:2.41.0: not found",
        ),
      ),
      events: [
        [
          -6,
          "is unable to consistently start tasks successfully. For more information, see the Troubleshooting section.",
        ],
      ],
      custom: {
        namespace: "Deploys",
        name: "RolloutMinutes",
        dimensions: { Service: "geo-lookup" },
        series: series(0, step(-21, 15, 20)),
      },
      alarm: alarm("custom", ">", 8, { statistic: "Maximum", of: [2, 2], name: "rollout-stuck" }),
      logs: { style: "go", entries: [] },
    },
    truth: askOrWait("image-pull-failure"),
  },
  {
    name: "lifecycle-policy-ate-the-image",
    of: "image-pull-failure",
    story: "A registry lifecycle rule deleted the image that the service runs; every replacement fails.",
    why: "No deployment for two months; replacements of tasks lost to Spot cannot pull: image not found. Older revisions are likely gone as well.",
    world: {
      service: "statement-pdf",
      revisions: {
        0: { image: "112233445566.dkr.ecr.eu-west-1.amazonaws.com/statement-pdf:1.9.3" },
        [-1]: { image: "112233445566.dkr.ecr.eu-west-1.amazonaws.com/statement-pdf:1.9.2" },
      },
      desired: 5,
      deployments: [{ revision: 0, at: -61 * 1440 }],
      running: fleet(3, 20_000),
      stopped: [
        {
          at: -31,
          lived: 19_000,
          code: "SpotInterruption",
          reason: "Your Spot Task was interrupted.",
          exit: 143,
        },
        {
          at: -27,
          lived: 19_000,
          code: "SpotInterruption",
          reason: "Your Spot Task was interrupted.",
          exit: 143,
        },
        ...repeated(13, -1.2, 2, (at) =>
          startStop(
            at,
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 112233445566.dkr.ecr.eu-west-1.amazonaws.com/statement-pdf:1.9.3: not found",
          ),
        ),
      ],
      metrics: {
        healthyHosts: series(5, step(-31, 4, 1), step(-27, 3, 1)),
        cpu: series(30, step(-27, 49, 1)),
      },
      alarm: alarm("healthyHosts", "<", 4, { of: [15, 15] }),
      logs: { style: "dotnet", entries: [] },
    },
    truth: askOrWait("image-pull-failure"),
  },
  {
    name: "secret-not-there",
    of: "startup-misconfiguration",
    story: "The revision refers to a secret that exists in staging only.",
    why: "ResourceInitializationError names the missing secret, and the diff adds exactly this secret.",
    world: {
      service: "loyalty",
      desired: 2,
      breaker: "off",
      definition: { secrets: ["DATABASE_URL", "LOYALTY_SIGNING_KEY"] },
      revisions: { [-1]: { secrets: ["DATABASE_URL"] } },
      deployments: [
        { revision: 0, at: -18, rollout: "IN_PROGRESS", desired: 2, running: 0, failed: 7 },
        { revision: -1, at: -5_000, desired: 2, running: 2 },
      ],
      running: fleet(2, 4_990, { revision: -1 }),
      stopped: repeated(7, -1, 2.4, (at) =>
        startStop(
          at,
          "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret arn:aws:secretsmanager:eu-west-1:112233445566:secret:loyalty/LOYALTY_SIGNING_KEY from secrets manager: ResourceNotFoundException: Secrets Manager can't find the specified secret.",
        ),
      ),
      events: [
        [
          -9,
          "is unable to consistently start tasks successfully. For more information, see the Troubleshooting section.",
        ],
      ],
      insights: "service",
      custom: {
        namespace: "ECS/ContainerInsights",
        name: "DeploymentCount",
        dimensions: { ClusterName: "prod", ServiceName: "loyalty" },
        series: series(1, step(-17, 2, 1), noise(0)),
      },
      alarm: alarm("custom", ">", 1, { statistic: "Maximum", of: [15, 15], name: "rollout-stuck" }),
      logs: { style: "rails", entries: [] },
    },
    truth: askOrWait("startup-misconfiguration"),
  },
  {
    name: "variable-dropped",
    of: "startup-misconfiguration",
    story: "A clean-up of the task definition dropped a variable that the program needs at start.",
    why: "The diff removes BROKER_URL; every task of the revision exits with 1 within seconds, saying that BROKER_URL is required; same image.",
    world: {
      service: "event-relay",
      desired: 3,
      breaker: "off",
      minimumHealthyPercent: 0,
      balancer: false,
      definition: { environment: ["LOG_LEVEL", "REGION"], image: "acme/event-relay:5.0.1" },
      revisions: { [-1]: { environment: ["BROKER_URL", "LOG_LEVEL", "REGION"] } },
      deployments: [{ revision: 0, at: -14, rollout: "IN_PROGRESS", desired: 3, running: 0, failed: 16 }],
      running: [{ status: "PENDING" }],
      stopped: [
        ...repeated(3, -13, 0.2, (at) => replacedStop(at, 11_000, { revision: -1 })),
        ...repeated(16, -0.5, 0.75, (at) => exitStop(at, 0.07, 1)),
      ],
      metrics: { cpu: series(22, without(-13)), memory: series(30, without(-13)) },
      alarm: alarm("cpu", "<", 1, { of: [5, 5], missing: "breaching", name: "heartbeat" }),
      logs: {
        style: "node",
        chatter: 0,
        entries: [
          errorLog([-12.5, -0.5], 1.3, "Configuration error: environment variable BROKER_URL is required"),
        ],
      },
    },
    truth: askOrWait("startup-misconfiguration"),
  },
  {
    name: "breaker-turns-back",
    of: "deploy-in-progress",
    story: "A bad revision; the circuit breaker has tripped and is rolling back by itself.",
    why: "The rollout reason says 'rolling back', the old revision is primary again and coming up: hands off.",
    world: {
      service: "search-suggest",
      desired: 4,
      deployments: [
        {
          revision: -1,
          at: -2.2,
          rollout: "IN_PROGRESS",
          reason: "ECS deployment circuit breaker: rolling back to deploymentId {deployment}.",
          desired: 4,
          running: 2,
          pending: 2,
        },
        {
          revision: 0,
          at: -13,
          status: "ACTIVE",
          rollout: "FAILED",
          reason: "ECS deployment circuit breaker: tasks failed to start.",
          desired: 0,
          running: 0,
          failed: 6,
        },
      ],
      running: [
        ...fleet(2, 6_000, { revision: -1 }),
        { status: "PENDING", revision: -1 },
        { age: 0.4, revision: -1, target: { state: "initial", reason: "Elb.RegistrationInProgress" } },
      ],
      stopped: [
        ...repeated(6, -2.6, 1.4, (at) => exitStop(at, 0.3, 1)),
        replacedStop(-11, 6_000, { revision: -1 }),
      ],
      minimumHealthyPercent: 50,
      events: [
        [-2.3, "(deployment ecs-svc/{deployment}) deployment failed: tasks failed to start."],
        [-2.1, "rolling back to deployment ecs-svc/{deployment}."],
      ],
      metrics: { healthyHosts: series(4, step(-11, 2, 1)), errors5xx: series(0.4, step(-11, 13, 1)) },
      alarm: alarm("healthyHosts", "<", 3, { of: [5, 5] }),
      logs: {
        style: "go",
        entries: [
          bareLog(
            [-12, -2.6],
            0.6,
            "panic: index schema version 9 not supported",
            "",
            "goroutine 1 [running]:",
            "main.main()",
            "\t/src/main.go:77 +0x1d4",
          ),
        ],
      },
    },
    truth: leave("deploy-in-progress", "bad-deploy"),
  },
  {
    name: "half-at-a-time",
    of: "deploy-in-progress",
    story:
      "An ordinary rolling deployment with half the tasks at a time trips an alarm that counts healthy hosts.",
    why: "The rollout began three minutes ago, new targets are registering, no task failed, no errors.",
    world: {
      service: "tenant-admin",
      desired: 4,
      minimumHealthyPercent: 50,
      maximumPercent: 100,
      deployments: [
        { revision: 0, at: -4.5, rollout: "IN_PROGRESS", desired: 4, running: 2, pending: 0 },
        { revision: -1, at: -4_000, desired: 2, running: 2 },
      ],
      running: [
        ...fleet(2, 3_990, { revision: -1 }),
        ...fleet(2, 0.9, {
          target: {
            state: "initial",
            reason: "Elb.InitialHealthChecking",
            description: "Initial health checks in progress",
          },
        }),
      ],
      stopped: [replacedStop(-3.4, 4_000, { revision: -1 }), replacedStop(-3.3, 4_000, { revision: -1 })],
      metrics: { healthyHosts: series(4, step(-4, 2, 1)), cpu: series(20, step(-3, 39, 1)) },
      alarm: alarm("healthyHosts", "<", 3, { of: [2, 2] }),
      logs: {
        style: "rails",
        entries: [
          infoLog([-1.5, 0], 2, "Puma starting in cluster mode"),
          warnLog([-4, 0], 1, "DEPRECATION: config.load_defaults"),
        ],
      },
    },
    truth: leave("deploy-in-progress"),
  },
);
