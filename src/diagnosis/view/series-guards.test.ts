/** What the shape of a series keeps a detector from saying: each case turns on one condition. */
import { expect, it } from "vitest";
import { ago, type Draft, deployment, metric, packOf, service, task } from "../../../test/samples/facts.ts";
import { diagnoseBySigns } from "../diagnose-by-signs.ts";

type Points = [number, number][];

/** An hour by minutes, oldest first: `value` gets how many minutes ago. */
const hour = (value: (minutesAgo: number) => number): Points =>
  Array.from({ length: 60 }, (_, index) => {
    const minutes = 60 - index;
    return [Date.parse(ago(minutes * 60)), value(minutes)];
  });

const unknown = { cause: "unknown", action: "none" };
const RELEASED_MINUTES = 7;
const release = (data: Parameters<typeof deployment>[0] = {}) =>
  deployment({ secondsBeforeOnset: 120, createdAt: ago(RELEASED_MINUTES * 60), ...data });
const climbs = (before: number) =>
  metric("memory", 95, {
    points: hour((minutes) => (minutes > RELEASED_MINUTES ? before : 95 - minutes)),
    summary: { baseline: 40 },
  });
const twoTasks = [task("a"), task("b")];

/** Rose to `level` twenty minutes ago and has been there since, above the threshold of its alarm. */
const filled = (level: number) =>
  metric("memory", level, {
    isAlarm: true,
    threshold: 50,
    insideThreshold: false,
    points: hour((minutes) => (minutes > 20 ? 30 : level)),
    summary: { baseline: 30, max: level, onset: ago(1200), shape: "step" },
  });

const hot = (points: Points) =>
  metric("cpu", 95, {
    isAlarm: true,
    threshold: 80,
    insideThreshold: false,
    points,
    summary: { baseline: 20 },
  });
const stays = hot(hour((minutes) => (minutes > 5 ? 20 : 95)));
const comesAndGoes = hot(hour((minutes) => (minutes <= 3 || (minutes > 10 && minutes <= 14) ? 95 : 20)));
const cameLongAgo = hot(hour((minutes) => (minutes <= 3 || (minutes > 40 && minutes <= 44) ? 95 : 20)));
const lastsLonger = hot(hour((minutes) => (minutes <= 9 || (minutes > 14 && minutes <= 18) ? 95 : 20)));
const flapping: Draft = {
  kind: "alarm",
  provenance: "control-plane",
  statement: "the alarm flaps",
  data: { name: "shop-cpu", state: "ALARM", flapping: true, recentAlarms: 3 },
};
const slow = metric("latency-p99", 3, { unit: "s" });

const CASES: Readonly<Record<string, { readonly facts: readonly Draft[]; readonly is: object }>> = {
  "memory that climbs in every task since a release goes back with it": {
    facts: [service(), release(), ...twoTasks, climbs(40)],
    is: { cause: "memory-leak", action: "rollback" },
  },
  "memory that was as high before the release is not the release's": {
    facts: [service(), release(), ...twoTasks, climbs(80)],
    is: { cause: "memory-leak", action: "none" },
  },
  "a task of the old revision that may climb as well makes the release doubtful": {
    facts: [service(), release(), task("a"), task("b", { taskDefinition: "shop:6" }), climbs(40)],
    is: { cause: "memory-leak", action: "none" },
  },
  "a deployment that only restarted the tasks brought nothing to go back from": {
    facts: [service(), release({ forced: true }), ...twoTasks, climbs(40)],
    is: { cause: "memory-leak", action: "restart" },
  },
  "memory that climbs with traffic since a release is not rolled back for": {
    facts: [
      service(),
      release(),
      ...twoTasks,
      climbs(40),
      metric("requests", 200, { summary: { baseline: 100 } }),
    ],
    is: unknown,
  },
  "memory that filled up to a level with room is no fault": {
    facts: [service(), filled(60)],
    is: { cause: "no-fault", action: "none" },
  },
  "memory that filled up while answers are late is not said to be well": {
    facts: [service(), filled(60), slow],
    is: unknown,
  },
  "memory that filled up since a release is not said to be well": {
    facts: [service(), filled(60), release({ createdAt: ago(1500), secondsBeforeOnset: 60 })],
    is: unknown,
  },
  "CPU that stays high is saturated": {
    facts: [service(), stays],
    is: { cause: "cpu-saturation" },
  },
  "CPU that comes and goes, and harms nobody, is no fault": {
    facts: [service(), comesAndGoes],
    is: { cause: "no-fault" },
  },
  "CPU that comes and goes while answers are late is neither well nor stuck": {
    facts: [service(), comesAndGoes, slow],
    is: unknown,
  },
  "CPU of an alarm that flaps while answers are late is neither well nor stuck": {
    facts: [service(), stays, flapping, slow],
    is: unknown,
  },
  "CPU that came long ago is another story": {
    facts: [service(), cameLongAgo],
    is: { cause: "cpu-saturation" },
  },
  "CPU that stays for much longer than before is stuck": {
    facts: [service(), lastsLonger],
    is: { cause: "cpu-saturation" },
  },
};

it.each(Object.entries(CASES))("%s", (_name, { facts, is }) => {
  const { cause, action } = diagnoseBySigns(packOf(facts));

  expect({ cause, action }).toMatchObject(is);
});
