/** Memory and disk, other mechanisms than those for fitting. */
import { noise, ramp, series, step } from "../../scenarios/series.ts";
import {
  bareLog,
  errorLog,
  exitStop,
  fleet,
  infoLog,
  oomStop,
  repeated,
  truth,
  warnLog,
} from "../../scenarios/vocabulary.ts";
import { alarmOf, type Family } from "../family.ts";
import { failing, failingLimit, personDue, released, restartDue, rollbackDue } from "../parts.ts";
import { times } from "../shapes.ts";

export const checkingMemoryFamilies: readonly Family[] = [
  {
    name: "one-task-of-few-leaks",
    of: "memory-leak",
    story: "The task that holds the websockets leaks; the one or two beside it are level.",
    why: "One series climbs for hours, the others of the same revision and load do not.",
    needs: { tasks: [2, 3], insights: "tasks" },
    truth: restartDue("memory-leak"),
    make: (s) => {
      const top = s.between(89, 96);
      const level = s.levels.memory;
      return {
        running: s.fleet([{ age: s.age, memory: series(level, ramp(-200, top), noise(0.01)) }], {
          memory: series(level),
        }),
        metrics: {
          memory: series(level, ramp(-200, level + (top - level) / s.tasks)),
          memoryMaximum: series(level, ramp(-200, top), noise(0.01)),
        },
        alarm: alarmOf(s, "memory", ">", top - 5, { statistic: "Maximum" }),
        logs: s.logs(warnLog([-30, 0], 0.4, "{n} sockets open, {n} of them idle for an hour")),
      };
    },
  },
  {
    name: "managed-heap-ends",
    of: "memory-leak",
    story:
      "The heap of the runtime fills over hours; it aborts by itself with an out-of-memory error of its own.",
    why: "Exit code 134 or 1 with the runtime's words after about the same life each time; memory climbs in all.",
    needs: { tasks: [3, 12] },
    truth: restartDue("memory-leak", "oom-kill"),
    make: (s) => {
      const life = Math.round(s.between(220, 400));
      return {
        running: fleet(s.tasks, life - 8).map((task, index) => ({
          age: Math.max(2, (task.age ?? 0) - index * 25),
        })),
        stopped: repeated(2, -5, 24, (at) => exitStop(at, life, 134)),
        metrics: {
          memory: series(s.levels.memory, ramp(-235, 86), noise(0.01)),
          memoryMaximum: series(s.levels.memory, ramp(-235, 97), noise(0.01)),
        },
        alarm: alarmOf(s, "memory", ">", 90, { statistic: "Maximum" }),
        logs: s.logs(
          bareLog(
            [-5.3, -5],
            3,
            "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
          ),
        ),
      };
    },
  },
  {
    name: "heap-setting-above-the-limit",
    of: "memory-limit-too-low",
    story:
      "A release raised the heap of the JVM above what the container may use; each task is killed within minutes.",
    why: "The diff of the command, kills only since then and only of that revision.",
    truth: rollbackDue("memory-limit-too-low", "bad-deploy", "oom-kill"),
    make: (s) => ({
      ...released(s, s.onset - 3, {
        now: { memory: 1024, command: "java -Xmx1800m -jar app.jar" },
        before: { memory: 1024, command: "java -Xmx700m -jar app.jar" },
      }),
      running: fleet(s.tasks, 4),
      stopped: repeated(s.random.integer(3, 6), -1, 4, (at) => oomStop(at, s.between(3, 7))),
      metrics: { memory: series(s.levels.memory, step(s.onset, 95, 4)), errors5xx: failing(s, 0.25) },
      alarm: alarmOf(s, "errors5xx", ">", failingLimit(s, 0.25)),
      logs: s.logs(),
    }),
  },
  {
    name: "batch-too-large",
    of: "oom-kill",
    story:
      "One batch needs more than a task has; it is taken up again by the next task, which is killed too.",
    why: "Kills minutes apart in old tasks, each after the same line, no climb in those that live.",
    needs: { tasks: [3, 20], balancer: false },
    truth: { ...restartDue("oom-kill"), harmful: ["rollback", "scale"] },
    make: (s) => ({
      running: s.fleet([{ age: 1.5 }, { age: 6 }]),
      stopped: [oomStop(-2, s.age), oomStop(-7, s.age)],
      metrics: {
        memory: series(s.levels.memory),
        memoryMaximum: series(s.levels.memory, times(-9, 2, 1, -1)),
      },
      insights: "service",
      alarm: alarmOf(s, "memory", ">", Math.min(90, s.levels.memory * 1.5), { statistic: "Maximum" }),
      logs: s.logs(infoLog([-9, -2], 0.4, "batch {id}: loading {n}00000 records")),
    }),
  },
  {
    name: "disk-fills-with-temporary-files",
    of: "disk-full",
    story: "Temporary files are never deleted; the task's disk is full and every write fails.",
    why: "The log says that no space is left, storage climbed for hours; a fresh task has a fresh disk.",
    needs: { tasks: [2, 12], insights: "tasks", balancer: true },
    truth: restartDue("disk-full"),
    make: (s) => ({
      running: s.fleet([], { disk: series(40, ramp(-230, 99.5, s.onset), step(s.onset, 99.8, 1)) }),
      metrics: { errors5xx: failing(s, 0.5) },
      alarm: alarmOf(s, "errors5xx", ">", failingLimit(s, 0.5)),
      logs: s.logs(errorLog([s.onset, 0], 12, "ENOSPC: no space left on device, write '/tmp/upload-{hex}'")),
    }),
  },
  {
    name: "cache-that-fills-once",
    of: "no-fault",
    story: "A fresh release fills its cache for an hour and then stays where its predecessor was.",
    why: "Memory rises after the start, flattens, and is no higher than before the release.",
    truth: truth(["no-fault", "unknown"], ["none"], ["decline"]),
    make: (s) => {
      const at = -Math.round(s.between(70, 110));
      const level = s.between(72, 80);
      const fill = () =>
        series(level, step(at, level * 0.5, 1), ramp(at + 3, level, at + 40), step(at + 40, level, 1));
      return {
        ...released(
          s,
          at,
          { now: { image: "acme/app:4.4.1" }, before: { image: "acme/app:4.4.0" } },
          { memory: fill() },
        ),
        metrics: { memory: fill() },
        usual: { memory: series(level) },
        alarm: alarmOf(s, "memory", ">", level * 0.93),
        logs: s.logs(infoLog([at, at + 40], 0.2, "cache: {n} entries")),
      };
    },
  },
  {
    name: "memory-high-and-level",
    of: "no-fault",
    story: "The service was always at this memory; somebody has just set the alarm below it.",
    why: "Level for hours and days, no kill, no errors.",
    truth: personDue("no-fault", "unknown"),
    make: (s) => {
      const level = s.between(78, 88);
      return {
        metrics: { memory: series(level) },
        usual: { memory: series(level) },
        alarm: alarmOf(s, "memory", ">", level * 0.94),
        logs: s.logs(),
      };
    },
  },
];
