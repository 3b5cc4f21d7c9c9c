/**
 * Containers that end by themselves, after public accounts: https://github.com/corretto/corretto-17/issues/93 (a
 * virtual machine that dies at random on Fargate), https://github.com/aws/amazon-ecs-agent/issues/794 and
 * https://github.com/mapbox/ecs-watchbot/issues/327 (137 of a host's kernel, and 137 without a word),
 * https://status.cloud.google.com/incidents/ow5i3PPK96RduMcb1SsW (data with blank fields ends every binary).
 */
import { noise, pulse, series, step, without } from "../series.ts";
import { alarm, bareLog, cases, exitStop, infoLog, leave, repeated, warnLog } from "../vocabulary.ts";

const ABORTS = [-2.3, -8.1, -12.6, -19.4, -24.2] as const;

export const crashLoopCases = cases(
  {
    name: "virtual-machine-aborts",
    of: "crash-loop",
    story:
      "The compiler of the Java virtual machine crashes on one hot method; a task aborts every five minutes or so.",
    why: "Exit 134 with 'A fatal error has been detected by the Java Runtime Environment' in libjvm.so, after 4 to 28 hours or minutes alike; heap and load level; yesterday's release ran a day without it, and siblings with it are well.",
    world: {
      service: "fare-engine",
      desired: 5,
      deployments: [{ revision: 0, at: -1_700 }],
      revisions: { "-1": { environment: ["LOG_LEVEL", "REGION", "FARE_TABLE"] } },
      running: [{ age: 1_690 }, { age: 1_688 }, { age: 11.7 }, { age: 7.2 }, { age: 1.4 }],
      stopped: [
        exitStop(ABORTS[0], 16.1, 134),
        exitStop(ABORTS[1], 15.3, 134),
        exitStop(ABORTS[2], 1_671, 134),
        exitStop(ABORTS[3], 1_665, 134),
        exitStop(ABORTS[4], 1_660, 134),
      ],
      metrics: {
        requests: series(3_300),
        cpu: series(44),
        memory: series(63),
        p99: series(0.5, noise(0.08)),
        healthyHosts: series(5, ...[-25, -20, -13, -9, -3].map((from) => pulse(from, from + 2, 4))),
        elb5xx: series(0.2, ...[-25, -20, -13, -9, -3].map((from) => pulse(from, from + 1, 60))),
      },
      alarm: alarm("healthyHosts", "<", 5, { of: [4, 15] }),
      logs: {
        style: "spring",
        chatter: 35,
        entries: [
          ...ABORTS.map((at) =>
            bareLog(
              [at - 0.12, at - 0.1],
              1,
              "#",
              "# A fatal error has been detected by the Java Runtime Environment:",
              "#",
              "#  SIGSEGV (0xb) at pc=0x0000ffff9c1d5894, pid=1, tid=77",
              "#",
              "# Problematic frame:",
              "# V  [libjvm.so+0x2d5894]  PhaseIdealLoop::build_loop_late_post(Node*)+0x3c",
              "#",
              "# Core dump will be written. Default location: /app/core.1",
            ),
          ),
          warnLog([-22, -6], 0.12, "Fare table of {n} rows took {ms} ms to sort"),
        ],
      },
    },
    truth: leave("crash-loop"),
  },
  {
    name: "killed-by-the-host",
    of: "crash-loop",
    story:
      "Another container takes the memory of the container instance; the host's kernel kills this one, again and again.",
    why: "Exit 137 without OutOfMemoryError in the container's reason, ECS did not stop it, and its own memory is at a fifth of its limit when it dies; the log breaks off in the middle of work.",
    world: {
      service: "label-printer",
      launch: "ec2",
      desired: 3,
      balancer: false,
      insights: "service",
      deployments: [{ revision: 0, at: -12 * 1440 }],
      running: [{ age: 17_000 }, { age: 16_990 }, { age: 2.1 }],
      stopped: [...repeated(6, -2.9, 4.7, (at) => exitStop(at, 3.8, 137)), exitStop(-31.1, 16_950, 137)],
      metrics: {
        cpu: series(18),
        memory: series(21),
        memoryMaximum: series(23),
        runningTasks: series(
          3,
          ...[-32, -27, -22, -18, -13, -8, -4].map((from) => pulse(from, from + 1.5, 2)),
        ),
      },
      alarm: alarm("runningTasks", "<", 3, { of: [3, 15] }),
      logs: {
        style: "go",
        chatter: 30,
        entries: [
          warnLog([-20, -4], 0.15, "printer {n} is slow to answer, label queued"),
          infoLog([-26, -2], 0.25, "label service ready"),
        ],
      },
    },
    truth: leave("crash-loop"),
  },
  {
    name: "blank-field-in-the-policies",
    of: "crash-loop",
    story:
      "A policy with blank fields was stored; every task reads it, hits a null pointer and is gone within a minute of any start.",
    why: "Tasks that had run for eleven days ended with 139 in the same two minutes, and so does each one since, a minute after a start that worked; no revision, setting or limit changed, nothing refuses, the last line is the load of the policies.",
    world: {
      service: "quota-check",
      desired: 4,
      deployments: [{ revision: 0, at: -14 * 1440 }],
      running: [{ age: 0.7 }, { age: 0.4 }, { status: "PENDING" }, { status: "PENDING" }],
      stopped: [
        ...repeated(22, -0.6, 0.65, (at) => exitStop(at, 1.1, 139)),
        ...[-15.2, -15.6, -16.1, -16.8].map((at) => exitStop(at, 15_900, 139)),
      ],
      events: [
        [
          -7,
          "is unable to consistently start tasks successfully. For more information, see the Troubleshooting section.",
        ],
      ],
      metrics: {
        requests: series(5_200),
        cpu: series(33, step(-15, 14, 2)),
        memory: series(41, step(-15, 19, 2)),
        healthyHosts: series(4, step(-16, 0, 2)),
        p50: series(0.01, without(-14)),
        p99: series(0.06, without(-14)),
        errors5xx: series(0.1),
        elb5xx: series(0.3, step(-16, 5_000, 2)),
      },
      alarm: alarm("elb5xx", ">", 100, { of: [5, 5] }),
      logs: {
        style: "zap",
        chatterWindow: [-25, -16.5],
        chatter: 40,
        entries: [
          infoLog([-15, -0.5], 1.5, "listening on :8080"),
          infoLog([-16.8, -0.6], 1.5, "policies: {n} rows loaded, building the index"),
          warnLog([-13, -9], 0.4, "metrics exporter: last flush took {ms}ms"),
        ],
      },
    },
    truth: leave("crash-loop"),
  },
);
