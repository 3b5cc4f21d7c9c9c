/** A Slack that does not take the message: what may come to take it waits, what never will is a failure; both are said. */
import { describe, expect, it } from "vitest";
import { type World, withWorld } from "../../support/agent-world.ts";
import { alarmMessage, snsEvent } from "../../support/alarm-events.ts";
import { expectNoSecret, expectReport } from "../../support/expect-report.ts";
import type { SlackAnswer } from "../../support/local-slack.ts";

const UNREADABLE = snsEvent("{ broken");

async function expectSlackFailure(
  world: World,
  event: unknown,
  expected: { reason: string; remedy: string; posts: number; waits?: boolean },
): Promise<void> {
  const incident = await world.handleOne(event);

  const reason = expect.stringContaining(expected.reason);
  const failure = {
    stage: "report",
    code: "slack-failed",
    message: reason,
    remedy: expect.stringContaining(expected.remedy),
  };
  if (expected.waits) {
    expect(incident.undelivered).toEqual([
      { channel: "slack-webhook", what: "the report", since: expect.any(String), reason },
    ]);
  } else {
    expect(incident.failures).toContainEqual(failure);
    expect(incident.undelivered).toBeUndefined();
  }
  expect(await world.agent.store.get(incident.id)).toEqual(incident);
  expect(world.slack.posts).toHaveLength(expected.posts);
  const logged = world.log.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(logged).toContainEqual(
    expect.objectContaining({
      level: "error",
      event: "report-failed",
      incident: incident.id,
      ...failure,
      ...(expected.waits ? { state: "waiting" } : {}),
    }),
  );
  expect(world.aws.mutations()).toEqual([]);
  expectNoSecret(world);
}

describe.concurrent("a Slack that", () => {
  it.each([
    [
      "is down",
      { status: 503, body: "down" },
      { reason: "HTTP 503 down", remedy: "slack-status", posts: 4, waits: true },
    ],
    [
      "breaks the connection",
      "reset",
      { reason: "4 tries", remedy: "reaches hooks.slack.com", posts: 4, waits: true },
    ],
    [
      "does not know the webhook",
      { status: 404 },
      { reason: "HTTP 404 no_service", remedy: "Create a new", posts: 1 },
    ],
    [
      "has no such channel",
      { status: 404, body: "channel_not_found" },
      {
        reason: "channel_not_found",
        remedy: "a channel that exists",
        posts: 1,
      },
    ],
    [
      "asks to wait for an hour",
      { status: 429, retryAfter: "3600" },
      {
        reason: "asked to wait 3600 s",
        remedy: "spread the posts",
        posts: 1,
        waits: true,
      },
    ],
  ] as [string, SlackAnswer, { reason: string; remedy: string; posts: number }][])(
    "%s: the record and the log say so",
    (_name, answer, expected) =>
      withWorld({ slack: [answer] }, (world) => expectSlackFailure(world, UNREADABLE, expected))(),
  );

  it(
    "cannot be reached: the address stays secret",
    withWorld(
      {
        env: {
          SLACK_WEBHOOK_URL: "http://127.0.0.1:9/services/T0TESTTEAM/B0TESTHOOK/wEbHoOkT0kEnOfThEtEsT24x",
        },
      },
      (world) =>
        expectSlackFailure(world, UNREADABLE, {
          reason: "4 tries",
          remedy: "reaches hooks.slack.com",
          posts: 0,
          waits: true,
        }),
    ),
  );

  it(
    "asks to wait a second gets the message after it",
    withWorld({ slack: [{ status: 429, retryAfter: "1" }, { status: 200 }] }, async (world) => {
      const began = Date.now();

      const incident = await world.handleOne(UNREADABLE);

      await expectReport(world, incident, { status: "failed", says: ["not valid JSON"] });
      expect(world.slack.posts).toHaveLength(2);
      expect(Date.now() - began).toBeGreaterThanOrEqual(1000);
    }),
  );

  it(
    "is down does not undo what was proven",
    withWorld({ slack: [{ status: 404 }] }, async (world) => {
      const incident = await world.handleOne(snsEvent(alarmMessage()));

      expect(incident).toMatchObject({ status: "resolved", failures: [{ code: "slack-failed" }] });
      expect(await world.agent.store.get(incident.id)).toEqual(incident);
      expect(world.aws.mutations()).toEqual(["StopTask"]);
      expectNoSecret(world);
    }),
  );
});
