import { describe, expect, test } from "vitest";
import { createTrial, judge, outcomeOf } from "./incident-trials.ts";

/** The ports that keep something or change something; around each of their calls, a process dies. */
const KEPT = [
  "store.save",
  "store.actionsSince",
  "store.claim",
  "store.recordAction",
  "notifier.notify",
] as const;

/** Of those that only read, a few of every stage. */
const READ = ["ecs.tasks", "metrics.series", "ecs.task"] as const;

const around = (calls: readonly string[]) => calls.flatMap((call) => [`before:${call}`, `after:${call}`]);

/** What the incident must come to where the kill falls into the action itself; else it is resolved. */
const NOT_DONE = { status: "escalated", changes: 0 };
const EXPECTED: Readonly<Record<string, { status: string; changes: number }>> = {
  "before:store.claim": NOT_DONE,
  "after:store.claim": NOT_DONE,
  "before:store.recordAction": NOT_DONE,
  "after:store.recordAction": NOT_DONE,
  "before:actuator.stopTask": NOT_DONE,
  "before:actuator.setDesiredCount": NOT_DONE,
};

const CASES = [
  ...[...around([...KEPT, "actuator.stopTask"]), ...READ.map((call) => `after:${call}`)].map(
    (killAt, index) =>
      ({ trouble: "leak" as const, killAt, how: index % 2 === 0 ? "resume" : "handle" }) as const,
  ),
  ...around(["store.claim", "actuator.setDesiredCount", "notifier.notify"]).map(
    (killAt, index) =>
      ({ trouble: "spike" as const, killAt, how: index % 2 === 0 ? "handle" : "resume" }) as const,
  ),
];

describe("an incident whose process is killed", () => {
  test.concurrent.each(CASES)("$trouble, $killAt: $how ends it, acted on once at most", async (one) => {
    const trial = createTrial(one.trouble);

    const killed = await trial.start("handle", one.killAt).exit;
    const last = await trial.start(one.how).exit;

    const { status, changes } = EXPECTED[one.killAt] ?? { status: "resolved", changes: 1 };
    expect(killed, killed.errors).toMatchObject({ signal: "SIGKILL" });
    expect(judge(trial, last, 1)).toBeUndefined();
    expect(outcomeOf(last).result.output.status).toBe(status);
    expect(trial.effects().filter(({ what }) => what === "stop" || what === "desire")).toHaveLength(changes);
    if (one.how === "resume") expect(outcomeOf(last).resumed).toBe(1);
  });
});

test("an incident that is killed again and again still ends, acted on once", async () => {
  const trial = createTrial("two-leaks");
  const kills = [
    "after:metrics.series",
    "after:store.actionsSince",
    "after:actuator.stopTask",
    "before:elb.targetHealth",
    "before:notifier.notify",
    "after:notifier.notify",
  ];

  for (const killAt of kills) await trial.start("handle", killAt).exit;
  const last = await trial.start("resume").exit;

  expect(judge(trial, last, kills.length)).toBeUndefined();
  expect(trial.effects().filter(({ what }) => what === "stop").length).toBeLessThanOrEqual(2);
});
