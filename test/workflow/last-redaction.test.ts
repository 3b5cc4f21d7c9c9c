/** Words that reach the record only after the evidence was redacted: those of calls that failed. */
import { expect, it } from "vitest";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import { makeSecrets } from "../support/secrets.ts";
import { startWorkflow } from "../support/workflow.ts";

it("secrets in the words of a call that failed are in no record and no report", async () => {
  // People see the addresses of their own network.
  const secrets = makeSecrets(3).filter(({ kind }) => kind !== "own address");
  const words = secrets.map(({ text }) => text).join(" ; ");
  const store = createSqliteStore(":memory:");
  const { handle, reports } = startWorkflow({
    trouble: "leak",
    store,
    hook: {
      after: (call) => {
        if (call.startsWith("actuator.")) throw new Error(`Could not connect: ${words}`);
      },
    },
  });

  const incident = await handle();

  const told = JSON.stringify([incident, reports, await store.get(incident.id)]);
  expect(reports[0]?.actions[0]?.steps[0]?.detail).toContain("Could not connect: ");
  expect(secrets.filter(({ value }) => told.includes(value)).map(({ kind }) => kind)).toEqual([]);
});
