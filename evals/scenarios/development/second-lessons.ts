/**
 * Cases written after eight fresh faults of another author: errors of the rules there, with other services and
 * numbers.
 */
import { noise, ramp, series, step, without } from "../series.ts";
import {
  alarm,
  askOrWait,
  askRollback,
  cases,
  errorLog,
  fleet,
  infoLog,
  leave,
  replacedStop,
  restartNow,
  warnLog,
} from "../vocabulary.ts";

export const secondLessonCases = cases(
  {
    name: "catalogue-held-in-memory",
    of: "no-fault",
    story:
      "The tasks have read the new season's catalogue into memory, all of it; an alarm of long ago finds that much.",
    why: "Memory rose for four minutes and has been level since, far from the limit; nobody waits and nothing fails.",
    world: {
      service: "catalogue",
      desired: 4,
      insights: "tasks",
      running: fleet(4, 9_000).map((task) => ({
        ...task,
        memory: series(26, ramp(-22, 59, -18), noise(0.004)),
      })),
      metrics: {
        memory: series(26, ramp(-22, 59, -18), noise(0.004)),
        requests: series(900),
        p99: series(0.21),
      },
      alarm: alarm("memory", ">", 50, { of: [10, 10], fired: -6 }),
      logs: {
        style: "node",
        chatter: 60,
        entries: [infoLog([-22, -18], 4, "season {uuid} read in {ms}ms")],
      },
    },
    truth: leave("no-fault"),
  },
  {
    name: "still-climbing-under-a-low-alarm",
    of: "memory-leak",
    story: "Every task keeps the sessions that nobody ends; the alarm is a low one, so that there is time.",
    why: "Memory climbs as it did from the start, without more requests, and has no level.",
    world: {
      service: "sessions",
      desired: 3,
      insights: "tasks",
      minimumHealthyPercent: 50,
      running: fleet(3, 9_000).map((task) => ({ ...task, memory: series(30, ramp(-45, 61), noise(0.004)) })),
      metrics: { memory: series(30, ramp(-45, 61), noise(0.004)), requests: series(500), p99: series(0.2) },
      alarm: alarm("memory", ">", 50, { of: [3, 3] }),
      logs: { style: "node", chatter: 60, entries: [] },
    },
    truth: restartNow("memory-leak"),
  },
  {
    name: "lunch-hour-with-room",
    of: "unknown",
    story:
      "Lunch brings two and a half times the orders, which the tasks carry with ease; the alarm counts requests.",
    why: "CPU doubled to not even half, answers are as fast as ever: more tasks would have nothing to do.",
    world: {
      service: "canteen",
      desired: 3,
      scaling: { min: 3, max: 12 },
      running: fleet(3, 9_000),
      metrics: {
        requests: series(2_000, step(-6, 5_100, 2)),
        cpu: series(19, step(-6, 41, 2), noise(0.02)),
        p99: series(0.18),
      },
      alarm: alarm("requests", ">", 4_000, { of: [3, 3], statistic: "Sum" }),
      logs: { style: "node", chatter: 80, entries: [] },
    },
    truth: leave("unknown", "no-fault", "traffic-spike"),
  },
  {
    name: "eight-where-two-were",
    of: "dependency-throttled",
    story:
      "Somebody runs eight tasks in place of two; the database takes as many connections as two tasks open.",
    why: "Errors began when the tasks were added, under level traffic, and the database says that it takes no more clients.",
    world: {
      service: "bookings",
      desired: 8,
      insights: "service",
      running: [...fleet(2, 9_000), ...fleet(6, 9)],
      metrics: {
        runningTasks: series(2, step(-9, 8, 1)),
        requests: series(700),
        errors5xx: series(0.2, step(-8, 90, 1)),
      },
      alarm: alarm("errors5xx", ">", 25, { of: [3, 3] }),
      logs: {
        style: "node",
        entries: [
          errorLog([-8, 0], 60, "error: FATAL: sorry, too many clients already"),
          warnLog([-8, 0], 60, "booking {uuid} not stored"),
        ],
      },
    },
    truth: leave("dependency-throttled", "dependency-down"),
  },
  {
    name: "no-time-to-answer",
    of: "bad-deploy",
    story: "A revision with the same image gives the price service 80 ms, which has always taken twice that.",
    why: "All calls time out from the revision's first minute on; what it changed is how long a call may take.",
    world: {
      service: "basket",
      desired: 3,
      definition: { environment: ["LOG_LEVEL", "PRICES_DEADLINE_MS", "REGION"], image: "acme/basket:3.2" },
      revisions: { [-1]: { environment: ["LOG_LEVEL", "REGION"], image: "acme/basket:3.2" } },
      deployments: [
        { revision: 0, at: -11 },
        { revision: -1, at: -9_000, desired: 0, running: 0 },
      ],
      running: fleet(3, 10),
      stopped: [replacedStop(-10, 9_000, { revision: -1 })],
      metrics: { requests: series(600), errors5xx: series(0.2, step(-10, 110, 1)), p99: series(0.3) },
      alarm: alarm("errors5xx", ">", 20, { of: [3, 3] }),
      logs: {
        style: "node",
        entries: [
          errorLog([-10, 0], 70, "TimeoutError: The operation was aborted due to timeout"),
          warnLog([-10, 0], 70, "basket {uuid} without prices: request to prices timed out"),
        ],
      },
    },
    truth: askRollback("bad-deploy"),
  },
  {
    name: "new-tasks-all-climb-and-nobody-saw-the-old-ones",
    of: "memory-leak",
    story:
      "Every task of a revision of a quarter of an hour ago climbs; Container Insights was switched on with it.",
    why: "There is no series from before the revision, so that it may be to blame: its restarted tasks would climb again.",
    world: {
      service: "invoices",
      desired: 3,
      definition: { image: "acme/invoices:4.1" },
      revisions: { [-1]: { image: "acme/invoices:4.0" } },
      deployments: [
        { revision: 0, at: -15 },
        { revision: -1, at: -9_000, desired: 0, running: 0 },
      ],
      insights: "tasks",
      running: fleet(3, 14).map((task) => ({ ...task, memory: series(30, ramp(-14, 84), noise(0.004)) })),
      stopped: [replacedStop(-14, 9_000, { revision: -1 })],
      metrics: { memory: series(30, ramp(-14, 84), noise(0.004), without(-240, -14)), requests: series(600) },
      alarm: alarm("memory", ">", 65, { of: [3, 3] }),
      logs: { style: "node", chatter: 60, entries: [] },
    },
    truth: askOrWait("memory-leak", "bad-deploy"),
  },
);
