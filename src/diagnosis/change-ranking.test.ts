import { describe, expect, it } from "vitest";
import {
  ago,
  type Draft,
  deployment,
  metric,
  NOW,
  packOf,
  service,
  stops,
} from "../../test/samples/facts.ts";
import type { FactOf } from "../domain/evidence.ts";
import { rankChanges } from "./change-ranking.ts";

/** The onset of these packs is 300 s ago; this is so many seconds before it. */
const secondsEarlier = (seconds: number) => ago(300 + seconds);

const deployed = (
  taskDefinition: string,
  seconds: number,
  data: Partial<FactOf<"deployment">["data"]> = {},
) => deployment({ taskDefinition, createdAt: secondsEarlier(seconds), ...data });

const finished = (
  taskDefinition: string,
  seconds: number,
  data: Partial<FactOf<"finished-deployment">["data"]> = {},
): Draft => ({
  kind: "finished-deployment",
  provenance: "control-plane",
  statement: "a deployment that ended",
  data: {
    id: "d",
    status: "SUCCESSFUL",
    taskDefinition,
    failedTasks: 0,
    circuitBreakerTriggered: false,
    startedAt: secondsEarlier(seconds),
    ...data,
  },
});

const diff = (to: string, ...what: string[]): Draft => ({
  kind: "task-definition-diff",
  provenance: "control-plane",
  statement: "a difference",
  data: { from: "shop:1", to, changes: what.map((name) => ({ what: name, before: "a", after: "b" })) },
});

const change = (seconds: number, data: Partial<FactOf<"change">["data"]> = {}): Draft => ({
  kind: "change",
  provenance: "control-plane",
  at: secondsEarlier(seconds),
  statement: "somebody changed something",
  data: {
    event: "RevokeSecurityGroupEgress",
    service: "ec2",
    area: "network",
    who: "deployer",
    resources: [],
    parameters: {},
    aboutService: false,
    secondsBeforeOnset: seconds,
    ...data,
  },
});

const memoryAlarm = metric("memory", 95, { label: "MemoryUtilization", isAlarm: true });
const errorAlarm = metric("errors-5xx", 40, { label: "HTTPCode_Target_5XX_Count", isAlarm: true });
const order = (drafts: readonly Draft[]) => rankChanges(packOf(drafts)).map(({ factId }) => factId);

describe("changes", () => {
  it("nearer to the onset come first among equals", () => {
    expect(order([errorAlarm, finished("shop:7", 2000), finished("shop:8", 40)])).toEqual(["E3", "E2"]);
  });

  it("after the onset never explain it, however guilty they look", () => {
    const late = deployed("shop:9", -30, { failedTasks: 9 });
    const ranked = rankChanges(packOf([errorAlarm, late, change(3000)]));

    expect(ranked.map(({ factId }) => factId)).toEqual(["E3", "E2"]);
    expect(ranked[1]).toMatchObject({ canExplain: false, score: 0, secondsBeforeOnset: -30 });
    expect(ranked[1]?.why).toContain("after the onset");
  });

  it("that began in the metric's own period of the onset may have come first", () => {
    const found = metric("errors-5xx", 40, {
      label: "HTTPCode_Target_5XX_Count",
      isAlarm: true,
      summary: { onset: ago(300) },
    });

    const [ranked, late] = rankChanges(packOf([found, change(-30), change(-61)]));

    expect(ranked).toMatchObject({ factId: "E2", canExplain: true, secondsBeforeOnset: -30 });
    expect(late).toMatchObject({ factId: "E3", canExplain: false });
  });

  it.each([
    ["30 s before the guilty one", 70, 40],
    ["30 s after the guilty one", 40, 70],
  ])("an innocent deployment %s stands behind it: only the other's tasks fail", (_name, innocent, guilty) => {
    const drafts = [
      errorAlarm,
      finished("shop:7", innocent),
      finished("shop:8", guilty),
      stops("crashed", { taskDefinition: "shop:8", count: 4, lastAt: ago(200) }),
    ];

    const ranked = rankChanges(packOf(drafts));

    expect(ranked[0]).toMatchObject({ factId: "E3" });
    expect(ranked[0]?.why).toContain("4 of its tasks failed");
  });

  it.each([
    ["a forced restart nearer to the onset", finished("shop:8", 10, { forced: true })],
    ["a permission changed elsewhere", change(10, { area: "permission", event: "PutRolePolicy" })],
    ["a deployment that only changed the health check", undefined],
  ])("%s stands behind the deployment that touches what fails", (_name, innocent) => {
    const drafts = [
      memoryAlarm,
      deployed("shop:8", 60),
      diff("shop:8", "task memory"),
      innocent ?? change(10, { area: "load-balancing", event: "ModifyTargetGroup", aboutService: true }),
    ];

    expect(order(drafts)[0]).toBe("E2");
    expect(order(drafts).at(-1)).toBe("E4");
  });

  it("a restart whose tag brought another image is no mere restart", () => {
    const drafts = [
      errorAlarm,
      deployed("shop:8", 60, { forced: true, imageChanged: true }),
      change(30, { aboutService: true, area: "scaling", event: "PutScalingPolicy" }),
    ];

    const [first] = rankChanges(packOf(drafts));

    expect(first).toMatchObject({ factId: "E2", why: expect.stringContaining("another image") });
  });

  it("without a usable time are left out", () => {
    const { createdAt: _, ...data } = (deployed("shop:8", 60) as FactOf<"deployment">).data;

    expect(order([service(), deployment(data)])).toEqual([]);
  });

  it("are all of the kinds that change something, and nothing else", () => {
    const scaling: Draft = {
      kind: "scaling-activity",
      provenance: "control-plane",
      at: NOW,
      statement: "scaled",
      data: { description: "Setting desired count to 6.", cause: "", status: "Successful" },
    };

    expect(order([service(), memoryAlarm, scaling, change(5), diff("shop:7", "image")])).toHaveLength(2);
  });
});
