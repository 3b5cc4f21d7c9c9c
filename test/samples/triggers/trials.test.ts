import { describe, expect, it } from "vitest";
import type { BuiltWorld } from "../../../evals/scenarios/world.ts";
import { readEvent } from "../../../src/ingestion/read-event.ts";
import type { StubInput } from "../../support/aws-stub-server.ts";
import { forgedTriggers, mistypedAlarms, staleTriggers } from "../forged-triggers.ts";
import { genuineTriggers } from "../genuine-triggers.ts";
import { poisonedTriggers } from "../poisoned-series.ts";
import { OWN_THRESHOLD } from "./healthy-world.ts";
import { SERVICE, SERVICE_DIMENSIONS } from "./names.ts";
import type { Trial } from "./trial.ts";

const forged = forgedTriggers();
const mistyped = mistypedAlarms();
const stale = staleTriggers();
const poisoned = poisonedTriggers();
const genuine = genuineTriggers();
const all: readonly Trial[] = [...forged, ...mistyped, ...stale, ...poisoned, ...genuine];

function answerOf<T>(world: BuiltWorld, operation: string, input: StubInput): T {
  const answer = world.handlers[operation]?.(input);
  if (answer?.kind !== "json") throw new Error(`${operation} has no answer.`);
  return answer.body as T;
}

function alarmsOf(world: BuiltWorld, input: StubInput = {}) {
  return answerOf<{ MetricAlarms: { StateValue: string; Threshold: number; AlarmName: string }[] }>(
    world,
    "DescribeAlarms",
    input,
  ).MetricAlarms;
}

/** The last hour of a metric that ECS measures of the service. */
function measured(world: BuiltWorld, MetricName: string): readonly number[] {
  const Dimensions = Object.entries(SERVICE_DIMENSIONS).map(([Name, Value]) => ({ Name, Value }));
  const Metric = { Namespace: "AWS/ECS", MetricName, Dimensions };
  const { MetricDataResults } = answerOf<{ MetricDataResults: { Values: number[] }[] }>(
    world,
    "GetMetricData",
    {
      StartTime: world.now / 1000 - 3600,
      EndTime: world.now / 1000,
      MetricDataQueries: [{ Id: "m", MetricStat: { Metric, Period: 60, Stat: "Maximum" } }],
    },
  );
  return MetricDataResults[0]?.Values ?? [];
}

describe("the trials of triggers", () => {
  it("have names of their own, in every form, shape and threshold", () => {
    const names = all.map(({ name }) => name);

    expect(new Set(names).size).toBe(names.length);
    expect(forged).toHaveLength(9 * 6 * 7 * 2 * 2);
    expect(mistyped).toHaveLength(3 * 5 * 5 * 2 * 2);
    expect(stale).toHaveLength(6 * 3 * 2 * 2);
    expect(poisoned).toHaveLength(12 * 2);
    expect(genuine).toHaveLength(6 * 3);
  });

  it("are healthy by what ECS itself measures, unless they are genuine", () => {
    const high = [...forged, ...mistyped, ...stale, ...poisoned].filter(({ world }) =>
      ["MemoryUtilization", "CPUUtilization"].some((name) =>
        measured(world, name).some((value) => value >= OWN_THRESHOLD),
      ),
    );

    expect(high.map(({ name }) => name)).toEqual([]);
    expect(measured(genuine[0]?.world as BuiltWorld, "MemoryUtilization").at(-1)).toBeGreaterThan(85);
  });

  it("have an alarm in AWS that is quiet where the trigger is forged or stale, and in ALARM elsewhere", () => {
    const states = (trials: readonly Trial[]) =>
      new Set(trials.flatMap(({ world }) => alarmsOf(world).map(({ StateValue }) => StateValue)));

    expect(states(forged)).toEqual(new Set(["OK", "INSUFFICIENT_DATA"]));
    expect(states(stale)).toEqual(new Set(["OK"]));
    expect(states(mistyped)).toEqual(new Set(["ALARM"]));
    expect(states(genuine)).toEqual(new Set(["ALARM"]));
    expect(states(poisoned)).toEqual(new Set(["ALARM", "OK"]));
    expect(forged.flatMap(({ world }) => alarmsOf(world, { StateValue: "ALARM" }))).toEqual([]);
    expect(forged.flatMap(({ world }) => alarmsOf(world, { AlarmNames: ["another"] }))).toEqual([]);
  });

  it("breach by their series where AWS says ALARM of a genuine or a poisoned one", () => {
    const silent = [...poisoned, ...genuine].filter(({ world }) => !world.breaches);

    expect(silent.map(({ name }) => name)).toEqual([]);
  });

  it("are read as alerts of the service, or as unreadable where the numbers are none", () => {
    const wrong = all.filter(({ event, world, alarms }) => {
      const { alerts, unreadable } = readEvent(event, {
        receivedAt: new Date(world.now).toISOString(),
        cluster: world.cluster,
        alarms,
        alertLabels: { cluster: ["ecs_cluster"], service: ["ecs_service"] },
      });
      const isRead = alerts.length === 1 && alerts[0]?.state === "ALARM";
      return !isRead && unreadable.length !== 1;
    });

    expect(wrong.map(({ name }) => name)).toEqual([]);
    expect(genuine.every(({ world }) => world.service === SERVICE)).toBe(true);
  });
});
