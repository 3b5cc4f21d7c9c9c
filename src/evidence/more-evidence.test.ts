/** What a further read gives leaves no secret behind, wherever a stranger or an operator has put it. */
import { describe, expect, it } from "vitest";
import { alarmReadingOf } from "../../test/support/alarm-reading.ts";
import { dependenciesOf } from "../../test/support/dependencies.ts";
import { createSmallWorld } from "../../test/support/small-world.ts";
import type { IncidentStore } from "../domain/ports.ts";
import type { Point } from "../domain/reading.ts";
import { type MoreRequest, readMore } from "./more-evidence.ts";
import type { EvidenceContext } from "./source.ts";

const SECRET = "hunter22xYq9";
const NOW = Date.parse("2026-11-23T07:00:00.000Z");

/** Reads further about a service whose alarm has a secret in the name of its metric. */
async function read(request: MoreRequest, readers: Partial<EvidenceContext["readers"]>) {
  const world = createSmallWorld({ trouble: "leak" });
  const { policy } = dependenciesOf(world, {} as IncidentStore, {});
  const alert = world.alert();
  if (alert.target === undefined || alert.alarm?.metric === undefined)
    throw new Error("The small world's alert names its target and its metric.");
  const metric = { ...alert.alarm.metric, namespace: "Shop", name: `Orders password=${SECRET}` };
  const watching = { ...alert.alarm, metric };
  const context: EvidenceContext = {
    alert,
    target: alert.target,
    timing: policy.timing,
    logGroupPrefix: "/ecs/",
    now: NOW,
    onset: NOW - 60_000,
    readers: {
      ...world.readers,
      alarms: { ...world.readers.alarms, alarm: async () => alarmReadingOf({ ...alert, alarm: watching }) },
      ...readers,
    },
  };
  return readMore(context, [request], 6);
}

describe("a secret is taken out", () => {
  it("of the fact that a further read of a metric gives", async () => {
    const points = Array.from({ length: 60 }, (_, minute): Point => ({ t: NOW - minute * 60_000, v: 5 }));
    const { facts } = await read(
      { read: "metric", role: "alarm", window: "3h" },
      { metrics: { series: async (queries) => new Map(queries.map(({ id }) => [id, points.toReversed()])) } },
    );

    expect(facts).toMatchObject([{ id: "E7", kind: "metric", provenance: "memory" }]);
    expect(facts[0]?.statement).toContain("Orders password=[redacted:password]");
    expect(JSON.stringify(facts)).not.toContain(SECRET);
  });

  it("of the words of a source that could not be read", async () => {
    const { gaps } = await read(
      { read: "older-window", minutes: 30 },
      {
        logs: {
          lines: () => {
            throw new Error(`The proxy refused password=${SECRET}`);
          },
        },
      },
    );

    expect(gaps).toMatchObject([{ source: "more-older-window" }]);
    expect(gaps[0]?.message).toContain("The proxy refused password=[redacted:password]");
  });
});
