import { LocalDurableTestRunner } from "@aws/durable-execution-sdk-js-testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CONTEXTS } from "./durable-conformance/contexts.ts";
import { runInEngine, runInTestRunner, type Trace } from "./durable-conformance/runners.ts";
import type { Scenario } from "./durable-conformance/scenario.ts";
import { STEPS } from "./durable-conformance/steps.ts";
import { WAITS } from "./durable-conformance/waits.ts";

describe("the engine leaves what the SDK's own test runner leaves", () => {
  beforeAll(() => LocalDurableTestRunner.setupTestEnvironment({ skipTime: true }));

  afterAll(() => LocalDurableTestRunner.teardownTestEnvironment());

  test.concurrent.each([...STEPS, ...WAITS, ...CONTEXTS])(
    "$title",
    async (scenario) => {
      const expected = await runInTestRunner(scenario);

      const actual = await runInEngine(scenario);

      expect(withoutLeftOvers(actual, scenario)).toEqual(withoutLeftOvers(expected, scenario));
      // All of them share the process and wait in real time: on a machine with other work each takes as long as all.
    },
    240_000,
  );
});

function withoutLeftOvers(trace: Trace, { leftOver = [] }: Scenario): Trace {
  const operations = trace.operations.map((operation) =>
    leftOver.includes(String(operation.name)) ? { ...operation, status: "left over" } : operation,
  );
  return { ...trace, operations };
}
