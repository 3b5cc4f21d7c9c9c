import { describe, expect, it } from "vitest";
import { startWorkflow } from "../support/workflow.ts";

describe("a leaking task", () => {
  it("is stopped, replaced, and the recovery proven", async () => {
    const { handle, world, reports } = startWorkflow({ trouble: "leak" });

    const incident = await handle();

    expect({ status: incident.status, summary: incident.summary }).toMatchObject({ status: "resolved" });
    expect(world.changes()).toEqual(["stop a"]);
    expect(incident.diagnosis).toMatchObject({ cause: "memory-leak", action: "restart" });
    expect(incident.actions[0]).toMatchObject({ outcome: "done", after: { stopped: 1 } });
    expect(incident.verification).toMatchObject({ outcome: "recovered", heldLooks: 2 });
    expect(reports).toHaveLength(1);
  });
});
