/** Load: more of it, less of it, and what uses CPU without it. */
import { pulse, series, step } from "../../scenarios/series.ts";
import { errorLog, infoLog, truth, warnLog } from "../../scenarios/vocabulary.ts";
import { alarmOf, type Family } from "../family.ts";
import { failing, personDue, scaleDue, shortly } from "../parts.ts";
import { times } from "../shapes.ts";

export const loadFamilies: readonly Family[] = [
  {
    name: "campaign",
    of: "traffic-spike",
    story: "A campaign brings two to five times the requests; CPU and latency follow.",
    why: "Requests rise first and far above every usual level, CPU with them, nothing was changed.",
    needs: { balancer: true },
    truth: scaleDue("traffic-spike"),
    make: (s) => {
      const factor = s.between(2, 5);
      const busy = Math.min(97, Math.max(86, s.levels.cpu * factor));
      return {
        metrics: {
          requests: s.of("requests", times(s.onset, factor, 5)),
          cpu: s.of("cpu", step(s.onset, busy, 6)),
          p99: s.of("p99", times(s.onset + 1, s.between(4, 12), 6)),
          p50: s.of("p50", times(s.onset + 1, 3, 6)),
        },
        alarm: alarmOf(s, "cpu", ">", s.between(70, 80)),
        logs: s.logs(),
      };
    },
  },
  {
    name: "usual-peak-of-the-day",
    of: "no-fault",
    story: "The same rise as yesterday and a week ago at this hour; the service carries it.",
    why: "The same time a day and a week ago is alike; latency and errors are as ever.",
    needs: { balancer: true },
    truth: personDue("no-fault", "unknown"),
    make: (s) => {
      const factor = s.between(1.7, 2.4);
      const peak = () => times(s.onset - 20, factor, 15);
      return {
        metrics: { requests: s.of("requests", peak()), cpu: s.of("cpu", peak()) },
        usual: { requests: s.of("requests", peak()), cpu: s.of("cpu", peak()) },
        alarm: alarmOf(s, "cpu", ">", s.levels.cpu * factor * 0.8),
        logs: s.logs(),
      };
    },
  },
  {
    name: "scaler-at-work",
    of: "traffic-spike",
    story: "Traffic has doubled; target tracking has just added tasks and CPU comes down.",
    why: "A scaling activity minutes ago, new tasks, CPU falls since they came: what is needed is being done.",
    needs: { balancer: true, tasks: [2, 20] },
    truth: truth(["traffic-spike", "no-fault"], ["none"], ["decline"], ["restart", "rollback"]),
    make: (s) => {
      const more = Math.ceil(s.tasks * 0.7);
      return {
        desired: s.tasks + more,
        running: [...s.fleet(), ...Array.from({ length: more }, (_, index) => ({ age: 6 - index * 0.02 }))],
        scaling: {
          min: s.tasks,
          max: s.tasks * 4,
          activities: [{ at: -8, from: s.tasks, to: s.tasks + more }],
        },
        metrics: {
          requests: s.of("requests", times(s.onset, 2.1, 4)),
          cpu: s.of("cpu", step(s.onset, 91, 4), step(-4, 76, 4)),
          healthyHosts: series(s.tasks, step(-6, s.tasks + more, 1)),
        },
        alarm: alarmOf(s, "cpu", ">", 60),
        logs: s.logs(),
      };
    },
  },
  {
    name: "callers-gone",
    of: "traffic-loss",
    story: "The callers have stopped: nothing arrives any more at a service that is well.",
    why: "Requests fall at one instant to next to nothing, targets are healthy, no errors; at this hour there are always some.",
    needs: { balancer: true },
    truth: personDue("traffic-loss"),
    make: (s) => {
      const left = s.between(0, 0.06);
      return {
        metrics: {
          requests: s.of("requests", times(s.onset, left, 1)),
          cpu: s.of("cpu", times(s.onset, 0.25, 2)),
        },
        alarm: alarmOf(s, "requests", "<", s.levels.requests * 0.25),
        logs: { ...s.logs(), chatterWindow: [-60, s.onset] },
      };
    },
  },
  {
    name: "costlier-work",
    of: "cpu-saturation",
    story: "The same number of requests costs far more CPU since the data has grown: all tasks are full.",
    why: "CPU climbs in all tasks alike while requests are level; nothing was released.",
    needs: { balancer: true },
    truth: { ...scaleDue("cpu-saturation"), harmful: ["restart", "rollback"] },
    make: (s) => {
      const full = s.between(93, 99);
      const cpu = () => s.of("cpu", step(s.onset, full, 8));
      return {
        running: s.fleet([], { cpu: cpu() }),
        metrics: { cpu: cpu(), p99: s.of("p99", times(s.onset + 2, s.between(5, 15), 8)) },
        alarm: alarmOf(s, "cpu", ">", 85),
        logs: s.logs(warnLog([s.onset, 0], 2, "query took {n} ms, {n} rows scanned")),
      };
    },
  },
  {
    name: "one-task-spins",
    of: "cpu-saturation",
    story: "One of several tasks spins in a loop; the others carry the same load with ease.",
    why: "CPU of one task is at its limit, the others are level under the same requests.",
    needs: { tasks: [3, 12], insights: "tasks", balancer: true },
    truth: truth(["cpu-saturation", "hung-task"], ["restart", "none"], ["act", "ask", "decline"]),
    make: (s) => ({
      running: s.fleet([{ age: s.age, cpu: series(s.levels.cpu, step(s.onset, 99, 1)) }], {
        cpu: s.of("cpu"),
      }),
      metrics: {
        cpu: s.of("cpu", step(s.onset, s.levels.cpu + (99 - s.levels.cpu) / s.tasks, 1)),
        cpuMaximum: series(s.levels.cpu * 1.2, step(s.onset, 99, 1)),
        p99: s.of("p99", times(s.onset, 6, 2)),
      },
      alarm: alarmOf(s, "cpu", ">", 90, { statistic: "Maximum" }),
      logs: s.logs(),
    }),
  },
  {
    name: "clients-repeat",
    of: "retry-storm",
    story: "After a short outage the clients repeat every request; the outage is over, the repeats are not.",
    why: "Errors rose before the requests did; the same ids come again and again.",
    needs: { balancer: true },
    truth: personDue("retry-storm"),
    make: (s) => ({
      metrics: {
        errors5xx: failing(s, 0.5),
        requests: s.of("requests", times(s.onset + 3, s.between(2.5, 5), 3)),
        cpu: s.of("cpu", step(s.onset + 3, 92, 3)),
        p99: s.of("p99", times(s.onset, 15, 2)),
      },
      alarm: alarmOf(s, "errors5xx", ">", s.levels.requests * 0.1),
      logs: s.logs(
        errorLog([s.onset, s.onset + 4], 12, "upstream reset before headers"),
        warnLog([s.onset + 3, 0], 20, "request {uuid} is a retry, attempt 6, client gives no backoff"),
      ),
    }),
  },
  {
    name: "blip-that-is-over",
    of: "no-fault",
    story: "CPU was high for a few minutes and is back; the alarm has returned to OK.",
    why: "The series is at its usual level, the alarm is OK, nobody was slowed.",
    truth: personDue("no-fault", "unknown"),
    make: (s) => ({
      metrics: { cpu: s.of("cpu", pulse(-11, -5, 93)) },
      alarm: alarmOf(s, "cpu", ">", 80, {
        ...shortly(s),
        fired: -7.5,
        okSince: -3.5,
      }),
      logs: s.logs(infoLog([-11, -5], 3, "rebuilding index {n}")),
    }),
  },
];
