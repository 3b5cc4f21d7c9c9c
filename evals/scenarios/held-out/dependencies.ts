import { noise, ramp, series, step } from "../series.ts";
import {
  alarm,
  cases,
  errorLog,
  fleet,
  infoLog,
  leave,
  repeated,
  replacedStop,
  restartNow,
  startStop,
  truth,
  warnLog,
} from "../vocabulary.ts";

const answered503 = {
  state: "unhealthy",
  reason: "Target.ResponseCodeMismatch",
  description: "Health checks failed with these codes: [503]",
} as const;

export const dependencyCases = cases(
  {
    name: "database-refuses",
    of: "dependency-down",
    story: "The database is down. The deep health check asks it too, so every target is unhealthy.",
    why: "All targets answer 503 at once, all tasks log refused connections to one address, nothing changed here: the tasks are fine, the database is not.",
    world: {
      service: "orders",
      desired: 5,
      running: fleet(5, 8_000, { target: answered503 }),
      events: [
        [
          -4,
          "(port 8080) is unhealthy in (target-group {targetGroup}) due to (reason Health checks failed with these codes: [503]).",
        ],
      ],
      metrics: {
        unhealthyHosts: series(0, step(-8, 5, 1)),
        healthyHosts: series(5, step(-8, 0, 1)),
        errors5xx: series(0.4, step(-9, 2_100, 1)),
        cpu: series(32, step(-9, 11, 2)),
        p99: series(0.3, step(-9, 0.9, 1)),
      },
      alarm: alarm("unhealthyHosts", ">=", 3, { of: [5, 5] }),
      logs: {
        style: "spring",
        chatter: 4,
        entries: [
          errorLog(
            [-9, 0],
            55,
            "HikariPool-1 - Exception during pool initialization: Connection to orders-db.cluster-c1.eu-west-1.rds.amazonaws.com:5432 refused. Check that the hostname and port are correct",
            "org.postgresql.util.PSQLException: Connection to orders-db:5432 refused",
            "\tat org.postgresql.core.v3.ConnectionFactoryImpl.openConnectionImpl(ConnectionFactoryImpl.java:342)",
            "Caused by: java.net.ConnectException: Connection refused",
          ),
        ],
      },
    },
    truth: leave("dependency-down"),
  },
  {
    name: "slow-partner-looks-hung",
    of: "dependency-down",
    story:
      "The payment partner hangs; two tasks have all threads waiting for it and miss their health checks.",
    why: "All tasks, also the healthy ones, log read timeouts to the same partner; CPU fell everywhere. Restarted tasks would fill up again.",
    world: {
      service: "payments",
      desired: 6,
      running: [
        ...fleet(4, 5_000),
        ...fleet(2, 4_980, {
          target: { state: "unhealthy", reason: "Target.Timeout", description: "Request timed out" },
        }),
      ],
      metrics: {
        p99: series(0.6, step(-13, 29.8, 1)),
        p50: series(0.12, step(-13, 18, 2)),
        cpu: series(36, step(-12, 9, 2)),
        unhealthyHosts: series(0, step(-6, 2, 1)),
        errors5xx: series(0.4, step(-12, 310, 2)),
        elb5xx: series(0.1, step(-11, 90, 2)),
      },
      alarm: alarm("p99", ">", 5, { of: [5, 5] }),
      logs: {
        style: "dotnet",
        chatter: 8,
        entries: [
          errorLog(
            [-13, 0],
            30,
            "The request to https://api.partner-pay.example/v2/charges was canceled due to the configured HttpClient.Timeout of 30 seconds elapsing.",
            "System.Threading.Tasks.TaskCanceledException: The operation was canceled.",
            "   at System.Net.Http.HttpClient.HandleFailure(HttpRequestException e)",
          ),
        ],
      },
    },
    truth: leave("dependency-down"),
  },
  {
    name: "innocent-deploy-before-outage",
    of: "dependency-down",
    story: "A harmless deployment finished half a minute before the search cluster went away.",
    why: "The diff is one sidecar image; tasks of the old revision that were still draining failed the same way at the same second, and every error is a refused connection to one host.",
    world: {
      service: "search-api",
      desired: 4,
      definition: {
        sidecars: [{ name: "log-router", image: "fluent-bit:3.2.1" }],
        image: "acme/search-api:88",
      },
      revisions: { [-1]: { sidecars: [{ name: "log-router", image: "fluent-bit:3.2.0" }] } },
      deployments: [
        { revision: 0, at: -13, rollout: "IN_PROGRESS", desired: 4, running: 3 },
        { revision: -1, at: -3_000, desired: 1, running: 1 },
      ],
      running: [...fleet(3, 12), { age: 2_990, revision: -1 }],
      stopped: repeated(3, -10, 0.4, (at) => replacedStop(at, 3_000, { revision: -1 })),
      metrics: { errors5xx: series(0.3, step(-12, 1_700, 1)), p99: series(0.3, step(-12, 3.1, 1)) },
      alarm: alarm("errors5xx", ">", 200, { of: [5, 5] }),
      logs: {
        style: "pino",
        chatter: 20,
        entries: [errorLog([-12.4, 0], 60, "connect ECONNREFUSED 10.0.77.12:9200 (opensearch) for {path}")],
      },
    },
    truth: truth(["dependency-down"], ["none"], ["decline", "ask"], ["restart", "scale"]),
  },
  {
    name: "table-throughput",
    of: "dependency-throttled",
    story: "A table's provisioned throughput is used up; writes are refused.",
    why: "The log names the throttling error with ever the same table; errors rose under level traffic, tasks idle.",
    world: {
      service: "cart",
      desired: 4,
      metrics: { errors5xx: series(0.4, step(-15, 260, 4)), p99: series(0.2, step(-15, 2.9, 3)) },
      alarm: alarm("errors5xx", ">", 60, { of: [5, 5] }),
      logs: {
        style: "node",
        entries: [
          errorLog(
            [-15, 0],
            26,
            "PutItem on carts failed: ProvisionedThroughputExceededException: The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.",
          ),
        ],
      },
    },
    truth: leave("dependency-throttled"),
  },
  {
    name: "partner-answers-429",
    of: "dependency-throttled",
    story: "A shipping partner answers 429 to most calls since the top of the hour.",
    why: "Latency and 5xx rise while requests are level; every warning is a 429 with Retry-After of one host.",
    world: {
      service: "shipping-rates",
      desired: 3,
      metrics: {
        p99: series(0.7, ramp(-17, 8.5, -9)),
        errors5xx: series(0.2, step(-16, 75, 4)),
        requests: series(800),
      },
      alarm: alarm("p99", ">", 4, { of: [3, 5] }),
      logs: {
        style: "python",
        entries: [
          warnLog([-17, 0], 20, "rates.partner.example answered 429 Too Many Requests, Retry-After: 60"),
          errorLog([-16, 0], 9, "quote failed for parcel {id}: rate limit exceeded"),
        ],
      },
    },
    truth: leave("dependency-throttled"),
  },
  {
    name: "pool-never-returns",
    of: "connection-leak",
    story:
      "One code path never gives its connection back: the pool is empty in every task that is old enough.",
    why: "Waits for the pool, all connections active and the database itself quick; latency climbs with the tasks' age under level traffic; nothing was deployed for a week.",
    world: {
      service: "subscriptions",
      minimumHealthyPercent: 50,
      desired: 4,
      running: fleet(4, 10_100),
      deployments: [{ revision: 0, at: -10_110 }],
      metrics: {
        p99: series(0.4, ramp(-28, 30, -6)),
        p50: series(0.06, ramp(-20, 1.4)),
        errors5xx: series(0.4, ramp(-22, 130)),
        cpu: series(33, ramp(-20, 21)),
      },
      alarm: alarm("p99", ">", 10, { of: [5, 5] }),
      logs: {
        style: "spring",
        entries: [
          errorLog(
            [-22, 0],
            14,
            "HikariPool-1 - Connection is not available, request timed out after 30000ms (total=20, active=20, idle=0, waiting={n})",
          ),
          warnLog(
            [-25, 0],
            1,
            "Connection leak detection triggered for org.postgresql.jdbc.PgConnection@{hex} on thread http-nio-8080-exec-7, stack trace follows",
          ),
        ],
      },
    },
    truth: restartNow("connection-leak"),
  },
  {
    name: "descriptors-run-out",
    of: "connection-leak",
    story: "Sockets are never closed: the old tasks have run out of file descriptors, the young one works.",
    why: "Accept fails with 'too many open files' on the two oldest targets only; the newest task is healthy; memory and CPU are low.",
    world: {
      service: "realtime-gateway",
      desired: 4,
      minimumHealthyPercent: 50,
      running: [
        ...fleet(2, 30_000, {
          target: {
            state: "unhealthy",
            reason: "Target.FailedHealthChecks",
            description: "Health checks failed",
          },
        }),
        { age: 12_000 },
        { age: 300 },
      ],
      metrics: {
        unhealthyHosts: series(0, step(-22, 1, 1), step(-9, 2, 1)),
        errors5xx: series(0.4, step(-22, 60, 4), step(-9, 190, 2)),
        elb5xx: series(0.2, step(-22, 31, 3)),
      },
      alarm: alarm("unhealthyHosts", ">=", 2, { of: [5, 5] }),
      logs: {
        style: "go",
        entries: [
          errorLog(
            [-22, 0],
            35,
            "http: Accept error: accept tcp [::]:8080: accept4: too many open files; retrying in 1s",
          ),
          errorLog([-22, 0], 9, "dial tcp {ip}:6379: socket: too many open files"),
        ],
      },
    },
    truth: restartNow("connection-leak"),
  },
  {
    name: "names-do-not-resolve",
    of: "network-failure",
    story: "The resolver of the VPC does not answer: nothing can be looked up, whatever its name.",
    why: "Look-ups of four unrelated hosts fail from all tasks since the same minute; no change of the service.",
    world: {
      service: "notification",
      desired: 4,
      metrics: { errors5xx: series(0.4, step(-10, 880, 1)), p99: series(0.4, step(-10, 10.2, 1)) },
      alarm: alarm("errors5xx", ">", 100, { of: [5, 5] }),
      logs: {
        style: "node",
        chatter: 12,
        entries: [
          errorLog([-10, 0], 25, "getaddrinfo EAI_AGAIN notifications-db.internal"),
          errorLog([-10, 0], 14, "getaddrinfo EAI_AGAIN sqs.eu-west-1.amazonaws.com"),
          errorLog([-10, 0], 11, "getaddrinfo EAI_AGAIN api.push.example.com"),
          errorLog([-10, 0], 6, "getaddrinfo EAI_AGAIN templates.prod.local"),
        ],
      },
    },
    truth: leave("network-failure"),
  },
  {
    name: "no-way-to-the-registry",
    of: "network-failure",
    story: "A route table lost its NAT gateway: new tasks reach neither the registry nor the secrets.",
    why: "Replacements fail at initialisation with i/o timeouts to more than one AWS endpoint; the running ones time out to everything outside; no revision changed.",
    world: {
      service: "fx-rates",
      desired: 4,
      deployments: [{ revision: 0, at: -21_000 }],
      running: fleet(2, 15_000),
      stopped: [
        ...repeated(8, -1, 2.9, (at) =>
          startStop(
            at,
            'ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. RequestError: send request failed caused by: Post "https://api.ecr.eu-west-1.amazonaws.com/": dial tcp 52.95.114.7:443: i/o timeout',
          ),
        ),
        {
          at: -26,
          lived: 15_000,
          code: "SpotInterruption",
          reason: "Your Spot Task was interrupted.",
          exit: 143,
        },
        {
          at: -24,
          lived: 15_000,
          code: "SpotInterruption",
          reason: "Your Spot Task was interrupted.",
          exit: 143,
        },
      ],
      metrics: {
        healthyHosts: series(4, step(-25, 2, 2)),
        errors5xx: series(0.3, step(-27, 120, 2)),
        p99: series(0.3, step(-27, 15, 1)),
      },
      alarm: alarm("errors5xx", ">", 40, { of: [10, 10] }),
      logs: {
        style: "go",
        entries: [
          errorLog(
            [-27, 0],
            9,
            'Get "https://feed.rates.example/latest": dial tcp 203.0.113.9:443: i/o timeout',
          ),
          errorLog(
            [-27, 0],
            5,
            'RequestError: send request failed caused by: Post "https://sts.eu-west-1.amazonaws.com/": dial tcp 52.94.5.1:443: i/o timeout',
          ),
        ],
      },
    },
    truth: leave("network-failure"),
  },
  {
    name: "bucket-policy-tightened",
    of: "permission-denied",
    story: "A bucket policy was tightened by another team; reads of documents are refused.",
    why: "AccessDenied for one bucket from every task, errors from one minute to the next, no deployment near.",
    world: {
      service: "documents",
      desired: 3,
      metrics: { errors5xx: series(0.3, step(-20, 190, 1)), requests: series(1_100) },
      alarm: alarm("errors5xx", ">", 50, { of: [10, 10] }),
      logs: {
        style: "python",
        entries: [
          errorLog(
            [-20, 0],
            19,
            "botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the GetObject operation: User: arn:aws:sts::112233445566:assumed-role/documents-task/{hex} is not authorized to perform: s3:GetObject because no resource-based policy allows the s3:GetObject action",
          ),
        ],
      },
    },
    truth: leave("permission-denied"),
  },
  {
    name: "execution-role-lost-a-grant",
    of: "permission-denied",
    story: "The execution role lost its right to the secret; whatever stops cannot start again.",
    why: "ResourceInitializationError with AccessDeniedException on the same revision that ran for weeks.",
    world: {
      service: "identity",
      desired: 4,
      deployments: [{ revision: 0, at: -30_000 }],
      running: fleet(3, 20_000),
      stopped: [
        {
          at: -19,
          lived: 19_900,
          code: "TerminationNotice",
          reason: "ECS is performing maintenance on the underlying infrastructure hosting the task",
          exit: 143,
        },
        ...repeated(8, -1.4, 2.2, (at) =>
          startStop(
            at,
            "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): AccessDeniedException: User: arn:aws:sts::112233445566:assumed-role/identity-execution/7c1e5a90b2d4 is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-west-1:112233445566:secret:identity/DATABASE_URL because no identity-based policy allows the secretsmanager:GetSecretValue action",
          ),
        ),
      ],
      metrics: { healthyHosts: series(4, step(-19, 3, 1)) },
      alarm: alarm("healthyHosts", "<", 4, { of: [15, 15] }),
      logs: { style: "dotnet", entries: [] },
    },
    truth: leave("permission-denied"),
  },
  {
    name: "partner-certificate-expired",
    of: "certificate-expired",
    story: "The certificate of a partner's endpoint expired at noon.",
    why: "Every call fails with x509 'certificate has expired', from one second to the next, level traffic.",
    world: {
      service: "kyc",
      desired: 3,
      metrics: { errors5xx: series(0.2, step(-16, 140, 1)), requests: series(600) },
      alarm: alarm("errors5xx", ">", 30, { of: [5, 5] }),
      logs: {
        style: "zap",
        entries: [
          errorLog(
            [-16, 0],
            22,
            "Post https://verify.partner.example/v1/checks: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time is after 2026-11-23T00:00:00Z",
          ),
        ],
      },
    },
    truth: leave("certificate-expired"),
  },
  {
    name: "database-authority-rotated",
    of: "certificate-expired",
    story: "The database got a certificate of a new authority that the image does not know.",
    why: "New connections fail in the TLS handshake with 'unable to get local issuer certificate'; old ones live on, so the errors grow slowly; no deployment.",
    world: {
      service: "billing",
      desired: 4,
      metrics: { errors5xx: series(0.4, ramp(-24, 330)), p99: series(0.3, ramp(-24, 1.1)) },
      alarm: alarm("errors5xx", ">", 100, { of: [5, 5] }),
      logs: {
        style: "pino",
        entries: [
          errorLog(
            [-24, 0],
            12,
            "database connection failed: unable to get local issuer certificate (UNABLE_TO_GET_ISSUER_CERT_LOCALLY)",
          ),
          errorLog([-12, 0], 12, "database connection failed: self-signed certificate in certificate chain"),
          infoLog([-25, 0], 3, "pool size {n}"),
        ],
      },
    },
    truth: leave("certificate-expired"),
  },
  {
    name: "shared-balancer-noise",
    of: "no-fault",
    story: "Another service behind the same load balancer fails; its 5xx are in the balancer's sum.",
    why: "The balancer's own 5xx rose, but this service's target group has no errors, healthy targets, level requests and latency; its log is clean.",
    world: {
      service: "help-center",
      desired: 3,
      metrics: {
        elb5xx: series(0.2, step(-9, 410, 2), noise(0.1)),
        errors5xx: series(0.2),
        requests: series(1_300),
      },
      alarm: alarm("elb5xx", ">", 100, { of: [5, 5] }),
      logs: { style: "rails", chatter: 30, entries: [] },
    },
    truth: leave("no-fault", "unknown"),
  },
);
