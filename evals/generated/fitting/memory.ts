/** Memory: kills, leaks, limits, and what looks like them. */

import { noise, ramp, sawtooth, series, step } from "../../scenarios/series.ts";
import { bareLog, fleet, infoLog, oomStop, repeated, truth, warnLog } from "../../scenarios/vocabulary.ts";
import { alarmOf, type Family } from "../family.ts";
import { failing, failingLimit, personDue, released, restartDue, rollbackDue, shortly } from "../parts.ts";
import { everySo, times } from "../shapes.ts";

export const memoryFamilies: readonly Family[] = [
  {
    name: "leak-in-every-task",
    of: "memory-leak",
    story: "Every task keeps what it should let go; memory climbs for hours under level load.",
    why: "The climb is a straight line in all tasks, requests are level, nothing was released.",
    truth: restartDue("memory-leak"),
    make: (s) => {
      const top = s.between(88, 97);
      const climb = () => series(s.levels.memory, ramp(-235, top), noise(0.01));
      return {
        running: s.fleet([], { memory: climb() }),
        metrics: {
          memory: climb(),
          memoryMaximum: series(s.levels.memory + 2, ramp(-235, top + 2), noise(0.01)),
        },
        alarm: alarmOf(s, "memory", ">", top - s.between(4, 8)),
        logs: s.logs(warnLog([-20, 0], 0.5, "heap usage high, full collection freed {n} kB")),
      };
    },
  },
  {
    name: "leak-of-a-release",
    of: "memory-leak",
    story:
      "A release an hour or two ago leaks: memory climbs from its first minute; the revision before was level.",
    why: "The climb begins with the new tasks and load is level.",
    truth: truth(
      ["memory-leak", "bad-deploy"],
      ["rollback", "restart", "none"],
      ["act", "ask", "decline"],
      ["scale"],
    ),
    make: (s) => {
      const at = -Math.round(s.between(70, 150));
      const top = s.between(88, 97);
      const climb = () => series(s.levels.memory, ramp(at + 2, top), noise(0.01));
      return {
        ...released(
          s,
          at,
          { now: { image: "acme/app:2.8.0" }, before: { image: "acme/app:2.7.3" } },
          { memory: climb() },
        ),
        metrics: { memory: climb() },
        alarm: alarmOf(s, "memory", ">", top - s.between(4, 8)),
        logs: s.logs(),
      };
    },
  },
  {
    name: "killed-by-one-job",
    of: "oom-kill",
    story: "Now and then one request needs more memory than a task has; the kernel kills that task.",
    why: "ECS says OutOfMemoryError; memory is level before and elsewhere.",
    needs: { tasks: [2, 50] },
    truth: { ...restartDue("oom-kill"), harmful: ["scale", "rollback"] },
    make: (s) => ({
      running: s.fleet([{ age: 3 }]),
      stopped: repeated(s.random.integer(1, 3), -4, 8, (at) => oomStop(at, s.age)),
      metrics: {
        memory: series(s.levels.memory),
        memoryMaximum: series(s.levels.memory + 4, times(-6, 1.9, 1, -4)),
        errors5xx: failing(s, 0.06),
      },
      alarm: alarmOf(s, "errors5xx", ">", failingLimit(s, 0.06)),
      logs: s.logs(infoLog([-8, -4.2], 1, "export {uuid}: {n}000 rows requested")),
    }),
  },
  {
    name: "limit-lowered",
    of: "memory-limit-too-low",
    story: "A release lowers the memory of the task; what it always used no longer fits.",
    why: "The diff lowers the limit, kills begin with that revision, the same bytes are used.",
    truth: rollbackDue("memory-limit-too-low", "bad-deploy"),
    make: (s) => {
      const at = s.onset - 4;
      const kills = repeated(s.random.integer(3, 6), -1.5, 2.5, (when) => oomStop(when, s.between(2, 4)));
      return {
        ...released(s, at, { now: { memory: 512, image: "acme/app:3" }, before: { memory: 2048 } }),
        running: s.young ? fleet(s.tasks, 2) : fleet(s.tasks, 3),
        stopped: kills,
        metrics: { memory: series(s.levels.memory, step(at + 2, 96, 2)), errors5xx: failing(s, 0.2) },
        alarm: alarmOf(s, "memory", ">", 85),
        logs: s.logs(bareLog([-10, 0], 0.6, "Killed")),
      };
    },
  },
  {
    name: "collector-teeth",
    of: "no-fault",
    story: "A runtime with a lazy collector: memory climbs and falls back again and again, as on every day.",
    why: "Equal teeth for hours, nothing else moves, nobody is slowed.",
    truth: personDue("no-fault", "unknown"),
    make: (s) => {
      const period = Math.round(s.between(18, 45));
      const [low, high] = [s.between(48, 60), s.between(82, 90)];
      const phase = Math.round(period * 0.05) + 1;
      const teeth = () => series(s.levels.memory, sawtooth(period, low, high, -phase), noise(0.01));
      return {
        running: s.fleet([], { memory: teeth() }),
        metrics: { memory: teeth() },
        usual: { memory: teeth() },
        alarm: alarmOf(s, "memory", ">", high - (high - low) * 0.3, shortly(s)),
        logs: s.logs(),
      };
    },
  },
  {
    name: "hourly-report",
    of: "no-fault",
    story:
      "A report runs by the clock every hour and uses memory and CPU for some minutes, then gives them back.",
    why: "The same rise at each hour before, none of them hurt anybody.",
    truth: personDue("no-fault", "unknown"),
    make: (s) => {
      const job = everySo(60, 9, 90 / s.levels.cpu, 6);
      return {
        metrics: { cpu: s.of("cpu", job), memory: s.of("memory", everySo(60, 9, 1.25, 6)) },
        usual: { cpu: s.of("cpu", job), memory: s.of("memory", everySo(60, 9, 1.25, 6)) },
        alarm: alarmOf(s, "cpu", ">", 75, shortly(s)),
        logs: s.logs(infoLog([-6, 0], 1, "report: {n} accounts done")),
      };
    },
  },
];
