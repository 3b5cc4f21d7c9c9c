/** What the service calls, and how. */
import { pulse, ramp, series, step } from "../../scenarios/series.ts";
import { errorLog, fleet, TIMED_OUT, truth, warnLog } from "../../scenarios/vocabulary.ts";
import { alarmOf, type Family } from "../family.ts";
import {
  failing,
  failingLimit,
  personDue,
  restartDue,
  shortly,
  silentTasks,
  unhealthyHosts,
} from "../parts.ts";
import { times } from "../shapes.ts";

/** An outage that shows in failing requests and in what the log says. */
function outage(
  name: string,
  of: Family["of"],
  also: readonly Family["of"][],
  lines: readonly string[],
  texts: Pick<Family, "story" | "why">,
): Family {
  return {
    name,
    of,
    ...texts,
    needs: { balancer: true, young: true },
    truth: personDue(of, ...also),
    make: (s) => {
      const share = s.between(0.15, 0.9);
      return {
        metrics: { errors5xx: failing(s, share), p99: s.of("p99", times(s.onset, s.between(1, 8), 2)) },
        alarm: alarmOf(s, "errors5xx", ">", failingLimit(s, share)),
        logs: s.logs(
          ...lines.map((line, index) => errorLog([s.onset, 0], s.between(6, 30) / (index + 1), line)),
        ),
      };
    },
  };
}

export const dependencyFamilies: readonly Family[] = [
  outage(
    "database-refuses",
    "dependency-down",
    [],
    ["connect ECONNREFUSED 10.0.7.31:5432", "order {id} failed: no database connection"],
    {
      story: "The database is down: every query is refused.",
      why: "The log names who refuses; CPU, memory and tasks are well.",
    },
  ),
  outage(
    "partner-limits",
    "dependency-throttled",
    [],
    ["partner answered 429 Too Many Requests for {path}", "rate limit exceeded, quota resets in {n} s"],
    {
      story: "A partner's interface answers that the quota is used up.",
      why: "Throttling answers begin with the onset, the service itself is well.",
    },
  ),
  outage(
    "names-not-found",
    "network-failure",
    ["dependency-down"],
    ["getaddrinfo EAI_AGAIN payments.internal.example", "lookup payments.internal.example: no such host"],
    {
      story: "Names of internal services are no longer resolved.",
      why: "Resolution errors for every name, the services behind them are well.",
    },
  ),
  outage(
    "role-lost-a-right",
    "permission-denied",
    [],
    [
      "AccessDenied: User is not authorized to perform: s3:GetObject on resource arn:aws:s3:::media/{id}",
      "request {uuid} failed: AccessDenied",
    ],
    {
      story: "Someone took a right away from the task role.",
      why: "AccessDenied from one instant on, nothing was released.",
    },
  ),
  outage(
    "partner-certificate-ended",
    "certificate-expired",
    [],
    ["certificate has expired: CN=api.partner.example", "TLS handshake failed: certificate has expired"],
    {
      story: "The certificate of a partner has run out.",
      why: "The log says expired from one minute on.",
    },
  ),
  {
    name: "pool-runs-dry",
    of: "connection-leak",
    story: "Connections are taken and not given back; when the pool is empty, requests wait and fail.",
    why: "Waiting for a connection, slower and slower; the database itself answers others.",
    needs: { balancer: true },
    truth: restartDue("connection-leak"),
    make: (s) => ({
      metrics: {
        errors5xx: failing(s, 0.4),
        p99: s.of("p99", ramp(s.onset - 20, 30, s.onset), step(s.onset, 30, 1)),
        cpu: s.of("cpu", times(s.onset, 0.5, 4)),
      },
      alarm: alarmOf(s, "errors5xx", ">", failingLimit(s, 0.4)),
      logs: s.logs(
        errorLog(
          [s.onset, 0],
          15,
          "timeout waiting for a connection from the pool (size 20, idle 0, waiting {n})",
        ),
      ),
    }),
  },
  {
    name: "stuck-task",
    of: "hung-task",
    story: "One task has stopped answering; those beside it are well.",
    why: "Only its target times out; its siblings have the same revision and load.",
    needs: { tasks: [2, 50], balancer: true },
    truth: restartDue("hung-task"),
    make: (s) => ({
      running: s.fleet(silentTasks(s, 1)),
      metrics: {
        ...unhealthyHosts(s, 1),
        elb5xx: series(0.1, step(s.onset, s.levels.requests / s.tasks / 4 + 2, 1)),
      },
      alarm: alarmOf(s, "unhealthyHosts", ">=", 1),
      logs: s.logs(),
    }),
  },
  {
    name: "checks-ask-the-wrong-path",
    of: "health-check-misconfigured",
    story:
      "Somebody changed the path of the target group's check; all tasks answer 404 there and serve everything else.",
    why: "All targets give a response code mismatch although requests succeed as ever and no task changed.",
    needs: { tasks: [2, 20], balancer: true },
    truth: truth(["health-check-misconfigured"], ["none"], ["decline"]),
    make: (s) => ({
      balancer: { path: "/status/ready" },
      running: s.fleet([], {
        target: {
          state: "unhealthy",
          reason: "Target.ResponseCodeMismatch",
          description: "Health checks failed with these codes: [404]",
        },
      }),
      metrics: unhealthyHosts(s, s.tasks),
      alarm: alarmOf(s, "unhealthyHosts", ">=", 1),
      logs: s.logs(warnLog([s.onset, 0], 4, "GET /status/ready 404")),
    }),
  },
  {
    name: "slow-without-a-sign",
    of: "unknown",
    story: "Requests take several times as long; nothing that can be read says why.",
    why: "Latency alone moves: no errors, no change, no line.",
    needs: { balancer: true },
    truth: personDue("unknown"),
    make: (s) => ({
      metrics: {
        p99: s.of("p99", times(s.onset, s.between(3, 8), 3)),
        p50: s.of("p50", times(s.onset, 1.6, 3)),
      },
      alarm: alarmOf(s, "p99", ">", s.levels.p99 * 2),
      logs: s.logs(),
    }),
  },
  {
    name: "wrong-answers-of-one-customer",
    of: "unknown",
    story:
      "One customer sends requests that the service cannot digest: it answers 500 to them and to nobody else.",
    why: "A share of 5xx with a parsing error; no cause of the list is true, nothing that OpsAgent can do helps.",
    needs: { balancer: true },
    truth: personDue("unknown"),
    make: (s) => ({
      metrics: { errors5xx: failing(s, 0.12) },
      alarm: alarmOf(s, "errors5xx", ">", failingLimit(s, 0.12)),
      logs: s.logs(
        errorLog([s.onset, 0], 6, "cannot parse field quantity of request {uuid}: unexpected token"),
      ),
    }),
  },
  {
    name: "outage-that-ended",
    of: "no-fault",
    story: "A dependency was away for some minutes and is back; errors have ended.",
    why: "Errors ended minutes ago, the alarm is OK, requests succeed.",
    needs: { balancer: true },
    truth: truth(["no-fault", "dependency-down", "unknown"], ["none"], ["decline"]),
    make: (s) => ({
      metrics: { errors5xx: series(0.3, pulse(-18, -9, s.levels.requests * 0.5)) },
      alarm: alarmOf(s, "errors5xx", ">", s.levels.requests * 0.15, {
        ...shortly(s),
        fired: -14,
        okSince: -6,
      }),
      logs: s.logs(errorLog([-18, -9], 20, "connect ECONNREFUSED 10.0.7.31:6379")),
    }),
  },
  {
    name: "every-task-stuck-after-scale",
    of: "unknown",
    story:
      "All targets time out at once, nothing was changed and nothing is written: network, host or service, it cannot be told.",
    why: "Everything is unhealthy together; a restart of one after the other may make it worse.",
    needs: { tasks: [2, 12], balancer: true },
    truth: truth(
      ["unknown", "network-failure", "dependency-down", "hung-task", "health-check-misconfigured"],
      ["none"],
      ["decline", "ask"],
      ["scale", "rollback"],
    ),
    make: (s) => ({
      running: fleet(s.tasks, s.age, { target: TIMED_OUT }),
      metrics: { ...unhealthyHosts(s, s.tasks), elb5xx: series(0.1, step(s.onset, s.levels.requests, 1)) },
      alarm: alarmOf(s, "unhealthyHosts", ">=", 1),
      logs: s.logs(),
    }),
  },
];
