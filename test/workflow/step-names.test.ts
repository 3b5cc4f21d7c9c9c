/** The names and the order of the durable steps: an incident that waits through an upgrade replays by them. */
import { expect, it } from "vitest";
import { startWorkflow } from "../support/workflow.ts";

it("a leak that is mended without anybody goes by these steps", async () => {
  const { engine, handle, world } = startWorkflow({ trouble: "leak" });
  const alert = world.alert();

  await handle(alert);

  const operations = await engine.operations(`incident-${alert.key}`);
  expect(operations.map(({ name }) => name)).toEqual([
    "open",
    "tell-opened",
    "observe",
    "diagnose",
    "decide",
    "tell-decided",
    "hold",
    "reserve",
    "restart-look-0",
    "restart-stop-0",
    "restart-replace-0",
    "tell-acted",
    "verify",
    "tell-verified",
    "remember",
    "finish",
    "report",
  ]);
});
