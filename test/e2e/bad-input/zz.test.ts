import { describe, it } from "vitest";
import { withWorld } from "../../support/agent-world.ts";
import { alarmMessage, snsEvent } from "../../support/alarm-events.ts";

describe.concurrent("x", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])(
    "x",
    withWorld({}, async (world) => {
      const i = await world.handleOne(snsEvent(alarmMessage()));
      process.stdout.write(
        JSON.stringify(
          [
            i.status,
            i.summary.slice(0, 200),
            i.evidence?.facts.slice(0, 5).map((f) => [f.id, f.statement]),
            i.decision?.confidence,
            i.evidence?.gaps,
          ],
          null,
          1,
        ),
      );
    }),
  );
});
