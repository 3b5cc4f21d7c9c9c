/** Tasks that cannot start, and deployments: other mechanisms than those for fitting. */
import { series, step } from "../../scenarios/series.ts";
import { errorLog, exitStop, fleet, repeated, startStop, truth } from "../../scenarios/vocabulary.ts";
import { alarmOf, type Family } from "../family.ts";
import { failing, failingLimit, NEVER_RAN, neverStarts, personDue, released, rollbackDue } from "../parts.ts";
import type { Setting } from "../setting.ts";

const often = (s: Setting, make: Parameters<typeof repeated>[3]) =>
  repeated(s.random.integer(4, 8), -0.8, 2.4, make);

/** Which alarm there is when new tasks do not come. */
const noTasks = (s: Setting) =>
  s.young
    ? {
        metrics: { ...NEVER_RAN, healthyHosts: series(0), elb5xx: series(s.levels.requests) },
        alarm: alarmOf(s, "elb5xx", ">", s.levels.requests * 0.3),
      }
    : {
        metrics: { p99: s.of("p99", step(s.onset, s.levels.p99 * 4, 2)) },
        alarm: alarmOf(s, "p99", ">", s.levels.p99 * 2),
      };

const goBack = (of: Family["of"]) => (s: Setting) =>
  s.young ? personDue(of) : rollbackDue(of, "bad-deploy")(s);

export const checkingStartFamilies: readonly Family[] = [
  {
    name: "registry-limits-pulls",
    of: "image-pull-failure",
    story: "The public registry gives no more images today.",
    why: "CannotPullContainerError with toomanyrequests for every new task.",
    needs: { young: true, balancer: true },
    truth: goBack("image-pull-failure"),
    make: (s) => ({
      ...neverStarts(
        s,
        s.onset,
        often(s, (at) =>
          startStop(
            at,
            "CannotPullContainerError: inspect image has been retried 5 time(s): httpReadSeeker: failed open: unexpected status code https://registry-1.docker.io/v2/library/node/manifests/22: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit",
          ),
        ),
      ),
      ...noTasks(s),
    }),
  },
  {
    name: "wrong-architecture",
    of: "startup-misconfiguration",
    story: "The image was built for another processor.",
    why: "Exit code 255 at once and 'exec format error' for each task of the new revision.",
    needs: { young: true, balancer: true },
    truth: (s) => ({
      ...goBack("startup-misconfiguration")(s),
      causes: ["startup-misconfiguration", "bad-deploy", "image-pull-failure"],
    }),
    make: (s) => ({
      ...neverStarts(
        s,
        s.onset,
        often(s, (at) => exitStop(at, 0.1, 255)),
      ),
      ...noTasks(s),
      logs: s.logs({
        ...errorLog([s.onset, 0], 1, "exec /usr/local/bin/app: exec format error"),
        bare: true,
      }),
    }),
  },
  {
    name: "port-is-taken",
    of: "startup-misconfiguration",
    story: "The new sidecar listens on the port of the application, which ends with an error each time.",
    why: "Address already in use, exit code 1 at once, only with the revision that added the sidecar.",
    needs: { young: true, balancer: true },
    truth: goBack("startup-misconfiguration"),
    make: (s) => ({
      ...neverStarts(
        s,
        s.onset,
        often(s, (at) => exitStop(at, 0.15, 1)),
        {
          now: { sidecars: [{ name: "metrics", image: "acme/metrics:2" }] },
          before: { sidecars: [] },
        },
      ),
      ...noTasks(s),
      logs: s.logs(errorLog([s.onset, 0], 1, "listen tcp 0.0.0.0:8080: bind: address already in use")),
    }),
  },
  {
    name: "first-start-waits-for-a-database",
    of: "dependency-down",
    story: "Tasks end at start because the database that they look for does not answer.",
    why: "Exit code 1 after the same wait each time; the log says whom they waited for; the image is the same that ran before.",
    needs: { young: true, balancer: true },
    truth: ({ young }) =>
      truth(
        ["dependency-down", "network-failure", ...(young ? (["startup-misconfiguration"] as const) : [])],
        ["none"],
        ["decline"],
      ),
    make: (s) => ({
      ...neverStarts(
        s,
        s.onset,
        often(s, (at) => exitStop(at, 0.6, 1)),
        {
          now: { image: "acme/app:11" },
          before: { image: "acme/app:11" },
        },
      ),
      ...noTasks(s),
      logs: s.logs(
        errorLog(
          [s.onset, 0],
          2,
          "could not connect to server: Connection refused. Is the server running on host db.internal and accepting TCP/IP connections on port 5432?",
        ),
      ),
    }),
  },
  {
    name: "crash-after-release",
    of: "bad-deploy",
    story: "Tasks of the new revision crash minutes after their start with an exception of its code.",
    why: "Exit code 1 after minutes, only with the new revision, the trace is in its own code.",
    needs: { balancer: true, tasks: [2, 20] },
    truth: rollbackDue("bad-deploy"),
    make: (s) => ({
      ...released(s, s.onset - 3, {
        now: { image: "acme/app:2026-11-23" },
        before: { image: "acme/app:2026-11-20" },
      }),
      running: fleet(s.tasks, 3),
      stopped: repeated(6, -1, 2.6, (at) => exitStop(at, s.between(2, 5), 1)),
      metrics: { errors5xx: failing(s, 0.2), elb5xx: series(0.1, step(s.onset, s.levels.requests * 0.1, 1)) },
      alarm: alarmOf(s, "errors5xx", ">", failingLimit(s, 0.2)),
      logs: s.logs(
        errorLog(
          [s.onset, 0],
          4,
          "panic: runtime error: invalid memory address or nil pointer dereference",
          "goroutine 41 [running]:",
          "main.(*Cart).Total(...)",
        ),
      ),
    }),
  },
  {
    name: "subnet-without-addresses",
    of: "capacity-unavailable",
    story: "The subnet has no free address; tasks that went cannot come back.",
    why: "ECS writes that there are not enough free addresses.",
    needs: { tasks: [3, 20], balancer: true, insights: "service" },
    truth: personDue("capacity-unavailable"),
    make: (s) => {
      const left = Math.max(1, s.tasks - 2);
      return {
        launch: "fargate",
        running: fleet(left, s.age),
        events: [-1.5, -4, -8, -12].map(
          (minute) =>
            [
              minute,
              "was unable to place a task. Reason: RESOURCE:ENI InsufficientFreeAddressesInSubnet: The specified subnet does not have enough free addresses to satisfy the request.",
            ] as const,
        ),
        metrics: {
          runningTasks: series(s.tasks, step(s.onset, left, 1)),
          healthyHosts: series(s.tasks, step(s.onset, left, 1)),
        },
        alarm: alarmOf(s, "runningTasks", "<", s.tasks),
        logs: s.logs(),
      };
    },
  },
  {
    name: "deployment-stands-still",
    of: "bad-deploy",
    story: "A deployment has stood at a part of its tasks for an hour: the new ones never become healthy.",
    why: "No task of the new revision became healthy in an hour although it began; it is no progress.",
    needs: { tasks: [2, 8], balancer: true },
    truth: truth(
      ["bad-deploy", "health-check-misconfigured", "startup-misconfiguration", "unknown"],
      ["rollback", "none"],
      ["ask", "decline"],
      ["restart", "scale"],
    ),
    make: (s) => ({
      breaker: "off",
      deployments: [
        { revision: 0, at: -Math.round(s.between(60, 160)), rollout: "IN_PROGRESS", failed: 9 },
        { revision: -1, at: -s.age - 2, status: "ACTIVE", desired: s.tasks },
      ],
      running: [
        ...fleet(1, 2, {
          target: {
            state: "unhealthy",
            reason: "Target.FailedHealthChecks",
            description: "Health checks failed",
          },
        }),
        ...fleet(s.tasks, s.age, { revision: -1 }),
      ],
      stopped: repeated(8, -3, 6, (at) => ({
        at,
        lived: 4,
        code: "ServiceSchedulerInitiated",
        reason:
          "Task failed ELB health checks in (target-group {targetGroup}) due to (reason Health checks failed)",
        exit: 143,
      })),
      metrics: { unhealthyHosts: series(1) },
      alarm: alarmOf(s, "unhealthyHosts", ">=", 1),
      logs: s.logs(),
    }),
  },
  {
    name: "rollback-by-ecs",
    of: "deploy-in-progress",
    story: "The circuit breaker has seen the failed deployment and is rolling back by itself.",
    why: "The newest rollout is the rollback, under way, its tasks become healthy.",
    needs: { tasks: [3, 12], balancer: true },
    truth: truth(["deploy-in-progress", "bad-deploy"], ["none"], ["decline"]),
    make: (s) => ({
      deployments: [
        {
          revision: -1,
          at: -2.5,
          rollout: "IN_PROGRESS",
          reason: "ECS deployment circuit breaker: rolling back to deploymentId {deployment}.",
          running: s.tasks - 1,
          desired: s.tasks,
        },
        {
          revision: 0,
          at: s.onset - 3,
          status: "ACTIVE",
          rollout: "FAILED",
          failed: 5,
          reason: "ECS deployment circuit breaker: tasks failed to start.",
          desired: 0,
        },
      ],
      running: fleet(s.tasks - 1, s.age, { revision: -1 }),
      stopped: repeated(5, -3, 2, (at) => exitStop(at, 0.5, 1)),
      metrics: { errors5xx: failing(s, 0.1) },
      alarm: alarmOf(s, "errors5xx", ">", failingLimit(s, 0.1)),
      logs: s.logs(),
    }),
  },
];
