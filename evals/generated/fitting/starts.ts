/** Releases, and tasks that cannot start. */
import { series, step, without } from "../../scenarios/series.ts";
import { errorLog, exitStop, fleet, repeated, startStop, truth } from "../../scenarios/vocabulary.ts";
import { alarmOf, type Family } from "../family.ts";
import {
  failing,
  failingLimit,
  NEVER_RAN,
  neverStarts,
  personDue,
  released,
  rollbackDue,
  shortly,
} from "../parts.ts";
import type { Setting } from "../setting.ts";

/** Some stops of a deployment that began at the onset. */
const stops = (s: Setting, make: Parameters<typeof repeated>[3]) =>
  repeated(s.random.integer(3, 7), -1.2, 3, make);

/** The alarm of a service whose new tasks do not come: a count of tasks, or nothing but failing requests. */
const tooFew = (s: Setting) =>
  s.young
    ? {
        metrics: { ...NEVER_RAN, healthyHosts: series(0) },
        alarm: alarmOf(s, "healthyHosts", "<", 1),
      }
    : {
        insights: "service" as const,
        metrics: { errors5xx: failing(s, 0.1) },
        alarm: alarmOf(s, "errors5xx", ">", failingLimit(s, 0.1)),
      };

export const startFamilies: readonly Family[] = [
  {
    name: "release-throws",
    of: "bad-deploy",
    story: "Since the release a part of the requests ends in an exception of the new code.",
    why: "Errors begin with the new tasks, which all throw the same; the revision before did not.",
    needs: { balancer: true },
    truth: rollbackDue("bad-deploy"),
    make: (s) => {
      const share = s.between(0.1, 0.6);
      return {
        ...released(s, s.onset - 3, {
          now: { image: "acme/app:5.1.0" },
          before: { image: "acme/app:5.0.4" },
        }),
        metrics: { errors5xx: failing(s, share) },
        alarm: alarmOf(s, "errors5xx", ">", failingLimit(s, share)),
        logs: s.logs(
          errorLog(
            [s.onset, 0],
            12,
            "TypeError: cannot read property total of undefined",
            "    at priceOf (/app/cart/price.js:41:18)",
          ),
        ),
      };
    },
  },
  {
    name: "tag-was-never-pushed",
    of: "image-pull-failure",
    story: "A deployment names an image that is not in the registry.",
    why: "ECS says CannotPullContainerError: not found, for every new task.",
    needs: { young: true, balancer: true },
    truth: (s) =>
      s.young ? personDue("image-pull-failure") : rollbackDue("image-pull-failure", "bad-deploy")(s),
    make: (s) => ({
      ...neverStarts(
        s,
        s.onset,
        stops(s, (at) =>
          startStop(
            at,
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref 112233445566.dkr.ecr.eu-west-1.amazonaws.com/app:9.0.1: not found",
          ),
        ),
        {
          now: { image: "112233445566.dkr.ecr.eu-west-1.amazonaws.com/app:9.0.1" },
          before: { image: "112233445566.dkr.ecr.eu-west-1.amazonaws.com/app:8.9.0" },
        },
      ),
      ...tooFew(s),
    }),
  },
  {
    name: "secret-is-missing",
    of: "startup-misconfiguration",
    story: "The new revision names a secret that does not exist.",
    why: "ECS says that it cannot retrieve the secret; only the new revision names it.",
    needs: { young: true, balancer: true },
    truth: (s) =>
      s.young
        ? personDue("startup-misconfiguration")
        : rollbackDue("startup-misconfiguration", "bad-deploy")(s),
    make: (s) => ({
      ...neverStarts(
        s,
        s.onset,
        stops(s, (at) =>
          startStop(
            at,
            "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve secret from asm: service call has been retried 1 time(s): ResourceNotFoundException: Secrets Manager can't find the specified secret.",
          ),
        ),
        { now: { secrets: ["DATABASE_URL", "PARTNER_KEY"] }, before: { secrets: ["DATABASE_URL"] } },
      ),
      ...tooFew(s),
    }),
  },
  {
    name: "setting-is-missing",
    of: "startup-misconfiguration",
    story: "The new revision lost a setting: the process says so and ends at once.",
    why: "Exit code 1 seconds after the start, the log names the setting, the diff takes it away.",
    needs: { young: true, balancer: true },
    truth: (s) =>
      s.young
        ? personDue("startup-misconfiguration")
        : rollbackDue("startup-misconfiguration", "bad-deploy")(s),
    make: (s) => ({
      ...neverStarts(
        s,
        s.onset,
        stops(s, (at) => exitStop(at, 0.2, 1)),
        { now: { environment: ["LOG_LEVEL"] }, before: { environment: ["LOG_LEVEL", "QUEUE_URL"] } },
      ),
      ...tooFew(s),
      logs: s.logs(errorLog([s.onset, 0], 1, "fatal: environment variable QUEUE_URL is not set")),
    }),
  },
  {
    name: "no-room-for-tasks",
    of: "capacity-unavailable",
    story: "Tasks that ended cannot be placed again: there is no capacity.",
    why: "ECS writes that it was unable to place a task; fewer run than are wanted.",
    needs: { tasks: [3, 20], balancer: true, insights: "service" },
    truth: personDue("capacity-unavailable"),
    make: (s) => {
      const left = Math.ceil(s.tasks / 3);
      return {
        launch: "ec2",
        running: fleet(left, s.age),
        events: Array.from(
          { length: 5 },
          (_, index) =>
            [
              -2 - index * 4,
              "was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance 5f2c) has insufficient memory available.",
            ] as const,
        ),
        metrics: {
          runningTasks: series(s.tasks, step(s.onset, left, 1)),
          healthyHosts: series(s.tasks, step(s.onset, left, 1)),
          cpu: s.of("cpu", step(s.onset, Math.min(95, s.levels.cpu * 2), 2)),
        },
        alarm: alarmOf(s, "runningTasks", "<", s.tasks - 1),
        logs: s.logs(),
      };
    },
  },
  {
    name: "turned-off",
    of: "desired-count-zero",
    story: "Somebody set the desired count to zero.",
    why: "Desired 0, running 0, and the scheduler stopped the tasks by order.",
    needs: { tasks: [1, 8], balancer: true },
    truth: truth(["desired-count-zero"], ["scale", "none"], ["ask", "decline"]),
    make: (s) => ({
      desired: 0,
      running: [],
      events: [[s.onset, `has stopped ${s.tasks} running tasks.`]],
      stopped: Array.from({ length: s.tasks }, (_, index) => ({
        at: s.onset + 0.5 + index * 0.05,
        lived: s.age,
        code: "ServiceSchedulerInitiated",
        reason: "Scaling activity initiated by (deployment ecs-svc/{deployment})",
        exit: 0,
      })),
      metrics: {
        healthyHosts: series(s.tasks, step(s.onset, 0, 1)),
        elb5xx: series(0.1, step(s.onset, s.levels.requests, 1)),
        cpu: s.of("cpu", without(s.onset)),
        memory: s.of("memory", without(s.onset)),
      },
      alarm: alarmOf(s, "elb5xx", ">", s.levels.requests * 0.3),
      logs: { ...s.logs(), chatterWindow: [-60, s.onset] },
    }),
  },
  {
    name: "release-under-way",
    of: "deploy-in-progress",
    story: "A rolling deployment has just begun; its first tasks are starting and all goes as it should.",
    why: "New tasks become healthy one after the other, none has failed, the dip is that of every release.",
    needs: { tasks: [3, 20], balancer: true },
    truth: truth(["deploy-in-progress", "no-fault", "unknown"], ["none"], ["decline"]),
    make: (s) => {
      const fresh = Math.ceil(s.tasks / 3);
      return {
        deployments: [
          { revision: 0, at: -4, rollout: "IN_PROGRESS", running: fresh, desired: s.tasks },
          { revision: -1, at: -s.age - 2, status: "ACTIVE", desired: s.tasks - fresh },
        ],
        running: [...fleet(fresh, 2.5), ...fleet(s.tasks - fresh, s.age, { revision: -1 })],
        metrics: { p99: s.of("p99", step(-4, s.levels.p99 * 3, 1)) },
        alarm: alarmOf(s, "p99", ">", s.levels.p99 * 1.8, shortly(s)),
        logs: s.logs(),
      };
    },
  },
  {
    name: "innocent-release",
    of: "unknown",
    story:
      "A release was made two hours before; the latency that has risen now has nothing to do with it, and nothing says what it has to do with.",
    why: "Two hours of health with the new revision; only latency moves.",
    needs: { balancer: true },
    truth: personDue("unknown"),
    make: (s) => ({
      ...released(s, -Math.round(s.between(110, 170)), {
        now: { image: "acme/app:7.2.0" },
        before: { image: "acme/app:7.1.9" },
      }),
      metrics: { p99: s.of("p99", step(s.onset, s.levels.p99 * 5, 3)) },
      alarm: alarmOf(s, "p99", ">", s.levels.p99 * 2.5),
      logs: s.logs(),
    }),
  },
  {
    name: "ends-by-itself",
    of: "crash-loop",
    story: "A process ends by itself again and again, under usual load, on a revision of long ago.",
    why: "The same exit code each time, no deployment before it, no word of anything that it calls.",
    needs: { balancer: true },
    truth: personDue("crash-loop"),
    make: (s) => {
      const code = s.random.pick([1, 2, 134, 139]);
      const lived = s.between(3, 9);
      return {
        running: fleet(s.tasks, lived / 2),
        stopped: repeated(s.tasks + s.random.integer(3, 9), -0.5, 1.2, (at) => exitStop(at, lived, code)),
        metrics: { errors5xx: failing(s, 0.3) },
        alarm: alarmOf(s, "errors5xx", ">", failingLimit(s, 0.3)),
      };
    },
  },
];
