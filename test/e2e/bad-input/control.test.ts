/** The world without bad input: here the agent does act, or none of the other tests could fail. */
import { describe, expect, it } from "vitest";
import { withWorld } from "../../support/agent-world.ts";
import { alarmMessage, cpuAlarmMessage, snsEvent } from "../../support/alarm-events.ts";
import { LEAKING_TASK, MEMORY_FACT } from "../../support/aws-world.ts";
import { expectReport } from "../../support/expect-report.ts";
import { completion, goodAnswer } from "../../support/model-server.ts";

describe.concurrent("without bad input", () => {
  it(
    "a leaking task is restarted, that one only, and the incident is resolved",
    withWorld({}, async (world) => {
      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, {
        status: "resolved",
        says: ["restart"],
        mutations: ["StopTask"],
      });
      expect(world.aws.calls("StopTask")).toMatchObject([{ cluster: "sandbox", task: LEAKING_TASK }]);
      expect(incident.evidence?.gaps).toEqual([]);
      expect(incident.failures).toEqual([]);
    }),
  );

  it(
    "two leaking tasks are restarted, one after the other",
    withWorld({ sickness: "two-leaks" }, async (world) => {
      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, {
        status: "resolved",
        says: ["restart"],
        mutations: ["StopTask", "StopTask"],
      });
    }),
  );

  it(
    "a traffic spike is scaled by two",
    withWorld({ sickness: "traffic" }, async (world) => {
      const incident = await world.handleOne(snsEvent(cpuAlarmMessage()));

      await expectReport(world, incident, {
        status: "resolved",
        says: ["scale"],
        mutations: ["UpdateService"],
      });
      expect(world.aws.calls("UpdateService")).toMatchObject([{ service: "shop", desiredCount: 5 }]);
    }),
  );

  it(
    "a model that is right and sure adds to the confidence",
    withWorld(
      {
        model: [completion(goodAnswer({ cause: "memory-leak", evidence: [MEMORY_FACT], confidence: 0.91 }))],
      },
      async (world) => {
        const incident = await world.handleOne(snsEvent(alarmMessage()));

        await expectReport(world, incident, {
          status: "resolved",
          says: ["restart"],
          mutations: ["StopTask"],
        });
        expect(incident.diagnosis?.by).toBe("rules");
        expect(incident.decision?.confidence.raised?.rule).toBe("model-agrees");
        expect(incident.model?.model).toBe("test/model-1");
      },
    ),
  );
});
