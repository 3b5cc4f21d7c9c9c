/** What low and silent metrics are told as: each case turns on one condition, and the verdict with it. */
import { describe, expect, it } from "vitest";
import {
  ago,
  type Draft,
  deployment,
  limits,
  metric,
  packOf,
  service,
  steady,
  stops,
  task,
  unhealthyTarget,
} from "../../../test/samples/facts.ts";
import type { FactOf } from "../../domain/evidence.ts";
import { diagnoseBySigns } from "../diagnose-by-signs.ts";

type Alarm = FactOf<"alarm">["data"];
type Metric = Exclude<Parameters<typeof metric>[2], undefined>;

const alarm = (data: Partial<Alarm> = {}): Draft => ({
  kind: "alarm",
  provenance: "metric",
  statement: "the alarm",
  data: { name: "shop-low", state: "ALARM", ...data },
});
const healthyTarget = unhealthyTarget("a", { state: "healthy" });
const change = (data: Partial<FactOf<"change">["data"]>): Draft => ({
  kind: "change",
  provenance: "control-plane",
  statement: "a change",
  data: {
    event: "ModifyRule",
    service: "elasticloadbalancing",
    area: "load-balancing",
    who: "carla",
    resources: [],
    parameters: {},
    aboutService: true,
    secondsBeforeOnset: 60,
    ...data,
  },
});

/** Points of the last minutes, one each, the newest last. */
const minutes = (...values: readonly number[]) =>
  values.map((v, index): [number, number] => [Date.parse(ago((values.length - index) * 60)), v]);

/** A minimum that the metric is below. */
const tooLow = (threshold: number) =>
  ({
    isAlarm: true,
    threshold,
    comparison: "LessThanThreshold",
    insideThreshold: false,
    beyond: "below",
  }) as const;
const requestsNow = (current: number, data: Metric = {}) =>
  metric("requests", current, {
    unit: "",
    ...data,
    summary: { baseline: 1500, direction: "down", shape: "step", onset: ago(300), ...data.summary },
  });
const cpuFell = metric("cpu", 3, {
  summary: { baseline: 40, direction: "down", shape: "step", onset: ago(300) },
});
const well = [service(), alarm(), healthyTarget, task("a"), task("b"), task("c")];

const diagnosisOf = (...facts: readonly Draft[]) => diagnoseBySigns(packOf(facts));
const verdictOf = (...facts: readonly Draft[]) => {
  const { cause, action } = diagnosisOf(...facts);
  return { cause, action };
};
const lost = { cause: "traffic-loss", action: "none" };
const unknown = { cause: "unknown", action: "none" };

describe("requests that do not arrive at a service that is well", () => {
  it.each<readonly [string, readonly Draft[]]>([
    [
      "under an alarm on CPU",
      [requestsNow(0), metric("cpu", 2, { ...tooLow(5), summary: { baseline: 40, direction: "down" } })],
    ],
    ["under an alarm on requests", [requestsNow(0, tooLow(5)), cpuFell]],
    ["to half", [requestsNow(750)]],
    ["to more than half, where the alarm calls it too few", [requestsNow(800, tooLow(1000))]],
    ["for the whole hour", [steady("requests", 2, { unit: "", ...tooLow(5) })]],
    [
      "that are not counted any more, while CPU fell with them",
      [steady("requests", 1500, { noDataSince: ago(300) }), cpuFell],
    ],
  ])("%s are named", (_, facts) => {
    expect(verdictOf(...well, ...facts)).toEqual(lost);
  });

  it.each<readonly [string, readonly Draft[]]>([
    ["an ebb to a little more than half", [...well, requestsNow(760)]],
    [
      "measurements that are lost, while CPU is as ever",
      [...well, steady("requests", 1500, { noDataSince: ago(300) }), steady("cpu", 40)],
    ],
    [
      "traffic that moved to another target group",
      [...well, requestsNow(0), metric("requests", 1500, { summary: { baseline: 1 } })],
    ],
    ["a service of which no target is healthy", [service(), alarm(), requestsNow(0), unhealthyTarget("a")]],
    [
      "a service of which no task is healthy",
      [service(), alarm(), requestsNow(0), task("a", { health: "UNHEALTHY" })],
    ],
    ["a service with a task missing", [service({ running: 2 }), alarm(), requestsNow(0)]],
    ["tasks that stop for bad reasons", [...well, requestsNow(0), stops("crashed")]],
    [
      "callers that leave after errors",
      [...well, requestsNow(0), metric("errors-5xx", 40, { summary: { onset: ago(360), shape: "spike" } })],
    ],
  ])("are not named for %s", (_, facts) => {
    expect(verdictOf(...facts).cause).not.toBe("traffic-loss");
  });

  it("are told from the ebb between waves by its length", () => {
    const ebbing = (...values: readonly number[]) =>
      verdictOf(
        ...well,
        requestsNow(20, { ...tooLow(100), points: minutes(...values), summary: { max: 900 } }),
      );

    expect(ebbing(900, 20, 20, 20, 900, 20, 20, 20)).toEqual(unknown);
    expect(ebbing(900, 20, 20, 900, 20, 20, 20)).toEqual(lost);
    expect(ebbing(20, 20, 20, 20, 900, 20, 20, 20)).toEqual(lost);
  });

  it("are named beside stray errors before, of fewer than one request in a hundred", () => {
    const stray = (max: number) => metric("elb-5xx", max, { unit: "", summary: { onset: ago(400), max } });

    expect(verdictOf(...well, requestsNow(0), stray(14))).toEqual(lost);
    expect(verdictOf(...well, requestsNow(0), stray(15)).cause).not.toBe("traffic-loss");
  });

  it("are named with errors that came only after the loss", () => {
    expect(
      verdictOf(
        ...well,
        requestsNow(0),
        metric("latency-p99", 4, { summary: { onset: ago(120), shape: "spike" } }),
      ),
    ).toEqual(lost);
  });

  it("are told with numbers and the way in that a change speaks for, before other checks", () => {
    const found = diagnosisOf(...well, requestsNow(0), cpuFell, change({}));

    expect(found.rootCause).toBe(
      "Requests that usually arrive do not: 0 a period instead of 1500 since 06:55:00, while 3 of 3 tasks run and all targets are healthy; a listener or target group was changed before (ModifyRule by carla).",
    );
    expect(found.nextSteps[0]).toMatch(/listener/);
    expect(found.nextSteps.at(-1)).toBe("Restarting or scaling this service brings no requests.");
  });

  it.each<readonly [string, Draft, readonly Draft[], RegExp]>([
    ["DNS", requestsNow(0), [change({ event: "ChangeResourceRecordSets", area: "network" })], /names/],
    ["one caller of several", requestsNow(400), [], /Ask those who call/],
    [
      "a scheduler",
      requestsNow(0, {
        points: [
          [Date.parse(ago(540)), 0],
          [Date.parse(ago(480)), 900],
          [Date.parse(ago(420)), 0],
        ],
      }),
      [],
      /schedule/,
    ],
    ["a change after the loss: nothing", requestsNow(0), [change({ secondsBeforeOnset: -120 })], /listener/],
  ])("check first what speaks for %s", (_, requests, facts, first) => {
    expect(diagnosisOf(...well, requests, ...facts).nextSteps[0]).toMatch(first);
  });

  it("say nothing of a cause that no sign speaks for", () => {
    expect(diagnosisOf(...well, requestsNow(0), change({ secondsBeforeOnset: -120 })).rootCause).not.toMatch(
      /;/,
    );
  });

  it("are doubted after a release", () => {
    const released = deployment({ secondsBeforeOnset: 120, createdAt: ago(420) });

    const [doubted, sure] = [
      diagnosisOf(...well, requestsNow(0), released),
      diagnosisOf(...well, requestsNow(0)),
    ];

    expect(doubted.cause).toBe("traffic-loss");
    expect(doubted.confidence).toBeLessThan(sure.confidence);
  });

  it("are a suspicion where only CPU shows that less is done", () => {
    const idle = metric("cpu", 2, {
      ...tooLow(5),
      summary: { baseline: 40, direction: "down", shape: "step" },
    });

    expect(diagnosisOf(service(), alarm(), idle)).toMatchObject({ cause: "traffic-loss" });
    expect(verdictOf(service(), alarm(), cpuFell)).toEqual(unknown);
  });
});

describe("memory that is low", () => {
  const memoryFell = metric("memory", 9, {
    ...tooLow(10),
    summary: { baseline: 60, direction: "down", shape: "step" },
  });

  it("restarts nothing, with and without tasks' own series", () => {
    const own = ["a", "b", "c"].map((taskId, index) => metric("task-memory", 8 + index, { taskId }));

    expect(verdictOf(...well, memoryFell)).toEqual(unknown);
    expect(verdictOf(...well, memoryFell, ...own)).toEqual(unknown);
  });

  it("is never said to climb", () => {
    const { ruledOut, rootCause } = diagnosisOf(...well, memoryFell);

    expect(JSON.stringify([rootCause, ...ruledOut])).not.toMatch(/climb|rose/i);
  });
});

describe("nothing is called noise, and nothing well,", () => {
  const flapping = alarm({ recentAlarms: 6, flapping: true, state: "OK" });
  const near = {
    isAlarm: true,
    threshold: 42,
    comparison: "GreaterThanThreshold",
    insideThreshold: false,
    beyond: "above",
  } as const;
  const inside = {
    isAlarm: true,
    threshold: 5,
    comparison: "LessThanThreshold",
    insideThreshold: true,
  } as const;
  const back = steady("requests", 1500, { unit: "", ...inside });
  const fault = { cause: "no-fault", action: "none" };

  it("unless measured now and on the high side", () => {
    expect(verdictOf(service(), flapping, steady("cpu", 40, near))).toEqual(fault);
    expect(verdictOf(service(), flapping, steady("cpu", 40, { ...near, noDataSince: ago(300) })).cause).toBe(
      "unknown",
    );
    expect(
      verdictOf(
        service(),
        flapping,
        steady("cpu", 40, { ...near, comparison: "LessThanThreshold", beyond: "below" }),
      ).cause,
    ).toBe("unknown");
  });

  it("while CloudWatch has the alarm in ALARM or without data", () => {
    expect(verdictOf(service(), alarm({ state: "OK" }), back)).toEqual(fault);
    expect(verdictOf(service(), alarm({ state: "ALARM" }), back)).toEqual(unknown);
    expect(verdictOf(service(), alarm({ state: "INSUFFICIENT_DATA" }), back)).toEqual(unknown);
  });

  it("where the metric is silent and the alarm counts that as breaching", () => {
    const { insideThreshold: _, ...watched } = inside;
    const silent = steady("requests", 1500, { ...watched, noDataSince: ago(180), insideThreshold: false });

    expect(verdictOf(service(), alarm(), silent)).toEqual(unknown);
  });

  it("where the metric is silent and nobody says what that means", () => {
    const { insideThreshold: _, ...watched } = inside;
    const silent = steady("requests", 1500, { ...watched, noDataSince: ago(180) });

    expect(verdictOf(service(), alarm({ state: "OK" }), silent)).toEqual(unknown);
  });

  it("while requests that usually arrive do not, whatever made them stay away", () => {
    const left = [requestsNow(0), metric("errors-5xx", 40, { summary: { onset: ago(360), shape: "spike" } })];

    expect(
      verdictOf(
        service(),
        alarm({ state: "OK" }),
        steady("cpu", 3, { ...inside, comparison: "GreaterThanThreshold", threshold: 80 }),
        ...left,
      ),
    ).toEqual(unknown);
  });

  it("says back inside only of what was measured", () => {
    const silent = steady("errors-5xx", 0, {
      ...inside,
      comparison: "GreaterThanThreshold",
      noDataSince: ago(300),
    });
    const found = diagnosisOf(service(), alarm({ state: "OK" }), silent);

    expect(found.cause).toBe("no-fault");
    expect(found.rootCause).not.toMatch(/back inside/);
  });
});

describe("autoscaling's own alarm", () => {
  const low = { ...tooLow(63), scalingTarget: true } as const;
  const high = { ...low, threshold: 70, comparison: "GreaterThanThreshold", beyond: "above" } as const;
  const idle = metric("cpu", 12, { ...low, summary: { baseline: 50, direction: "down", shape: "step" } });
  const busy = metric("cpu", 95, high);
  const grown = metric("requests", 3000, { summary: { baseline: 1000, onset: ago(300) } });

  it("that says that tasks may go is no fault", () => {
    const found = diagnosisOf(service(), alarm({ scaling: "in" }), idle, requestsNow(100));

    expect(found).toMatchObject({ cause: "no-fault", action: "none", severity: "P4" });
    expect(found.rootCause).toBe(
      "Nothing is wrong: the alarm is autoscaling's own, which says that it may remove tasks, since cpu at 12 is below 63; 3 of 3 tasks run.",
    );
  });

  it("is no excuse for a service that is sick, or whose callers are hurt", () => {
    expect(verdictOf(service({ running: 2 }), alarm({ scaling: "in" }), idle).cause).not.toBe("no-fault");
    expect(verdictOf(service(), alarm({ scaling: "in" }), idle, metric("errors-5xx", 40)).cause).not.toBe(
      "no-fault",
    );
  });

  it("does not silence an alarm that people set on the same loss", () => {
    const facts = [service(), alarm({ scaling: "in" }), idle, requestsNow(0)];

    expect(verdictOf(...facts, alarm({ name: "requests", other: true })).cause).toBe("traffic-loss");
    expect(verdictOf(...facts, alarm({ name: "memory", other: true, scaling: "in" })).cause).toBe("no-fault");
  });

  it("that adds tasks is left to autoscaling while it has room", () => {
    const noErrors = steady("errors-5xx", 0);
    const spike = (...facts: readonly Draft[]) =>
      diagnosisOf(service(), alarm({ scaling: "out" }), busy, grown, noErrors, ...facts);

    expect(spike(limits(1, 10))).toMatchObject({ cause: "traffic-spike", action: "none" });
    expect(spike(limits(1, 10)).rootCause).toMatch(/adds tasks itself\.$/);
    expect(spike(limits(1, 3))).toMatchObject({ cause: "traffic-spike", action: "scale" });
    const suspended = { ...limits(1, 10), data: { min: 1, max: 10, suspended: true } } as Draft;
    expect(spike(suspended)).toMatchObject({ cause: "traffic-spike", action: "scale" });
    expect(diagnosisOf(service(), alarm(), busy, grown, noErrors, limits(1, 10)).action).toBe("scale");
  });

  it("has no threshold that says what is too much", () => {
    const steadily = steady("cpu", 75, high);

    expect(verdictOf(service(), alarm({ scaling: "out" }), steadily)).toEqual({
      cause: "no-fault",
      action: "none",
    });
    expect(verdictOf(service(), alarm({ scaling: "out" }), steadily, limits(1, 3))).toEqual(unknown);
  });
});
