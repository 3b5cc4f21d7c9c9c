import { expect, it } from "vitest";
import { createSmallWorld } from "../../test/support/small-world.ts";
import type { Alert } from "../domain/alert.ts";
import type { AlarmReading } from "../domain/reading.ts";
import { executionName } from "../workflow/execution-name.ts";
import { createPrecedence } from "./precedence.ts";

const alertOf = (service: string): Alert => ({
  ...createSmallWorld({ trouble: "leak" }).alert({ key: `alarm of ${service}` }),
  target: { cluster: "production", service },
});

function precedenceOf(
  given: { named?: string[]; alarmed?: string[]; earlier?: object[]; fails?: boolean } = {},
) {
  let reads = 0;
  const precedence = createPrecedence({
    named: given.named ?? [],
    firingAlarms: {
      firing: async () => {
        reads += 1;
        if (given.fails) throw new Error("denied");
        return (given.alarmed ?? []).map(
          (ServiceName): AlarmReading => ({ name: ServiceName, state: "ALARM", dimensions: { ServiceName } }),
        );
      },
    },
    store: { summaries: async () => ({ summaries: (given.earlier ?? []) as never }) },
  });
  const waits = async (service: string) => {
    precedence.note(alertOf(service));
    await new Promise((resolve) => setImmediate(resolve));
    return precedence.canWait(executionName(alertOf(service)));
  };
  return { precedence, waits, reads: () => reads };
}

it("lets wait only whom neither policy, nor AWS's alarms, nor earlier incidents know", async () => {
  const earlier = [
    { service: "mended", actions: [{}], cause: "unknown" },
    { service: "explained", actions: [], cause: "memory-leak" },
    { service: "made-up-before", actions: [], cause: "unknown" },
  ];
  const { waits } = precedenceOf({ named: ["in-policy"], alarmed: ["alarmed"], earlier });

  expect(await waits("made-up")).toBe(true);
  expect(await waits("made-up-before")).toBe(true);
  for (const known of ["in-policy", "alarmed", "mended", "explained"]) expect(await waits(known)).toBe(false);
});

it("reads the alarms once in a while, however many names come", async () => {
  const { waits, reads } = precedenceOf();
  for (let index = 0; index < 100; index += 1) await waits(`made-up-${index}`);

  expect(reads()).toBe(1);
});

it("lets nothing wait that it was not told of, and works without alarms", async () => {
  const { precedence, waits } = precedenceOf({ fails: true });

  expect(precedence.canWait("of an earlier process")).toBe(false);
  expect(await waits("made-up")).toBe(true);
});
