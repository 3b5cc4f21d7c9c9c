/** What the service calls, and its tasks' health: other mechanisms than those for fitting. */
import { pulse, series, step } from "../../scenarios/series.ts";
import {
  bareLog,
  containerCheckStop,
  elbStop,
  errorLog,
  fleet,
  repeated,
  startStop,
  truth,
  warnLog,
} from "../../scenarios/vocabulary.ts";
import { alarmOf, type Family } from "../family.ts";
import {
  failing,
  failingLimit,
  personDue,
  released,
  restartDue,
  rollbackDue,
  silentTasks,
  unhealthyHosts,
} from "../parts.ts";
import { times } from "../shapes.ts";

export const checkingOutageFamilies: readonly Family[] = [
  {
    name: "cache-does-not-answer",
    of: "dependency-down",
    story: "The cache cluster answers nothing; every call waits until its time is up.",
    why: "Latency stands at the client's timeout, CPU falls, the log names the cache.",
    needs: { balancer: true, young: true },
    truth: personDue("dependency-down", "network-failure"),
    make: (s) => ({
      metrics: {
        p99: s.of("p99", step(s.onset, 5.1, 1)),
        p50: s.of("p50", step(s.onset, 5, 1)),
        cpu: s.of("cpu", times(s.onset, 0.4, 2)),
        errors5xx: failing(s, 0.5),
      },
      alarm: alarmOf(s, "p99", ">", 2.5),
      logs: s.logs(
        bareLog(
          [s.onset, 0],
          15,
          "redis.clients.jedis.exceptions.JedisConnectionException: Failed to connect to sessions.cache.internal:6379",
          "Caused by: java.net.SocketTimeoutException: connect timed out",
        ),
      ),
    }),
  },
  {
    name: "rpc-unavailable",
    of: "dependency-down",
    story: "A service called over gRPC refuses connections.",
    why: "Every error says Unavailable, connection refused; the caller itself is well.",
    needs: { balancer: true, young: true },
    truth: personDue("dependency-down"),
    make: (s) => ({
      metrics: { errors5xx: failing(s, 0.7) },
      alarm: alarmOf(s, "errors5xx", ">", failingLimit(s, 0.7)),
      logs: s.logs(
        errorLog(
          [s.onset, 0],
          20,
          'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 10.0.3.18:50051: connect: connection refused"',
        ),
      ),
    }),
  },
  {
    name: "table-out-of-capacity",
    of: "dependency-throttled",
    story: "The table behind the service has used up its capacity.",
    why: "ProvisionedThroughputExceededException from one minute on, with requests as ever.",
    needs: { balancer: true },
    truth: personDue("dependency-throttled"),
    make: (s) => ({
      metrics: { errors5xx: failing(s, 0.3), p99: s.of("p99", times(s.onset, 3, 2)) },
      alarm: alarmOf(s, "errors5xx", ">", failingLimit(s, 0.3)),
      logs: s.logs(
        errorLog(
          [s.onset, 0],
          18,
          "ProvisionedThroughputExceededException: The level of configured provisioned throughput for the table was exceeded",
        ),
      ),
    }),
  },
  {
    name: "descriptors-run-out",
    of: "connection-leak",
    story: "Sockets are never closed; one task has no file descriptor left and fails whatever it is asked.",
    why: "Too many open files in one task, the others will follow; nothing was released.",
    needs: { tasks: [2, 8], balancer: true },
    truth: restartDue("connection-leak"),
    make: (s) => ({
      metrics: { errors5xx: failing(s, 0.5 / s.tasks) },
      alarm: alarmOf(s, "errors5xx", ">", failingLimit(s, 0.5 / s.tasks)),
      logs: s.logs({
        ...errorLog([s.onset, 0], 14, "accept4: too many open files; retrying in {ms}ms"),
        tasks: [0],
      }),
    }),
  },
  {
    name: "security-group-closed",
    of: "network-failure",
    story: "A security group was changed: packets to the database are dropped.",
    why: "Calls time out instead of being refused, all tasks alike, the database serves others.",
    needs: { balancer: true },
    truth: personDue("network-failure", "dependency-down"),
    make: (s) => ({
      metrics: { errors5xx: failing(s, 0.8), p99: s.of("p99", step(s.onset, 30, 1)) },
      alarm: alarmOf(s, "errors5xx", ">", failingLimit(s, 0.8)),
      logs: s.logs(errorLog([s.onset, 0], 8, "dial tcp 10.0.44.12:5432: i/o timeout")),
    }),
  },
  {
    name: "key-policy-changed",
    of: "permission-denied",
    story: "The policy of an encryption key no longer names the service's role.",
    why: "AccessDeniedException of KMS for every object, from one minute on.",
    needs: { balancer: true },
    truth: personDue("permission-denied"),
    make: (s) => ({
      metrics: { errors5xx: failing(s, 0.4) },
      alarm: alarmOf(s, "errors5xx", ">", failingLimit(s, 0.4)),
      logs: s.logs(
        errorLog(
          [s.onset, 0],
          10,
          "AccessDeniedException: User: arn:aws:sts::112233445566:assumed-role/app-task is not authorized to perform: kms:Decrypt because no resource-based policy allows the kms:Decrypt action",
        ),
      ),
    }),
  },
  {
    name: "authority-not-trusted",
    of: "certificate-expired",
    story: "An intermediate certificate ran out; peers are not trusted any more.",
    why: "Verification fails with the words of expiry, for one host and all tasks.",
    needs: { balancer: true },
    truth: personDue("certificate-expired"),
    make: (s) => ({
      metrics: { errors5xx: failing(s, 0.6) },
      alarm: alarmOf(s, "errors5xx", ">", failingLimit(s, 0.6)),
      logs: s.logs(
        errorLog(
          [s.onset, 0],
          10,
          "x509: certificate has expired or is not yet valid: current time is after 2026-11-23T00:00:00Z",
        ),
      ),
    }),
  },
  {
    name: "container-check-fails-in-one",
    of: "hung-task",
    story: "One task's own check fails: its event loop is stuck. The others are well.",
    why: "UNHEALTHY by the container's check in one of several tasks of one revision.",
    needs: { tasks: [3, 20], balancer: true },
    truth: restartDue("hung-task"),
    make: (s) => ({
      definition: { healthCheck: "curl -f http://localhost:8080/healthz" },
      running: s.fleet(silentTasks(s, 1, { health: "UNHEALTHY" }), { health: "HEALTHY" }),
      metrics: {
        ...unhealthyHosts(s, 1),
        elb5xx: series(0.1, step(s.onset, s.levels.requests / s.tasks / 3 + 2, 1)),
      },
      alarm: alarmOf(s, "healthyHosts", "<", s.tasks),
      logs: s.logs(),
    }),
  },
  {
    name: "starts-slower-than-checked",
    of: "health-check-misconfigured",
    story: "Start-up takes longer than the grace period: ECS stops each task just before it is ready.",
    why: "Every task of the new deployment is stopped for its checks after the same short life; the log shows a start that goes on.",
    needs: { tasks: [1, 8], balancer: true, young: true },
    truth: (s) =>
      s.young
        ? personDue("health-check-misconfigured")
        : truth(
            ["health-check-misconfigured", "bad-deploy"],
            ["none", "rollback"],
            ["ask", "decline"],
            ["restart", "scale"],
          ),
    make: (s) => ({
      ...released(s, s.onset - 2, { now: { image: "acme/app:6.0.0" }, before: { image: "acme/app:5.9.0" } }),
      graceSeconds: 20,
      deployments: [{ revision: 0, at: s.onset - 2, rollout: "IN_PROGRESS", failed: 4 }],
      running: fleet(s.tasks, 0.9, {
        target: {
          state: "unhealthy",
          reason: "Target.FailedHealthChecks",
          description: "Health checks failed",
        },
      }),
      stopped: repeated(5, -1.5, 2.5, (at) => elbStop(at, 1.6, "Health checks failed")),
      metrics: { ...unhealthyHosts(s, s.tasks) },
      alarm: alarmOf(s, "unhealthyHosts", ">=", 1),
      logs: s.logs(
        bareLog([s.onset, 0], 3, "Starting application, loading {n} rules, this takes about two minutes"),
      ),
    }),
  },
  {
    name: "all-tasks-stopped-by-own-check",
    of: "health-check-misconfigured",
    story: "The container's check calls a program that the new image no longer has.",
    why: "Only the new revision fails, requests before the stop were served, the diff changes the image.",
    needs: { tasks: [2, 8], balancer: true },
    truth: truth(["health-check-misconfigured", "bad-deploy"], ["rollback", "none"], ["ask", "decline"]),
    make: (s) => ({
      ...released(s, s.onset - 3, {
        now: { image: "acme/app:3.0-slim", healthCheck: "curl -f http://localhost:8080/healthz" },
        before: { image: "acme/app:2.9", healthCheck: "curl -f http://localhost:8080/healthz" },
      }),
      running: fleet(s.tasks, 1.2, { health: "UNHEALTHY" }),
      stopped: repeated(5, -1.5, 3, (at) => containerCheckStop(at, 2.2)),
      metrics: {
        errors5xx: failing(s, 0.05),
        elb5xx: series(0.1, step(s.onset, s.levels.requests * 0.1 + 5, 1)),
      },
      alarm: alarmOf(s, "elb5xx", ">", s.levels.requests * 0.03 + 2),
      logs: s.logs(),
    }),
  },
  {
    name: "errors-of-one-feature",
    of: "unknown",
    story: "A feature switch was turned on outside ECS; its code fails. Nothing that is read says so.",
    why: "Errors of one path without a change that AWS shows; no cause of the list is true.",
    needs: { balancer: true },
    truth: personDue("unknown"),
    make: (s) => ({
      metrics: { errors5xx: failing(s, 0.2) },
      alarm: alarmOf(s, "errors5xx", ">", failingLimit(s, 0.2)),
      logs: s.logs(errorLog([s.onset, 0], 7, "IndexError: list index out of range in recommend()")),
    }),
  },
  {
    name: "harmless-noise-beside-slowness",
    of: "unknown",
    story: "Answers are slow for a reason that nothing shows; the log is full of an old harmless error.",
    why: "The lines were there long before the onset, at the same rate.",
    needs: { balancer: true },
    truth: personDue("unknown"),
    make: (s) => ({
      metrics: { p99: s.of("p99", times(s.onset, s.between(3, 7), 2)) },
      alarm: alarmOf(s, "p99", ">", s.levels.p99 * 2),
      logs: s.logs(
        errorLog([-60, 0], 10, "could not send usage statistics: connect ECONNREFUSED 10.0.9.9:8125"),
      ),
    }),
  },
  {
    name: "short-wave-of-errors",
    of: "no-fault",
    story: "Errors came for five minutes and went without anybody's help.",
    why: "The alarm is OK, the count is zero for minutes.",
    needs: { balancer: true },
    truth: truth(["no-fault", "unknown", "dependency-throttled"], ["none"], ["decline"]),
    make: (s) => ({
      metrics: { errors5xx: series(0.2, pulse(-14, -9, s.levels.requests * 0.4 + 6)) },
      alarm: alarmOf(s, "errors5xx", ">", s.levels.requests * 0.1 + 2, {
        of: [2, 2],
        period: s.world.minuteSeconds ?? 60,
        fired: -11.5,
        okSince: -6,
      }),
      logs: s.logs(warnLog([-14, -9], 8, "queue full, shedding load")),
    }),
  },
  {
    name: "endpoint-of-secrets-unreachable",
    of: "network-failure",
    story: "New tasks cannot reach Secrets Manager any more: the route is gone. Those that run serve on.",
    why: "ResourceInitializationError with a timeout, for a revision that has started well before.",
    needs: { tasks: [2, 8], balancer: true, insights: "service" },
    truth: personDue("network-failure", "startup-misconfiguration"),
    make: (s) => ({
      running: fleet(s.tasks - 1, s.age),
      stopped: repeated(5, -1.5, 4, (at) =>
        startStop(
          at,
          "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: There is a connection issue between the task and AWS Secrets Manager. Check your task network configuration. context deadline exceeded",
        ),
      ),
      metrics: {
        runningTasks: series(s.tasks, step(s.onset, s.tasks - 1, 1)),
        healthyHosts: series(s.tasks, step(s.onset, s.tasks - 1, 1)),
      },
      alarm: alarmOf(s, "runningTasks", "<", s.tasks),
      logs: s.logs(),
    }),
  },
  {
    name: "release-slows-one-path",
    of: "bad-deploy",
    story: "Since the release answers take several times as long: the new code asks the database once a row.",
    why: "Latency stepped with the new tasks and stays; requests are level.",
    needs: { balancer: true },
    truth: rollbackDue("bad-deploy"),
    make: (s) => ({
      ...released(s, s.onset - 2, { now: { image: "acme/app:1.9.0" }, before: { image: "acme/app:1.8.7" } }),
      metrics: {
        p99: s.of("p99", times(s.onset, s.between(6, 14), 1)),
        p50: s.of("p50", times(s.onset, 4, 1)),
      },
      alarm: alarmOf(s, "p99", ">", s.levels.p99 * 3),
      logs: s.logs(warnLog([s.onset, 0], 8, "slow request {path}: {n} queries")),
    }),
  },
];
