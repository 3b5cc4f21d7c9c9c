/**
 * What low, silent and autoscaling's own alarms come to, from the event over the AWS wire to the decision. Each case was
 * measured wrong before facts kept their side; each is played with several seeds of noise.
 */
import { expect, it } from "vitest";
import { useStubCredentials } from "../../evals/recorded/gather.ts";
import { inParallel, judge, type Verdict } from "../../evals/recorded/judge.ts";
import { type Series, series, step, without } from "../../evals/scenarios/series.ts";
import type { World } from "../../evals/scenarios/types.ts";
import { alarm, fleet, leave, scaleInAlarm } from "../../evals/scenarios/vocabulary.ts";

useStubCredentials();

const SEEDS = 10;
const WIDTH = 5;

/** The world's verdicts, each seed with noise of its own. */
function play(name: string, world: World): Promise<Verdict[]> {
  const seeds = Array.from({ length: SEEDS }, (_, seed) => ({
    name: `${name}-${seed}`,
    of: "unknown" as const,
    half: "development" as const,
    story: "",
    why: "",
    world,
    truth: leave("unknown"),
  }));
  return inParallel(seeds, WIDTH, (one) => judge(one));
}

const causes = (verdicts: readonly Verdict[]) => [
  ...new Set(verdicts.map(({ diagnosis }) => diagnosis.cause)),
];
const decisions = (verdicts: readonly Verdict[]) => [
  ...new Set(verdicts.map(({ decision }) => decision.kind)),
];
const actions = (verdicts: readonly Verdict[]) => [
  ...new Set(verdicts.map(({ diagnosis }) => diagnosis.action)),
];
const told = (verdicts: readonly Verdict[]) =>
  verdicts.map(({ diagnosis }) => diagnosis.rootCause).join("\n");

const tasksAt = (memory: Series) => fleet(3, 9_000).map((task) => ({ ...task, memory }));

it("says no all-clear of requests that ended three minutes ago", async () => {
  const verdicts = await play("ended", {
    service: "shop",
    metrics: { requests: series(1_500, without(-3)), cpu: series(40, step(-3, 3, 1)) },
    alarm: alarm("requests", "<", 5, { missing: "breaching" }),
  });

  expect(causes(verdicts)).toEqual(["traffic-loss"]);
  expect(decisions(verdicts)).toEqual(["decline"]);
});

it("says no all-clear of a heartbeat that ended three minutes ago", async () => {
  const verdicts = await play("heartbeat", {
    service: "shop",
    custom: { namespace: "Jobs", name: "Heartbeat", dimensions: {}, series: series(1, without(-3)) },
    alarm: alarm("custom", "<", 1, { missing: "breaching" }),
  });

  expect(causes(verdicts)).toEqual(["unknown"]);
  expect(told(verdicts)).not.toMatch(/Nothing is wrong|back inside/);
});

it("names requests that stopped under an alarm on low CPU", async () => {
  const verdicts = await play("idle", {
    service: "shop",
    metrics: { requests: series(1_500, step(-30, 0, 1)), cpu: series(40, step(-30, 2, 1)) },
    alarm: alarm("cpu", "<", 5),
  });

  expect(causes(verdicts)).toEqual(["traffic-loss"]);
  expect(told(verdicts)).toMatch(/Requests that usually arrive do not: 0 a period instead of/);
});

it.each([
  ["falls below 30 %", 55, 20, 30],
  ["fell from 60 to 9 %", 60, 9, 10],
])("restarts nothing where memory %s", async (_, from, to, threshold) => {
  const memory = series(from, step(-12, to, 6));
  const verdicts = await play(`memory-${to}`, {
    service: "shop",
    insights: "tasks",
    running: tasksAt(memory),
    metrics: { memory },
    alarm: alarm("memory", "<", threshold),
  });

  expect(actions(verdicts)).toEqual(["none"]);
  expect(causes(verdicts)).toEqual(["unknown"]);
});

it("leaves target tracking's low alarm alone after a good release", async () => {
  const cpu = series(52, step(-35, 18, 15));
  const verdicts = await play("alarm-low", {
    service: "shop",
    deployments: [{ revision: 0, at: -50 }],
    running: fleet(3, 49),
    scaling: { min: 2, max: 10 },
    metrics: { requests: series(2_000, step(-35, 700, 15)), cpu },
    alarm: scaleInAlarm("cpu", 60, "1f0c9d3a-77aa-4c1e-9a57-1d2f3b4c5d6e"),
  });

  expect(causes(verdicts)).toEqual(["no-fault"]);
  expect(actions(verdicts)).toEqual(["none"]);
  expect(told(verdicts)).toMatch(/autoscaling's own, which says that it may remove tasks/);
});

it("leaves target tracking's high alarm to autoscaling", async () => {
  const verdicts = await play("alarm-high", {
    service: "shop",
    scaling: { min: 2, max: 10 },
    metrics: { requests: series(1_000, step(-8, 3_000, 2)), cpu: series(35, step(-8, 88, 2)) },
    alarm: alarm("cpu", ">", 60, {
      ofScaling: { end: "AlarmHigh", id: "1f0c9d3a-77aa-4c1e-9a57-1d2f3b4c5d6e" },
    }),
  });

  expect(causes(verdicts)).toEqual(["traffic-spike"]);
  expect(actions(verdicts)).toEqual(["none"]);
});

it("does not take a name for autoscaling's own alarm", async () => {
  const verdicts = await play("forged", {
    service: "shop",
    metrics: { requests: series(1_500, step(-30, 0, 1)), cpu: series(40, step(-30, 2, 1)) },
    alarm: { ...alarm("cpu", "<", 5), name: "TargetTracking-service/prod/shop-AlarmLow-1f0c9d3a" },
  });

  expect(causes(verdicts)).toEqual(["traffic-loss"]);
});
