import { describe, expect, it } from "vitest";
import {
  ago,
  type Draft,
  deployment,
  diff,
  event,
  limits,
  logs,
  metric,
  packOf,
  service,
  steady,
  stops,
  task,
  unhealthyTarget,
} from "../../../test/samples/facts.ts";
import { alarm, comparison } from "../../../test/samples/rollbacks.ts";
import type { Cause } from "../../domain/cause.ts";
import type { Condition, State } from "./condition.ts";
import { fewerTasksThanUsual, moreTasksThanUsual } from "./count.ts";
import { climbsSinceRelease, growsWithAge } from "./leak.ts";
import { autoscalingAdds, loadCameFirst, loadGrew, setToNothing, suffers, tasksFindRoom } from "./load.ts";
import {
  memoryLimitLowered,
  releaseDiffers,
  releasedBefore,
  releasedJustBefore,
  releaseIsSuspect,
  servedWellFirst,
} from "./release.ts";
import { freshTaskLasts, mostAnswersSlow, oneTaskIsHot, othersAreWell, replacedInVain } from "./tasks.ts";

type Row = readonly [what: string, is: State, facts: readonly Draft[]];

const cpus = (...levels: readonly number[]) =>
  levels.map((level, index) => steady("task-cpu", level, { taskId: "abcd"[index] ?? "x" }));
const requests = (current: number, baseline = 100, direction: "up" | "none" = "up") =>
  metric("requests", current, { summary: { baseline, direction, onset: ago(300) } });
const startedMinutesAgo = (minutes: number) => ({ startedAt: ago(minutes * 60) });
/** Requests of each minute since so many minutes ago. */
const served = (minutes: number, perMinute = 60) =>
  steady("requests", perMinute, {
    points: Array.from({ length: minutes }, (_, index) => [
      Date.parse(ago((minutes - index) * 60)),
      perMinute,
    ]),
  });
const errors = (onset: string | undefined, data = {}) =>
  metric("errors-5xx", 40, { ...data, summary: onset === undefined ? {} : { onset } });
const old = (id: string, seconds = 9000) => task(id, { ageSeconds: seconds, startedAt: ago(seconds) });
const after = (seconds: number) => deployment({ secondsBeforeOnset: seconds });
const young = (data = {}) => deployment({ createdAt: ago(600), secondsBeforeOnset: 300, ...data });
const climb = (before: number) =>
  metric("memory", 90, {
    summary: { baseline: 40 },
    points: [
      [Date.parse(ago(1200)), before],
      [Date.parse(ago(300)), 90],
    ],
  });

const ROWS: readonly (readonly [Condition, Cause, readonly Row[]])[] = [
  [
    oneTaskIsHot,
    "cpu-saturation",
    [
      ["one above 80 %, the others below 40 %", "yes", cpus(81, 39, 20)],
      ["one above 80 %, another at 40 %", "partly", cpus(81, 40, 20)],
      ["one above 80 %, another at 59 %", "partly", cpus(81, 59, 20)],
      ["one above 80 %, another at 60 %", "no", cpus(81, 60, 20)],
      ["two above", "no", cpus(96, 95, 20)],
      ["none above", "no", cpus(80, 20, 20)],
      ["one task alone", "not-known", cpus(96)],
    ],
  ],
  [
    othersAreWell,
    "hung-task",
    [
      ["one of two fails", "yes", [task("a"), task("b"), unhealthyTarget("a")]],
      ["both fail", "no", [task("a", { health: "UNHEALTHY" }), task("b"), unhealthyTarget("b")]],
      ["the only one fails", "partly", [task("a"), unhealthyTarget("a")]],
      ["none is running", "not-known", [task("a", { lastStatus: "PENDING" }), unhealthyTarget("a")]],
    ],
  ],
  [
    replacedInVain,
    "hung-task",
    [
      ["two replaced just now", "yes", [stops("failed-health-check", { count: 2 })]],
      ["one replaced", "no", [stops("failed-health-check", { count: 1 })]],
      [
        "two, 15 minutes before the onset",
        "yes",
        [stops("failed-health-check", { count: 2, lastAt: ago(1200) })],
      ],
      ["two, longer before", "no", [stops("failed-health-check", { count: 2, lastAt: ago(1201) })]],
      ["none", "no", []],
    ],
  ],
  [
    mostAnswersSlow,
    "hung-task",
    [
      ["the median rose", "yes", [metric("latency-p50", 2)]],
      ["the median is as ever", "no", [steady("latency-p50", 2)]],
      ["the median has no data now", "not-known", [metric("latency-p50", 2, { noDataSince: ago(600) })]],
      ["no median", "not-known", []],
    ],
  ],
  [
    freshTaskLasts,
    "oom-kill",
    [
      ["killed after two minutes", "yes", [stops("out-of-memory", { medianLifeSeconds: 120 })]],
      ["killed sooner", "no", [stops("out-of-memory", { medianLifeSeconds: 119 })]],
      [
        "one sooner, the others live on",
        "yes",
        [stops("out-of-memory", { medianLifeSeconds: 60 }), old("a"), old("b")],
      ],
      [
        "one sooner, half live on",
        "no",
        [stops("out-of-memory", { medianLifeSeconds: 60 }), old("a"), old("b", 50)],
      ],
      ["two sooner", "no", [stops("out-of-memory", { count: 2, medianLifeSeconds: 60 }), old("a"), old("b")]],
      ["it never ran", "not-known", [stops("out-of-memory")]],
      ["none killed", "not-known", [old("a")]],
    ],
  ],
  [
    loadGrew,
    "traffic-spike",
    [
      ["1.5 times", "yes", [requests(150)]],
      ["1.49 times", "partly", [requests(149)]],
      ["1.3 times", "partly", [requests(130)]],
      ["1.29 times", "no", [requests(129)]],
      ["three times, and no change", "no", [requests(300, 100, "none")]],
      ["nothing before", "not-known", [requests(300, 0)]],
      ["nothing now", "not-known", [metric("requests", 300, { noDataSince: ago(600) })]],
      ["no series", "not-known", []],
    ],
  ],
  [
    suffers,
    "traffic-spike",
    [
      ["answers are late", "yes", [metric("latency-p99", 3), steady("cpu", 20)]],
      ["a target is unhealthy", "yes", [unhealthyTarget("a")]],
      ["CPU is above 80 %", "yes", [steady("cpu", 81)]],
      ["CPU is at 80 %", "partly", [metric("cpu", 80)]],
      ["CPU rose to 60 %", "partly", [metric("cpu", 60)]],
      ["CPU rose to 59 %", "no", [metric("cpu", 59)]],
      ["CPU is at 70 % as ever", "no", [steady("cpu", 70)]],
      ["CPU is not measured now", "not-known", [metric("cpu", 95, { noDataSince: ago(600) })]],
      ["nothing is measured", "not-known", [requests(300)]],
    ],
  ],
  [
    loadCameFirst,
    "traffic-spike",
    [
      ["no failure", "yes", [requests(300), steady("errors-5xx", 0)]],
      ["failures with it", "yes", [requests(300), errors(ago(359))]],
      ["failures with it in a minute", "yes", [requests(300), errors(ago(300))]],
      [
        "failures with it in five minutes",
        "partly",
        [requests(300), errors(ago(300), { periodSeconds: 300 })],
      ],
      ["failures one period before", "no", [requests(300), errors(ago(360))]],
      ["failures at a time that is not known", "not-known", [requests(300), errors(undefined)]],
      ["failures are not measured", "not-known", [requests(300)]],
    ],
  ],
  [
    tasksFindRoom,
    "traffic-spike",
    [
      ["all as ever", "yes", [service()]],
      ["a placement failed", "no", [service(), event("placement-failure")]],
      ["a task stopped for want of room", "no", [service(), stops("no-capacity")]],
      ["no service", "not-known", []],
    ],
  ],
  [
    autoscalingAdds,
    "traffic-spike",
    [
      ["its own alarm, with room", "yes", [service(), alarm("ALARM", { scaling: "out" }), limits(1, 4)]],
      ["its own alarm, at its maximum", "no", [service(), alarm("ALARM", { scaling: "out" }), limits(1, 3)]],
      ["another's alarm", "no", [service(), alarm("ALARM"), limits(1, 4)]],
      ["its own alarm beside another", "no", [service(), alarm("ALARM", { scaling: "out", other: true })]],
    ],
  ],
  [
    setToNothing,
    "desired-count-zero",
    [
      ["zero", "yes", [service({ desired: 0 })]],
      ["one", "no", [service({ desired: 1 })]],
      ["no service", "not-known", []],
    ],
  ],
  [
    moreTasksThanUsual,
    "connection-leak",
    [
      ["two came", "yes", [service(), old("a", 400), old("b", 400), old("c")]],
      ["two came for two that went", "no", [old("a", 400), old("b", 400), stops("crashed", { count: 2 })]],
      ["they came long before", "no", [old("a", 1201), old("b")]],
      ["they came after the onset", "no", [old("a", 299), old("b")]],
      ["no tasks", "not-known", [service()]],
    ],
  ],
  [
    fewerTasksThanUsual,
    "cpu-saturation",
    [
      [
        "two went",
        "yes",
        [service(), old("a"), stops("scaled-in-or-replaced", { count: 2, lastAt: ago(300) })],
      ],
      ["they went long before", "no", [service(), stops("scaled-in-or-replaced", { lastAt: ago(1201) })]],
      [
        "they were another revision's",
        "no",
        [service(), stops("scaled-in-or-replaced", { taskDefinition: "shop:6" })],
      ],
      ["more should run", "no", [service({ running: 2 }), stops("scaled-in-or-replaced")]],
      ["no service", "not-known", [stops("scaled-in-or-replaced")]],
    ],
  ],
  [
    releasedBefore,
    "bad-deploy",
    [
      ["an hour before", "yes", [after(3600)]],
      ["more than an hour before", "partly", [after(3601)]],
      ["two hours before", "partly", [after(7200)]],
      ["more than two hours before", "no", [after(7201)]],
      ["after the onset", "no", [after(-61)]],
      ["at a time that is not known", "not-known", [deployment()]],
      ["after the onset, and its tasks fail", "yes", [young({ secondsBeforeOnset: -61 }), stops("crashed")]],
      ["its tasks fail, 90 minutes old", "partly", [deployment({ createdAt: ago(5400), failedTasks: 1 })]],
      [
        "its tasks fail, three hours old",
        "not-known",
        [deployment({ createdAt: ago(10_800), failedTasks: 1 })],
      ],
      [
        "another's tasks fail",
        "no",
        [young({ secondsBeforeOnset: -61 }), stops("crashed", { taskDefinition: "shop:6" })],
      ],
    ],
  ],
  [
    releasedJustBefore,
    "dependency-down",
    [
      ["15 minutes before", "yes", [after(900)]],
      ["16 minutes before", "partly", [after(901)]],
      ["half an hour before", "partly", [after(1800)]],
      ["more than half an hour before", "no", [after(1801)]],
      ["its tasks crash at their start", "yes", [after(1801), stops("crashed")]],
      ["its tasks run out of memory", "no", [after(1801), stops("out-of-memory")]],
      ["no deployment", "not-known", []],
    ],
  ],
  [
    servedWellFirst,
    "dependency-down",
    [
      [
        "for three periods",
        "yes",
        [deployment(), task("a", startedMinutesAgo(9)), served(9), errors(ago(360))],
      ],
      ["for one", "partly", [deployment(), task("a", startedMinutesAgo(7)), served(7), errors(ago(360))]],
      [
        "failures came at once",
        "no",
        [deployment(), task("a", startedMinutesAgo(6)), served(9), errors(ago(360))],
      ],
      [
        "the old tasks served until then",
        "no",
        [
          deployment(),
          task("a", startedMinutesAgo(9)),
          stops("scaled-in-or-replaced", { taskDefinition: "shop:6", lastAt: ago(360) }),
          served(9),
          errors(ago(360)),
        ],
      ],
      [
        "hardly anybody asked",
        "not-known",
        [deployment(), task("a", startedMinutesAgo(9)), served(9, 1), errors(ago(360))],
      ],
      [
        "requests are not measured",
        "not-known",
        [deployment(), task("a", startedMinutesAgo(9)), errors(ago(360))],
      ],
      [
        "a task of the old revision runs on",
        "not-known",
        [deployment(), task("b", { taskDefinition: "shop:6" }), served(9), errors(ago(360))],
      ],
    ],
  ],
  [
    releaseDiffers,
    "bad-deploy",
    [
      ["the image differs", "yes", [deployment(), diff()]],
      ["nothing is seen to differ", "partly", [deployment(), comparison({ changes: [] })]],
      ["nor do its images", "no", [deployment(), comparison({ changes: [], sameImages: true })]],
      ["not compared", "partly", [deployment()]],
      ["the same once more", "no", [deployment({ forced: true, imageChanged: false }), diff()]],
      ["the same with another image", "yes", [deployment({ forced: true, imageChanged: true }), diff()]],
    ],
  ],
  [
    releaseIsSuspect,
    "hung-task",
    [
      ["all of a young revision", "yes", [young(), task("a"), unhealthyTarget("a")]],
      ["one of a young revision", "no", [young(), task("a"), task("b"), unhealthyTarget("a")]],
      [
        "one of the old revision",
        "no",
        [young(), task("a", { taskDefinition: "shop:6" }), task("b"), unhealthyTarget("a")],
      ],
      ["an old release", "no", [deployment({ createdAt: ago(3601) }), task("a"), unhealthyTarget("a")]],
      [
        "a release of an hour",
        "yes",
        [deployment({ createdAt: ago(3600) }), task("a"), unhealthyTarget("a")],
      ],
      [
        "a first revision",
        "no",
        [young({ taskDefinition: "shop:1" }), task("a", { taskDefinition: "shop:1" }), unhealthyTarget("a")],
      ],
      ["the same once more", "no", [young({ forced: true }), task("a"), unhealthyTarget("a")]],
      ["nobody sick", "not-known", [young(), task("a")]],
    ],
  ],
  [
    releaseIsSuspect,
    "memory-leak",
    [
      [
        "one full, the other climbs",
        "yes",
        [
          young(),
          task("a"),
          task("b"),
          metric("task-memory", 95, { taskId: "a" }),
          metric("task-memory", 70, { taskId: "b" }),
        ],
      ],
      [
        "one full, the other level",
        "no",
        [
          young(),
          task("a"),
          task("b"),
          metric("task-memory", 95, { taskId: "a" }),
          steady("task-memory", 40, { taskId: "b" }),
        ],
      ],
      [
        "one full, the other not measured",
        "yes",
        [young(), task("a"), task("b"), metric("task-memory", 95, { taskId: "a" })],
      ],
      ["nothing tells which", "yes", [young(), old("a", 500), old("b", 500), metric("memory", 95)]],
    ],
  ],
  [
    memoryLimitLowered,
    "oom-kill",
    [
      [
        "512 to 256",
        "yes",
        [comparison({ changes: [{ what: "task memory", before: "512", after: "256" }] })],
      ],
      ["256 to 512", "no", [comparison({ changes: [{ what: "task memory", before: "256", after: "512" }] })]],
      ["cpu lowered", "no", [comparison({ changes: [{ what: "task cpu", before: "512", after: "256" }] })]],
    ],
  ],
  [
    climbsSinceRelease,
    "memory-leak",
    [
      ["low before", "yes", [young(), task("a"), climb(64)]],
      ["as high before", "no", [young(), task("a"), climb(66)]],
      [
        "one task is level",
        "no",
        [young(), task("a"), climb(40), steady("task-memory", 40, { taskId: "a" })],
      ],
      [
        "an old task runs beside",
        "not-known",
        [young(), task("a"), task("b", { taskDefinition: "shop:6" }), climb(40)],
      ],
      ["not measured before", "not-known", [young(), task("a"), metric("memory", 90)]],
      ["no memory", "not-known", [young(), task("a")]],
    ],
  ],
  [
    growsWithAge,
    "connection-leak",
    [
      ["some fail", "yes", [old("a"), old("b"), unhealthyTarget("a")]],
      ["errors grow slowly, an hour old", "yes", [old("a", 3600), errors(ago(300))]],
      ["errors came at once", "partly", [old("a"), metric("errors-5xx", 40, { summary: { shape: "step" } })]],
      ["younger than an hour", "no", [old("a", 3599), errors(ago(300))]],
      ["age not known", "not-known", [task("a"), errors(ago(300))]],
    ],
  ],
];

describe.each(ROWS)("$name", (condition, cause, rows) => {
  it.each(rows)("%s: %s", (_what, is, facts) => {
    const reading = condition.read(packOf(facts), cause);

    expect(reading.is).toBe(is);
    expect(reading.says).toMatch(/^[^;]+[^.]$/);
  });

  it("does not know from log lines", () => {
    expect(condition.read(packOf([logs()]), cause).is).not.toBe("yes");
  });
});
