import { ramp, series, step, without } from "../series.ts";
import {
  alarm,
  askRollback,
  cases,
  errorLog,
  exitStop,
  fleet,
  infoLog,
  leave,
  repeated,
  replacedStop,
  restartNow,
  truth,
  warnLog,
} from "../vocabulary.ts";

export const dependencyCases = cases(
  {
    name: "cache-refuses",
    of: "dependency-down",
    story:
      "The session cache is down; the service answers 500 to everyone who is logged in. Its own checks stay green.",
    why: "All tasks log refused connections to one address since one minute; CPU fell; nothing changed here.",
    world: {
      service: "web-session",
      desired: 4,
      metrics: {
        errors5xx: series(0.4, step(-9, 950, 1)),
        cpu: series(34, step(-9, 19, 1)),
        p99: series(0.3, step(-9, 2.1, 1)),
      },
      alarm: alarm("errors5xx", ">", 100, { of: [5, 5] }),
      logs: {
        style: "node",
        chatter: 15,
        entries: [
          errorLog(
            [-9, 0],
            50,
            "Error: connect ECONNREFUSED 10.0.52.19:6379",
            "    at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16)",
          ),
          warnLog([-9, 0], 10, "redis: reconnecting in {ms}ms"),
        ],
      },
    },
    truth: leave("dependency-down"),
  },
  {
    name: "deploy-half-a-minute-after",
    of: "dependency-down",
    story:
      "A partner's API went down; a routine deployment began half a minute later and looks like the culprit.",
    why: "Errors began before the deployment, and tasks of the old revision logged them too; rolling back would cure nothing.",
    world: {
      service: "hotel-offers",
      desired: 4,
      deployments: [{ revision: 0, at: -17 }],
      running: fleet(4, 15.5),
      stopped: repeated(4, -12.5, 0.5, (at) => replacedStop(at, 3_000, { revision: -1 })),
      metrics: { errors5xx: series(0.4, step(-18, 540, 1)), p99: series(0.9, step(-18, 5.2, 1)) },
      alarm: alarm("errors5xx", ">", 100, { of: [15, 15] }),
      logs: {
        style: "python",
        entries: [
          errorLog(
            [-18, 0],
            35,
            "urllib3: GET https://api.rooms.example/v3/offers returned 503 Service Unavailable",
          ),
          errorLog(
            [-18, 0],
            8,
            "requests.exceptions.ConnectionError: HTTPSConnectionPool(host='api.rooms.example', port=443): Max retries exceeded: Connection refused",
          ),
        ],
      },
    },
    truth: leave("dependency-down"),
  },
  {
    name: "queue-api-throttles",
    of: "dependency-throttled",
    story: "KMS throttles the account; every message needs a decrypt.",
    why: "ThrottlingException 'Rate exceeded' from one API on all tasks; errors up, own resources idle, no change.",
    world: {
      service: "envelope",
      desired: 5,
      metrics: { errors5xx: series(0.4, step(-12, 150, 2)), p99: series(0.2, step(-12, 1.9, 2)) },
      alarm: alarm("errors5xx", ">", 50, { of: [5, 5] }),
      logs: {
        style: "spring",
        entries: [
          errorLog(
            [-12, 0],
            22,
            "Decrypt failed: software.amazon.awssdk.services.kms.model.KmsException: Rate exceeded (Service: Kms, Status Code: 400, Request ID: {uuid})",
            "\tat software.amazon.awssdk.core.internal.http.CombinedResponseHandler.handleErrorResponse(CombinedResponseHandler.java:125)",
            "Caused by: ThrottlingException: Rate exceeded",
          ),
        ],
      },
    },
    truth: leave("dependency-throttled"),
  },
  {
    name: "model-quota-tempts-to-scale",
    of: "dependency-throttled",
    story:
      "Traffic is a little up and the language model's quota is used up; scaling would only use it up faster.",
    why: "Requests +25 % with CPU at 30 %: no saturation here; every failure is a 429 of the same provider.",
    world: {
      service: "assistant",
      desired: 4,
      scaling: { min: 2, max: 12 },
      metrics: {
        requests: series(1_600, step(-16, 2_000, 5)),
        errors5xx: series(0.4, step(-14, 290, 3)),
        p99: series(3.5, step(-14, 12, 3)),
        cpu: series(27, step(-15, 31, 4)),
      },
      alarm: alarm("errors5xx", ">", 100, { of: [5, 5] }),
      logs: {
        style: "pino",
        entries: [
          errorLog(
            [-14, 0],
            40,
            "model call failed: 429 Too Many Requests, quota exceeded for tokens per minute",
          ),
          warnLog([-14, 0], 15, "rate limited by provider, waiting {n}ms"),
        ],
      },
    },
    truth: leave("dependency-throttled"),
  },
  {
    name: "queue-pool-limit",
    of: "connection-leak",
    story: "An unclosed session in a new-ish view drains the connection pool of the tasks over hours.",
    why: "QueuePool time-outs grow with age of the tasks under level traffic; the database answers the tasks that have connections at once; revision is nine days old.",
    world: {
      service: "crm",
      minimumHealthyPercent: 50,
      desired: 3,
      deployments: [{ revision: 0, at: -9 * 1440 }],
      running: fleet(3, 12_900),
      metrics: {
        p99: series(0.5, ramp(-34, 30, -8)),
        errors5xx: series(0.4, ramp(-26, 95)),
        cpu: series(30, ramp(-25, 22)),
      },
      alarm: alarm("errors5xx", ">", 60, { of: [3, 3] }),
      logs: {
        style: "python",
        entries: [
          errorLog(
            [-26, 0],
            12,
            "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached, connection timed out, timeout 30.00",
          ),
        ],
      },
    },
    truth: restartNow("connection-leak"),
  },
  {
    name: "sockets-not-closed",
    of: "connection-leak",
    story: "A Java client never closes its responses; the two old tasks have no descriptors left.",
    why: "'Too many open files' and failed health checks on the two oldest; the youngest is healthy; no change, level traffic.",
    world: {
      service: "partner-feed",
      desired: 3,
      minimumHealthyPercent: 33,
      running: [
        ...fleet(2, 40_000, {
          target: { state: "unhealthy", reason: "Target.Timeout", description: "Request timed out" },
        }),
        { age: 700 },
      ],
      metrics: {
        unhealthyHosts: series(0, step(-30, 1, 1), step(-13, 2, 1)),
        errors5xx: series(0.3, step(-30, 70, 3), step(-13, 160, 2)),
      },
      alarm: alarm("unhealthyHosts", ">=", 2, { of: [10, 10] }),
      logs: {
        style: "spring",
        entries: [
          errorLog(
            [-30, 0],
            20,
            "Socket accept failed java.io.IOException: Too many open files",
            "\tat java.base/sun.nio.ch.Net.accept(Native Method)",
          ),
        ],
      },
    },
    truth: restartNow("connection-leak"),
  },
  {
    name: "nothing-connects",
    of: "network-failure",
    story: "A change of the network's access list: everything outside the subnet times out.",
    why: "Connect time-outs to the database, a queue and two partners at once, from all tasks; refused by none, so packets are lost; no deployment.",
    world: {
      service: "claims",
      desired: 4,
      metrics: {
        errors5xx: series(0.4, step(-13, 620, 1)),
        p99: series(0.3, step(-13, 30, 1)),
        cpu: series(33, step(-13, 12, 1)),
      },
      alarm: alarm("errors5xx", ">", 100, { of: [5, 5] }),
      logs: {
        style: "go",
        chatter: 5,
        entries: [
          errorLog([-13, 0], 18, "dial tcp 10.0.201.14:5432: connect: connection timed out"),
          errorLog([-13, 0], 12, "dial tcp 203.0.113.77:443: i/o timeout"),
          errorLog([-13, 0], 10, "dial tcp 198.51.100.8:443: connect: no route to host"),
          errorLog([-13, 0], 5, "dial tcp 52.95.119.3:443: connect: network is unreachable"),
        ],
      },
    },
    truth: leave("network-failure"),
  },
  {
    name: "balancer-cannot-reach",
    of: "network-failure",
    story:
      "A security group rule was removed: the load balancer reaches no task, the tasks are well and idle.",
    why: "All targets time out in the same minute, the tasks run and log no request at all any more, the requests are gone and CPU fell: the way in is cut.",
    world: {
      service: "donations",
      desired: 3,
      graceSeconds: 120,
      running: fleet(3, 10_000, {
        target: { state: "unhealthy", reason: "Target.Timeout", description: "Request timed out" },
      }),
      metrics: {
        unhealthyHosts: series(0, step(-9, 3, 1)),
        healthyHosts: series(3, step(-9, 0, 1)),
        requests: series(1_200, step(-10, 900, 1)),
        elb5xx: series(0.1, step(-10, 880, 1)),
        errors5xx: "absent",
        p50: series(0.04, without(-10)),
        p99: series(0.3, without(-10)),
        cpu: series(28, step(-10, 3, 1)),
      },
      alarm: alarm("elb5xx", ">", 100, { of: [5, 5] }),
      logs: {
        style: "uvicorn",
        chatterWindow: [-25, -10.5],
        entries: [infoLog([-9, 0], 0.6, "scheduler heartbeat ok")],
      },
    },
    truth: leave("network-failure"),
  },
  {
    name: "assume-role-refused",
    of: "permission-denied",
    story: "A trust policy in another account was changed; the service may no longer assume the role there.",
    why: "AccessDenied on sts:AssumeRole from all tasks since one minute; no deployment near.",
    world: {
      service: "data-share",
      desired: 2,
      metrics: { errors5xx: series(0.2, step(-14, 88, 1)), requests: series(420) },
      alarm: alarm("errors5xx", ">", 30, { of: [5, 5] }),
      logs: {
        style: "node",
        entries: [
          errorLog(
            [-14, 0],
            16,
            "AccessDenied: User: arn:aws:sts::112233445566:assumed-role/data-share-task/{hex} is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::998877665544:role/partner-read",
          ),
        ],
      },
    },
    truth: leave("permission-denied"),
  },
  {
    name: "role-swapped-in-revision",
    of: "permission-denied",
    story: "The new revision runs under a task role without access to its table.",
    why: "AccessDeniedException from every new task since the deployment, whose diff is the task role; rolling back cures it.",
    world: {
      service: "preferences",
      desired: 3,
      definition: { taskRole: "default-task", image: "acme/preferences:19" },
      revisions: { [-1]: { taskRole: "preferences-task" } },
      deployments: [{ revision: 0, at: -15 }],
      running: fleet(3, 13),
      stopped: repeated(3, -11, 0.5, (at) => replacedStop(at, 3_000, { revision: -1 })),
      metrics: { errors5xx: series(0.2, step(-13, 350, 2)) },
      alarm: alarm("errors5xx", ">", 50, { of: [5, 5] }),
      logs: {
        style: "zap",
        entries: [
          errorLog(
            [-13, 0],
            28,
            "operation error DynamoDB: GetItem, api error AccessDeniedException: User: arn:aws:sts::112233445566:assumed-role/default-task/{hex} is not authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:eu-west-1:112233445566:table/preferences",
          ),
        ],
      },
    },
    truth: truth(["permission-denied"], ["rollback", "none"], ["ask", "decline"]),
  },
  {
    name: "pkix-validity",
    of: "certificate-expired",
    story: "The internal authority's intermediate certificate ran out at night.",
    why: "CertificateExpiredException with NotAfter in every call to the internal hosts; level traffic, no deployment.",
    world: {
      service: "underwriting",
      desired: 3,
      metrics: { errors5xx: series(0.3, step(-11, 270, 1)) },
      alarm: alarm("errors5xx", ">", 50, { of: [5, 5] }),
      logs: {
        style: "spring",
        entries: [
          errorLog(
            [-11, 0],
            24,
            'I/O error on GET request for "https://scores.internal": PKIX path validation failed: java.security.cert.CertPathValidatorException: validity check failed',
            "\tat java.base/sun.security.ssl.Alert.createSSLException(Alert.java:130)",
            "Caused by: java.security.cert.CertificateExpiredException: NotAfter: Mon Nov 23 00:00:00 UTC 2026",
          ),
        ],
      },
    },
    truth: leave("certificate-expired"),
  },
  {
    name: "handshake-at-start",
    of: "certificate-expired",
    story:
      "The service fetches its settings over TLS at start; the certificate there has expired, so no task survives its start.",
    why: "Tasks that ran go on; every replacement exits with 1 saying 'certificate has expired'; the revision is old: not its fault, and a restart kills what still works.",
    world: {
      service: "campaigns",
      desired: 4,
      running: fleet(3, 9_000),
      stopped: [
        {
          at: -25,
          lived: 9_000,
          code: "SpotInterruption",
          reason: "Your Spot Task was interrupted.",
          exit: 143,
        },
        ...repeated(14, -0.9, 1.6, (at) => exitStop(at, 0.3, 1)),
      ],
      metrics: { healthyHosts: series(4, step(-25, 3, 1)) },
      alarm: alarm("healthyHosts", "<", 4, { of: [15, 15] }),
      logs: {
        style: "python",
        entries: [
          errorLog(
            [-23, -0.9],
            0.7,
            "cannot load settings: ssl.SSLCertVerificationError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1010)",
          ),
        ],
      },
    },
    truth: leave("certificate-expired"),
  },
  {
    name: "cpu-only-a-symptom",
    of: "dependency-down",
    story: "The identity provider is down; the service burns its CPU in exception handling and stack traces.",
    why: "CPU rose after the errors and with level requests, while every error is a refused connection to one host: scaling or restarting changes nothing.",
    world: {
      service: "gatekeeper",
      desired: 4,
      scaling: { min: 2, max: 8 },
      metrics: {
        errors5xx: series(0.4, step(-12, 1_900, 1)),
        cpu: series(36, step(-11, 92, 2)),
        p99: series(0.2, step(-12, 1.2, 1)),
      },
      alarm: alarm("cpu", ">", 85, { of: [5, 5] }),
      logs: {
        style: "dotnet",
        chatter: 10,
        entries: [
          errorLog(
            [-12, 0],
            70,
            "Token validation failed: System.Net.Http.HttpRequestException: Connection refused (idp.internal:443)",
            "   at System.Net.Http.HttpConnectionPool.ConnectToTcpHostAsync(String host, Int32 port)",
            "   at Acme.Gatekeeper.TokenValidator.Validate(String token)",
          ),
        ],
      },
    },
    truth: leave("dependency-down"),
  },
);

/** The same symptom as the others, but here the deployment is the cause. */
export const deployedDependencyCases = cases({
  name: "wrong-host-in-release",
  of: "bad-deploy",
  story: "The release talks to a host that does not exist any more; it looks like a dependency that is down.",
  why: "Refused connections began with the deployment's tasks, to an address that the old revision never called, and the diff has a new image: rolling back is the remedy, whatever the name.",
  world: {
    service: "stock-levels",
    desired: 3,
    deployments: [{ revision: 0, at: -10 }],
    running: fleet(3, 8.5),
    stopped: repeated(3, -6.5, 0.5, (at) => replacedStop(at, 5_000, { revision: -1 })),
    metrics: { errors5xx: series(0.3, step(-8, 480, 2)) },
    alarm: alarm("errors5xx", ">", 60, { of: [5, 5] }),
    logs: {
      style: "go",
      entries: [
        errorLog(
          [-8.3, 0],
          30,
          'Get "http://warehouse-v1.prod.local/levels": dial tcp 10.0.3.3:80: connect: connection refused',
        ),
      ],
    },
  },
  truth: { ...askRollback("bad-deploy", "dependency-down"), decisions: ["ask"] },
});
