/** An alarm about a service that does not exist: it costs one read, no model call, and a small record. */
import { expect, it } from "vitest";
import { createSmallWorld } from "../support/small-world.ts";
import { startWorkflow } from "../support/workflow.ts";

it("reads whether it exists, and nothing else; asks no model; and says which name is wrong", async () => {
  const calls: string[] = [];
  let asked = 0;
  const world = createSmallWorld({ trouble: "leak" });
  const ecs = { ...world.readers.ecs, service: async () => undefined };
  const running = startWorkflow({
    world: { ...world, readers: { ...world.readers, ecs } },
    model: () => ({
      ask: async () => {
        asked += 1;
        throw new Error("not to be asked");
      },
    }),
    hook: { before: (call) => void calls.push(call) },
  });

  const incident = await running.handle();

  const reads = calls.filter((call) => /^(ecs|metrics|logs|elb|scaling|alarms|history)\./.test(call));
  expect(reads).toEqual(["ecs.service"]);
  expect(asked).toBe(0);
  expect(incident.status).toBe("escalated");
  expect(incident.evidence?.gaps).toMatchObject([{ code: "service-not-found", source: "service" }]);
  expect(JSON.stringify(incident).length).toBeLessThan(8_000);
  expect(world.changes()).toEqual([]);
});
