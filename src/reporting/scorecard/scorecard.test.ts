import { describe, expect, it } from "vitest";
import {
  alarmRecord,
  minutesIn,
  restart,
  restarted,
  verified,
  wouldHaveRestarted,
} from "../../../test/samples/scored.ts";
import type { Judgement } from "../../domain/incident/judgement.ts";
import { scorecard } from "./scorecard.ts";
import type { ScoredIncident } from "./scorecard-case.ts";
import { wilsonInterval } from "./scorecard-tally.ts";

const LATER = minutesIn(3 * 24 * 60);

const word = (incidentId: string, verdict: Judgement["verdict"], at = 0): Judgement => ({
  incidentId,
  verdict,
  by: "ana",
  at: minutesIn(at),
  note: "",
});

/** The truths of all cases by incident. */
function truths(incidents: readonly ScoredIncident[], words: readonly Judgement[] = [], now = LATER) {
  return scorecard(incidents, words, now).flatMap(({ cases }) =>
    cases.map(({ incidentId, truth, source }) => [incidentId, truth, source]),
  );
}

/** The truth of the only case. */
const truthOf = (...incidents: ScoredIncident[]) => truths(incidents)[0]?.slice(1);

describe("what was done", () => {
  it.each([
    ["recovered", "right", "verification"],
    ["unchanged", "wrong", "verification"],
    ["worse", "wrong", "verification"],
    ["unknown", "unknown", "nothing"],
    [undefined, "unknown", "nothing"],
  ] as const)("and verified as %s is %s", (outcome, truth, source) => {
    expect(truthOf(restarted(outcome))).toEqual([truth, source]);
  });

  it("does not count where nothing changed", () => {
    expect(
      scorecard([restarted("recovered", { action: { outcome: "nothing-changed" } })], [], LATER),
    ).toEqual([]);
  });

  it("is not known to be right where nobody knows whether it took place", () => {
    expect(truthOf(restarted("recovered", { action: { outcome: "unknown" } }))).toEqual([
      "unknown",
      "nothing",
    ]);
  });

  it("counts each action of an incident by its own verification and cause", () => {
    const first = restarted("recovered", { cause: "cpu-saturation" });
    const incident: ScoredIncident = {
      ...first,
      actions: [restart({ verification: verified("unchanged") }), restart({ action: "scale" })],
      further: {
        evidence: { observedAt: minutesIn(5), onset: minutesIn(0), facts: [], gaps: [], lastLines: [] },
        ...(first.decision === undefined ? {} : { decision: { ...first.decision, cause: "traffic-spike" } }),
      },
    };

    const rows = scorecard([incident], [], LATER);

    expect(rows).toMatchObject([
      { cause: "cpu-saturation", action: "restart", acted: { n: 1, wrong: 1 }, wouldHave: { n: 0 } },
      { cause: "traffic-spike", action: "scale", acted: { n: 1, right: 1 } },
    ]);
  });
});

describe("what would have been done", () => {
  const sick = wouldHaveRestarted();
  const ok = (at: number, alarm?: string) => alarmRecord({ state: "OK", at, ...(alarm ? { alarm } : {}) });
  const again = (at: number, cause: "oom-kill" | "bad-deploy" = "oom-kill") => alarmRecord({ at, cause });

  it("was unneeded if the alarm was OK again soon", () => {
    expect(truthOf(sick, ok(15))).toEqual(["unneeded", "alarm"]);
    expect(truthOf(sick, ok(15.1))).toEqual(["unknown", "nothing"]);
  });

  it("was unneeded then even if the alarm fired again", () => {
    expect(truthOf(sick, ok(10), again(60))).toEqual(["unneeded", "alarm"]);
  });

  it("is not known to be unneeded if OpsAgent did something else on the service meanwhile", () => {
    const other = restarted("recovered", { alarm: "shop-latency", at: 5, cause: "hung-task" });

    expect(truths([sick, ok(10), other])).toContainEqual([sick.id, "unknown", "nothing"]);
    expect(truths([sick, ok(4), other])).toContainEqual([sick.id, "unneeded", "alarm"]);
  });

  it("is no matter of the OK of another alarm, or of an earlier one", () => {
    expect(truthOf(sick, ok(5, "shop-latency"), ok(-5))).toEqual(["unknown", "nothing"]);
  });

  it("tells alarms of one name apart by ARN, and by region", () => {
    const named = (record: ScoredIncident, arn: string | undefined, region?: string): ScoredIncident => ({
      ...record,
      alert: {
        ...record.alert,
        alarm: { name: "shop-memory", ...(arn ? { arn } : {}) },
        ...(region ? { region } : {}),
      },
    });

    expect(truthOf(named(sick, "arn:1"), named(ok(5), "arn:2"))).toEqual(["unknown", "nothing"]);
    expect(truthOf(named(sick, "arn:1"), named(ok(5), "arn:1"))).toEqual(["unneeded", "alarm"]);
    expect(truthOf(named(sick, undefined, "eu"), named(ok(5), undefined, "us"))).toEqual([
      "unknown",
      "nothing",
    ]);
    expect(truthOf(named(sick, "arn:1"), named(ok(5), undefined))).toEqual(["unneeded", "alarm"]);
  });

  it("was right if the alarm fired again within a day and the rules saw the same cause both times", () => {
    expect(truthOf(sick, ok(30), again(24 * 60))).toEqual(["right", "alarm"]);
    expect(truthOf(sick, ok(30), again(24 * 60 + 1))).toEqual(["unknown", "nothing"]);
  });

  it.each([
    ["the rules saw another cause the second time", sick, again(60, "bad-deploy")],
    ["the rules saw no cause the second time", sick, alarmRecord({ at: 60 })],
    ["only a model saw it the second time", sick, alarmRecord({ at: 60, cause: "oom-kill", by: "model" })],
    ["only a model saw it the first time", wouldHaveRestarted({ by: "model" }), again(60)],
    ["the alarm stayed on", sick, alarmRecord({ alarm: "shop-latency" })],
  ])("is unknown if %s", (_, incident, later) => {
    expect(truths([incident, later])).toEqual([[incident.id, "unknown", "nothing"]]);
  });

  it("is compared with the rules' second opinion where a model diagnosed", () => {
    const rules = again(0).diagnosis;
    const byModel = { ...wouldHaveRestarted({ by: "model" }), ...(rules ? { secondOpinion: rules } : {}) };

    expect(truthOf(byModel, again(60))).toEqual(["right", "alarm"]);
  });

  it("is unknown if the rules saw the cause only the second time, when a model had seen it first", () => {
    const rules = alarmRecord({ cause: "unknown" }).diagnosis;
    const byModel = { ...wouldHaveRestarted({ by: "model" }), ...(rules ? { secondOpinion: rules } : {}) };

    expect(truthOf(byModel, again(60))).toEqual(["unknown", "nothing"]);
  });

  it("does not count a note of an alert that joined another incident as firing again", () => {
    expect(truthOf(sick, { ...again(60), joinedTo: "inc-1" })).toEqual(["unknown", "nothing"]);
  });

  it("says why nothing is known yet, or at all", () => {
    const reason = (now: string, ...records: ScoredIncident[]) =>
      scorecard([sick, ...records], [], now)[0]?.cases[0]?.reason;
    const { alarm: _, ...simple } = sick.alert;

    expect(reason(minutesIn(59))).toBe("too early to say");
    expect(reason(minutesIn(60))).toContain("no OK of the alarm in 60 minutes");
    expect(reason(LATER, ok(40))).toContain("OK again only 40 min after");
    expect(scorecard([{ ...sick, alert: simple }], [], LATER)[0]?.cases[0]?.reason).toContain("no alarm");
  });

  it("is unknown beside an action that was made in the same incident", () => {
    expect(truths([{ ...sick, actions: [restart()], verification: verified("recovered") }, ok(5)])).toEqual([
      [sick.id, "right", "verification"],
      [sick.id, "unknown", "nothing"],
    ]);
  });
});

describe("a person's word", () => {
  const sick = wouldHaveRestarted();

  it.each([
    ["right", "right"],
    ["wrong", "wrong"],
    ["unclear", "unknown"],
  ] as const)("%s counts before everything else", (verdict, truth) => {
    const done = restarted("recovered", { id: "inc-done" });
    const words = [word(sick.id, verdict), word(done.id, verdict)];

    expect(truths([sick, done, alarmRecord({ state: "OK", at: 5 })], words)).toEqual([
      ["inc-done", truth, "person"],
      [sick.id, truth, "person"],
    ]);
  });

  it("is replaced by a newer one, and of two from the same moment the worse counts", () => {
    const older = word(sick.id, "wrong", 1);
    const newer = word(sick.id, "right", 2);

    for (const words of [
      [older, newer],
      [newer, older],
    ])
      expect(truths([sick], words)[0]?.[1]).toBe("right");
    for (const words of [
      [word(sick.id, "right", 2), word(sick.id, "wrong", 2)],
      [word(sick.id, "wrong", 2), word(sick.id, "right", 2)],
    ])
      expect(truths([sick], words)[0]?.[1]).toBe("wrong");
  });

  it("on an incident in which nothing was or would have been done adds no row", () => {
    expect(scorecard([alarmRecord({ id: "inc-quiet" })], [word("inc-quiet", "right")], LATER)).toEqual([]);
  });
});

describe("the advice", () => {
  const rowAfter = (right: number, wrong: number) => {
    const incidents = Array.from({ length: right + wrong }, (_, index) =>
      wouldHaveRestarted({ id: `inc-${index}` }),
    );
    const words = incidents.map(({ id }, index) => word(id, index < right ? "right" : "wrong"));
    return scorecard(incidents, words, LATER)[0];
  };

  it.each([
    [19, 0, "keep watching"],
    [20, 0, "ready for auto"],
    [19, 1, "keep watching"],
    [23, 1, "keep watching"],
    [24, 1, "ready for auto"],
    [80, 20, "keep watching"],
  ])("after %d right and %d wrong is %s", (right, wrong, advice) => {
    expect(rowAfter(right, wrong)?.advice).toBe(advice);
  });

  it("rests on what was done and what would have been, together", () => {
    const would = Array.from({ length: 12 }, (_, index) => wouldHaveRestarted({ id: `inc-w${index}` }));
    const done = Array.from({ length: 8 }, (_, index) => restarted("recovered", { id: `inc-d${index}` }));
    const words = would.map(({ id }) => word(id, "right"));

    const [row] = scorecard([...would, ...done], words, LATER);
    const [worse] = scorecard([...would, ...done, restarted("worse", { id: "inc-bad" })], words, LATER);

    expect(row).toMatchObject({ wouldHave: { n: 12 }, acted: { n: 8 }, advice: "ready for auto" });
    expect(worse?.advice).toBe("keep watching");
  });

  // Closed forms: none is right, z² / (n + z²); all are, n / (n + z²); half are, 0.5 ± z / (2 √(n + z²)).
  it.each([
    [0, 10, 0, 0.2775328],
    [5, 10, 0.2365931, 0.7634069],
    [20, 20, 0.8388748, 1],
  ])("knows the interval of %d of %d", (hits, total, low, high) => {
    const interval = wilsonInterval(hits, total);

    expect(interval.low).toBeCloseTo(low, 6);
    expect(interval.high).toBeCloseTo(high, 6);
  });
});
