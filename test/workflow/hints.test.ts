/** Triggers that AWS knows no alarm of, or knows otherwise: what is done, and by what recovery is judged. */
import { describe, expect, it } from "vitest";
import type { Alert } from "../../src/domain/alert.ts";
import { factsOf } from "../../src/domain/evidence.ts";
import type { AlarmReading } from "../../src/domain/reading.ts";
import { createSmallWorld, type SmallWorld, type Trouble } from "../support/small-world.ts";
import { startWorkflow } from "../support/workflow.ts";

/** The world's service, told of in the simple form. */
function simpleForm(world: SmallWorld, metric: string): Alert {
  const { alarm: _, ...alert } = world.alert();
  return { ...alert, source: "simple-sns", reported: { metric, value: 99, threshold: 1 } };
}

function worldWith(trouble: Trouble, inAws: (alarm: AlarmReading) => AlarmReading | undefined): SmallWorld {
  const world = createSmallWorld({ trouble });
  const { alarms } = world.readers;
  const alarm = async (name: string) => {
    const found = await alarms.alarm(name);
    return found && inAws(found);
  };
  return { ...world, readers: { ...world.readers, alarms: { ...alarms, alarm } } };
}

describe("the simple form about a real leak", () => {
  it("acts by AWS's own series, and says by what recovery was judged", async () => {
    const { handle, world } = startWorkflow({ trouble: "leak" });

    const incident = await handle(simpleForm(world, "memory"));

    expect(world.changes()).toEqual(["stop a"]);
    expect(incident.status).toBe("resolved");
    expect(incident.verification?.checks).toContainEqual(
      expect.objectContaining({ condition: "series-back-to-normal", met: true }),
    );
    expect(incident.verification?.reason).toContain("AWS knows no alarm behind the message");
  });

  it("is not resolved while that series is as high as before", async () => {
    const { handle, world } = startWorkflow({
      trouble: "leak",
      curable: false,
      policy: { timing: { verifyTimeoutSeconds: 20, replacementTimeoutSeconds: 12 } },
    });

    const incident = await handle(simpleForm(world, "memory"));

    expect(incident.verification?.outcome).toBe("unchanged");
  });
});

describe("an alarm that AWS does not know", () => {
  it("is told, and acts by AWS's own series all the same", async () => {
    const world = worldWith("leak", () => undefined);
    const { handle } = startWorkflow({ world });

    const incident = await handle(world.alert());

    expect(world.changes()).toEqual(["stop a"]);
    expect(incident.status).toBe("resolved");
    const told = incident.evidence && factsOf(incident.evidence, "trigger-difference");
    expect(told?.map(({ data }) => data.field)).toContain("alarm");
  });
});

describe("an alarm that is about something else in AWS", () => {
  it.each<[string, Partial<AlarmReading>]>([
    ["another service", { dimensions: { ClusterName: "production", ServiceName: "reports" } }],
    ["another cluster", { dimensions: { ClusterName: "staging", ServiceName: "shop" } }],
  ])("%s: nothing is done, and it is told", async (_what, dimensions) => {
    const world = worldWith("leak", (alarm) => ({ ...alarm, ...dimensions }));
    const { handle } = startWorkflow({ world });

    const incident = await handle(world.alert());

    expect(world.changes()).toEqual([]);
    expect(incident.status).toBe("escalated");
    expect(incident.decision?.trail).toContainEqual(
      expect.objectContaining({ rule: "alarm-target", outcome: "refuse" }),
    );
  });
});

describe("a message that is stale", () => {
  it("about an alarm that is OK in AWS: nothing is done, and it is told", async () => {
    const world = worldWith("leak", (alarm) => ({
      ...alarm,
      state: "OK",
      stateSince: "2026-01-01T00:00:00.000Z",
    }));
    const { handle } = startWorkflow({ world });

    const incident = await handle(world.alert());

    expect(world.changes()).toEqual([]);
    const told = incident.evidence && factsOf(incident.evidence, "trigger-difference");
    expect(told?.map(({ statement }) => statement)).toContain(
      "The message says state ALARM; AWS has OK since 00:00:00 for alarm shop-alarm.",
    );
  });
});

describe("a composite alarm", () => {
  it("is watched by its part that fires, as AWS has it", async () => {
    const world = worldWith("leak", (alarm) =>
      alarm.name === "part"
        ? alarm
        : { name: alarm.name, state: alarm.state, rule: "ALARM(part) OR ALARM(part)" },
    );
    const { handle } = startWorkflow({ world });
    const { alarm, ...alert } = world.alert();

    const incident = await handle({ ...alert, alarm: { name: alarm?.name ?? "" } });

    const watched =
      incident.evidence && factsOf(incident.evidence, "metric").find(({ data }) => data.isAlarm);
    expect(watched?.data).toMatchObject({ role: "memory", threshold: 80 });
    expect(world.changes()).toEqual(["stop a"]);
    expect(incident.status).toBe("resolved");
  });
});
