/** An invocation that must end before recovery can be proven. */
import { describe, expect, it } from "vitest";
import { withWorld } from "../../support/agent-world.ts";
import { alarmMessage, cpuAlarmMessage, snsEvent } from "../../support/alarm-events.ts";
import { delayed, json } from "../../support/aws-stub-answers.ts";
import { expectReport } from "../../support/expect-report.ts";

const inMilliseconds = (ms: number) => new Date(Date.now() + ms).toISOString();

describe.concurrent("the end of the invocation is near", () => {
  it.each([
    ["a moment away", 600],
    ["already past", -1000],
  ])("%s: a restart is reported as not yet proven", (_name, ms) =>
    withWorld({ timing: { holdChecks: 3, verifyTimeoutSeconds: 20 } }, async (world) => {
      const incident = await world.handleOne(snsEvent(alarmMessage()), inMilliseconds(ms));

      await expectReport(world, incident, {
        status: "escalated",
        says: [/not yet proven|not proven/, "time of this invocation ended"],
        mutations: ["StopTask"],
      });
      expect(world.slack.messages[0]?.text).toContain("not yet proven");
      expect(incident.verification?.outcome).not.toBe("recovered");
    })(),
  );

  it(
    "a scaling is reported as not yet proven",
    withWorld({ sickness: "traffic", timing: { holdChecks: 3 } }, async (world) => {
      const incident = await world.handleOne(snsEvent(cpuAlarmMessage()), inMilliseconds(600));

      await expectReport(world, incident, {
        status: "escalated",
        says: ["time of this invocation ended"],
        mutations: ["UpdateService"],
      });
      expect(world.slack.messages[0]?.text).toContain("not yet proven");
    }),
  );

  it(
    "and the replacement never comes: the wait ends with the invocation",
    withWorld({ timing: { replacementTimeoutSeconds: 60, verifyTimeoutSeconds: 60 } }, async (world) => {
      const began = Date.now();
      world.aws.on("StopTask", (input) => json({ task: { taskArn: input["task"] } }));

      const incident = await world.handleOne(snsEvent(alarmMessage()), inMilliseconds(1500));

      await expectReport(world, incident, {
        status: "escalated",
        says: ["not healthy in time"],
        mutations: ["StopTask"],
      });
      // Not a measure: without the invocation's end it would be the 60 s of the policy.
      expect(Date.now() - began).toBeLessThan(40_000);
    }),
  );

  it(
    "and AWS stops answering: the looks end soon after it",
    withWorld({ timing: { verifyTimeoutSeconds: 60, sourceTimeoutSeconds: 5 } }, async (world) => {
      const began = Date.now();
      world.aws.on("StopTask", (input) => {
        const answer = world.aws.stopTask(input);
        for (const operation of ["DescribeServices", "DescribeTasks", "ListTasks", "GetMetricData"]) {
          world.aws.on(operation, delayed(15_000, json({})));
        }
        return answer;
      });

      const incident = await world.handleOne(snsEvent(alarmMessage()), inMilliseconds(1500));

      await expectReport(world, incident, {
        status: "escalated",
        says: [/could not be read|did not answer/],
        mutations: ["StopTask"],
      });
      expect(Date.now() - began).toBeLessThan(40_000);
    }),
  );
});
