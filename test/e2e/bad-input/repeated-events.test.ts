/** The same alarm twice, and two alarms at once: one action at the most. */
import { describe, expect, it } from "vitest";
import { withWorld } from "../../support/agent-world.ts";
import { alarmMessage, snsEvent } from "../../support/alarm-events.ts";
import { ACCOUNT } from "../../support/aws-world.ts";
import { expectNoSecret } from "../../support/expect-report.ts";

const otherAlarm = () =>
  alarmMessage({
    AlarmName: "shop-memory-critical",
    AlarmArn: `arn:aws:cloudwatch:${ACCOUNT}:alarm:critical`,
  });

describe.concurrent("the same event twice", () => {
  it(
    "one after the other is one incident, one action, one message",
    withWorld({}, async (world) => {
      const event = snsEvent(alarmMessage());

      const first = await world.handleOne(event);
      const second = await world.handleOne(event);

      expect(second).toEqual(first);
      expect(world.aws.mutations()).toEqual(["StopTask"]);
      expect(world.slack.posts).toHaveLength(1);
      expect(await world.agent.store.list()).toHaveLength(1);
      expectNoSecret(world);
    }),
  );

  it(
    "at the same moment is one incident, one action, one message",
    withWorld({}, async (world) => {
      const event = snsEvent(alarmMessage());

      const [first, second] = await Promise.all([world.handleOne(event), world.handleOne(event)]);

      expect(second).toEqual(first);
      expect(world.aws.mutations()).toEqual(["StopTask"]);
      expect(world.slack.posts).toHaveLength(1);
    }),
  );

  it(
    "as two records of one envelope is one incident, one action, one message",
    withWorld({}, async (world) => {
      const message = alarmMessage();

      const incidents = await world.agent.handle(snsEvent(message, message));

      expect(new Set(incidents.map(({ id }) => id)).size).toBe(1);
      expect(world.aws.mutations()).toEqual(["StopTask"]);
      expect(world.slack.posts).toHaveLength(1);
    }),
  );
});

describe.concurrent("two alarms of one service", () => {
  it.each(["in one envelope", "in two events"])("%s at the same moment: one incident, one action", (how) =>
    withWorld({ timing: { verifyTimeoutSeconds: 3 } }, async (world) => {
      const events =
        how === "in one envelope"
          ? [snsEvent(alarmMessage(), otherAlarm())]
          : [snsEvent(alarmMessage()), snsEvent(otherAlarm())];

      const incidents = (await Promise.all(events.map((event) => world.agent.handle(event)))).flat();

      expect(new Set(incidents.map(({ id }) => id)).size).toBe(1);
      expect(world.aws.mutations()).toEqual(["StopTask"]);
      expect(world.slack.messages).toHaveLength(1);
      for (const incident of incidents) expect(await world.agent.store.get(incident.id)).toEqual(incident);
    })(),
  );

  it(
    "one after the other: the second is held by the cooldown",
    withWorld({}, async (world) => {
      await world.handleOne(snsEvent(alarmMessage()));

      const second = await world.handleOne(snsEvent(otherAlarm()));

      expect(second.status).not.toBe("failed");
      expect(world.aws.mutations()).toEqual(["StopTask"]);
    }),
  );
});
