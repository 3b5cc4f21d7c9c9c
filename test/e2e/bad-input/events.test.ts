/** Events that cannot be read, or that are about nothing this agent may touch. */
import { describe, expect, it } from "vitest";
import { API_KEY, withWorld } from "../../support/agent-world.ts";
import { alarmMessage, snsEvent } from "../../support/alarm-events.ts";
import { expectNoSecret, expectReport } from "../../support/expect-report.ts";

const REMEDY = "docs/reference/events.md shows what is accepted";

describe.concurrent("an event that is not JSON", () => {
  it.each([
    ["text that is no JSON", "(event)", `{"apiKey":"${API_KEY}", broken`],
    ["an empty text", "(event)", ""],
    ["a truncated envelope", "(event)", JSON.stringify(snsEvent(alarmMessage())).slice(0, -40)],
    ["a message that is no JSON", "Records[0].Sns.Message", snsEvent(`{"AlarmName": ${API_KEY}`)],
    ["an empty message", "Records[0].Sns.Message", snsEvent("")],
  ])("%s is reported and kept", (_name, path, event) =>
    withWorld({}, async (world) => {
      const incident = await world.handleOne(event);

      await expectReport(world, incident, {
        status: "failed",
        says: [`${path}: not valid JSON`, REMEDY],
      });
      expect(incident.failures).toMatchObject([{ code: "event-unreadable", stage: "trigger" }]);
      expect(world.aws.connections()).toBe(0);
    })(),
  );
});

describe.concurrent("an event of an unknown shape", () => {
  it.each([
    ["null", null],
    ["nothing at all", undefined],
    ["a number", 42],
    ["a list", [1, 2]],
    ["an empty object", {}],
    ["another service's event", { source: "aws.s3", detail: {} }],
  ])("%s is reported", (_name, event) =>
    withWorld({}, async (world) => {
      const incident = await world.handleOne(event);

      await expectReport(world, incident, {
        status: "failed",
        says: ["(event): of no sender that OpsAgent knows", REMEDY],
      });
    })(),
  );
});

const simple = { service: "shop", metric: "memory", value: 96, threshold: 80 };

describe.concurrent("a field that is missing or bad is named with its path", () => {
  it.each([
    ["Records", { Records: [] }],
    ["Records", { Records: "none" }],
    ["Records[0]", { Records: [null] }],
    ["Records[0].Sns", { Records: [{}] }],
    ["Records[0].Sns.Message", { Records: [{ Sns: {} }] }],
    ["Records[0].Sns.Message", { Records: [{ Sns: { Message: 7 } }] }],
    ["Message", { Message: null }],
    ["Message.value", { Message: JSON.stringify({ ...simple, value: "96" }) }],
    ["Records[0].Sns.Message", snsEvent({ something: "else" })],
    ["Records[0].Sns.Message", snsEvent("[]")],
    ["Records[0].Sns.Message", snsEvent("null")],
    ...["AlarmName", "NewStateValue", "StateChangeTime"].map((field) => [
      `Records[0].Sns.Message.${field}`,
      snsEvent(alarmMessage({ [field]: undefined })),
    ]),
    ["Records[0].Sns.Message.NewStateValue", snsEvent(alarmMessage({ NewStateValue: "BROKEN" }))],
    ["Records[0].Sns.Message.StateChangeTime", snsEvent(alarmMessage({ StateChangeTime: "yesterday" }))],
    ["Records[0].Sns.Message.Trigger.Threshold", snsEvent(alarmMessage({}, { Threshold: "80" }))],
    ["Records[0].Sns.Message.Trigger.Dimensions[0].value", snsEvent(alarmMessage({}, badDimensions()))],
    ...["service", "metric", "value", "threshold"].map((field) => [
      `Records[0].Sns.Message.${field}`,
      snsEvent({ ...simple, [field]: undefined }),
    ]),
    ["Records[0].Sns.Message.service", snsEvent({ ...simple, service: "  " })],
    ["Records[0].Sns.Message.threshold", snsEvent({ ...simple, threshold: null })],
  ] as [string, unknown][])("%s (%#)", (path, event) =>
    withWorld({}, async (world) => {
      const incident = await world.handleOne(event);

      await expectReport(world, incident, {
        status: "failed",
        says: [`could not be read. ${path}: `, REMEDY],
      });
    })(),
  );
});

function badDimensions() {
  return { Dimensions: [{ name: "ClusterName" }] };
}

describe.concurrent("a readable alarm that is nobody's to act on", () => {
  it(
    "one bad record does not keep the good one from being handled",
    withWorld({}, async (world) => {
      const event = snsEvent(`{"AlarmName":`, alarmMessage());

      const incidents = await world.agent.handle(event);

      const [failed, resolved] = incidents.toSorted((one, other) => one.status.localeCompare(other.status));
      expect([failed?.status, resolved?.status]).toEqual(["failed", "resolved"]);
      if (failed === undefined || resolved === undefined) throw new Error("two incidents were expected");
      const mutations = ["StopTask"];
      await expectReport(world, failed, { status: "failed", says: ["Records[0].Sns.Message"], mutations });
      await expectReport(world, resolved, { status: "resolved", says: ["restart"], mutations });
    }),
  );

  it.each([
    ["without dimensions", alarmMessage({}, { Dimensions: [] })],
    ["without a trigger", { ...alarmMessage(), Trigger: undefined }],
    ["on a load balancer", alarmMessage({}, { Dimensions: [{ name: "LoadBalancer", value: "app/x/1" }] })],
  ])("an alarm %s names no service", (_name, message) =>
    withWorld({}, async (world) => {
      const incident = await world.handleOne(snsEvent(message));

      await expectReport(world, incident, {
        status: "escalated",
        says: ["names no ECS service", /Add a pattern for it under \\?"alarms:/],
      });
      expect(world.aws.connections()).toBe(0);
    })(),
  );

  it(
    "an alarm of another cluster is escalated, never corrected",
    withWorld({ env: { ECS_CLUSTER: "production" } }, async (world) => {
      const incident = await world.handleOne(snsEvent(alarmMessage()));

      await expectReport(world, incident, {
        status: "escalated",
        says: [/about cluster \\?"sandbox/, /configured for \\?"production/],
      });
      expect(world.aws.connections()).toBe(0);
    }),
  );

  it(
    "the simple form without a configured cluster says what to set",
    withWorld({ env: { ECS_CLUSTER: undefined } }, async (world) => {
      const incident = await world.handleOne(snsEvent(simple));

      await expectReport(world, incident, {
        status: "escalated",
        says: ["names no cluster, and ECS_CLUSTER"],
      });
    }),
  );

  it.each(["OK", "INSUFFICIENT_DATA"])("a change to %s is noted, with no action and no message", (state) =>
    withWorld({}, async (world) => {
      const incident = await world.handleOne(snsEvent(alarmMessage({ NewStateValue: state })));

      expect(incident).toMatchObject({ status: "observed", actions: [], failures: [] });
      expect(incident.summary).toContain(`The alarm went to ${state}`);
      expect(await world.agent.store.get(incident.id)).toEqual(incident);
      expect(world.slack.posts).toEqual([]);
      expect(world.aws.mutations()).toEqual([]);
      expectNoSecret(world);
    })(),
  );
});
