/** AWS that refuses the action itself, or whose answer to it is lost. */
import { describe, expect, it } from "vitest";
import { withWorld } from "../../support/agent-world.ts";
import { alarmMessage, cpuAlarmMessage, snsEvent } from "../../support/alarm-events.ts";
import { awsError, raw, reset } from "../../support/aws-stub-answers.ts";
import { expectReport } from "../../support/expect-report.ts";

const denied = (action: string) =>
  awsError("AccessDeniedException", {
    message: `User: arn:aws:sts::000000000000:assumed-role/opsagent is not authorized to perform: ${action}`,
  });
const restartOnce = { mutations: ["StopTask"] };
const shortly = { timing: { verifyTimeoutSeconds: 2 } };

describe.concurrent("AWS refuses", () => {
  it(
    "StopTask: the report says that nothing was changed, and what to allow",
    withWorld({}, async (world) => {
      world.aws.on("StopTask", denied("ecs:StopTask"));

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, {
        status: "escalated",
        says: ["AccessDeniedException", "Nothing was changed", "Allow ecs:StopTask"],
        ...restartOnce,
      });
      expect(incident.actions).toMatchObject([
        { outcome: "nothing-changed", steps: [{ outcome: "refused" }] },
      ]);
      expect(world.slack.messages[0]?.text).toContain("Action Taken: None — restart was not carried out");
    }),
  );

  it(
    "UpdateService: the report says that nothing was changed, and what to allow",
    withWorld({ sickness: "traffic" }, async (world) => {
      world.aws.on("UpdateService", denied("ecs:UpdateService"));

      const incident = await world.handleOne(snsEvent(cpuAlarmMessage()));

      await expectReport(world, incident, {
        status: "escalated",
        says: ["AccessDeniedException", "Nothing was changed", "Allow ecs:UpdateService"],
        mutations: ["UpdateService"],
      });
      expect(incident.actions).toMatchObject([{ outcome: "nothing-changed", after: {} }]);
    }),
  );

  it(
    "a throttled StopTask is not repeated",
    withWorld({}, async (world) => {
      world.aws.on("StopTask", awsError("ThrottlingException", { message: "Rate exceeded" }));

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, {
        status: "escalated",
        says: ["ThrottlingException", "Nothing was changed"],
        ...restartOnce,
      });
    }),
  );

  it(
    "the second of two stops: the first one is still told",
    withWorld({ sickness: "two-leaks", ...shortly }, async (world) => {
      world.aws.on("StopTask", world.aws.stopTask, denied("ecs:StopTask"));

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, {
        status: "escalated",
        says: [/partly.done/, "AccessDeniedException"],
        mutations: ["StopTask", "StopTask"],
      });
    }),
  );
});

describe.concurrent("the answer to StopTask is lost", () => {
  it(
    "after it was done: a look afterwards finds it, and nothing is repeated",
    withWorld({}, async (world) => {
      world.aws.on("StopTask", (input) => {
        world.aws.stopTask(input);
        return reset("after-body");
      });

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, {
        status: "resolved",
        says: ["A look afterwards shows that it was done"],
        ...restartOnce,
      });
    }),
  );

  it.each([
    ["before it was done", reset("after-body")],
    ["by a gateway", raw(502, "text/html", "<html>Bad Gateway</html>")],
    ["by a fault of AWS", awsError("ServerException", { status: 500 })],
  ])("%s: a look afterwards shows that nothing was changed", (_name, answer) =>
    withWorld({}, async (world) => {
      world.aws.on("StopTask", answer);

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, {
        status: "escalated",
        says: ["A look afterwards shows that nothing was changed"],
        ...restartOnce,
      });
    })(),
  );

  it(
    "and nobody can tell what became of it: it goes to a person, never repeated and never a success",
    withWorld({ ...shortly, timing: { verifyTimeoutSeconds: 2 } }, async (world) => {
      world.aws.on("StopTask", () => {
        world.aws.on("DescribeTasks", denied("ecs:DescribeTasks"));
        return reset("after-body");
      });

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, {
        status: "escalated",
        says: ["cannot tell whether it was done", "check by hand"],
        ...restartOnce,
      });
      expect(incident.actions).toMatchObject([{ outcome: "unknown" }]);
      expect(incident.summary).not.toContain("restart was done");
      expect(world.slack.messages[0]?.text).toContain("unknown whether it took place");
    }),
  );

  it(
    "a read that fails between two stops loses nothing of the first",
    withWorld({ sickness: "two-leaks", ...shortly }, async (world) => {
      world.aws.on("StopTask", (input) => {
        setTimeout(() => world.aws.on("DescribeTasks", denied("ecs:DescribeTasks")), 0);
        return world.aws.stopTask(input);
      });

      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, {
        status: "escalated",
        says: ["stop task aaaaaaaa", "AccessDeniedException"],
        ...restartOnce,
      });
      expect(incident.actions).toMatchObject([{ action: "restart", after: { stopped: 1 } }]);
    }),
  );
});

describe.concurrent("the answer to UpdateService is lost", () => {
  it.each([
    ["after it was done", true, "resolved", "shows that it was done"],
    ["before it was done", false, "escalated", "shows that nothing was changed"],
  ] as const)("%s", (_name, done, status, says) =>
    withWorld({ sickness: "traffic" }, async (world) => {
      world.aws.on("UpdateService", (input) => {
        if (done) world.aws.updateService(input);
        return reset("after-body");
      });

      const incident = await world.handleOne(snsEvent(cpuAlarmMessage()));

      await expectReport(world, incident, { status, says: [says], mutations: ["UpdateService"] });
    })(),
  );
});
