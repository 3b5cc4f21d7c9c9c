import { expect, it } from "vitest";
import { snsEvent } from "../../../test/support/sns.ts";
import { withoutSelfTests } from "./self-test.ts";

const selfTest = { opsagent: "self-test" };

it("is found as an event of its own and inside an SNS record", () => {
  expect(withoutSelfTests(selfTest)).toEqual({ rest: undefined, selfTests: 1 });
  expect(withoutSelfTests(snsEvent(selfTest))).toEqual({ rest: undefined, selfTests: 1 });
});

it("takes nothing else away", () => {
  const alarm = snsEvent({ service: "shop", metric: "memory", value: 95, threshold: 80 });
  const mixed = { Records: [...snsEvent(selfTest).Records, ...alarm.Records] };

  expect(withoutSelfTests(mixed)).toEqual({ rest: alarm, selfTests: 1 });
  for (const event of [alarm, "text", null, [selfTest], snsEvent("{ not json"), { Records: "x" }]) {
    expect(withoutSelfTests(event)).toEqual({ rest: event, selfTests: 0 });
  }
});
