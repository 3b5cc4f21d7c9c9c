import { describe, expect, it } from "vitest";
import { readEvent } from "../../read-event.ts";
import { foreignForm } from "../../webhook-forms.ts";
import { examples as alertmanagerExamples } from "../alertmanager/examples.ts";
import { examples as eventbridgeExamples } from "../eventbridge-alarm/examples.ts";

const context = { receivedAt: "2026-11-23T07:00:02.000Z", cluster: "production", alarms: [] };
const published = (event: unknown) => ({ Message: JSON.stringify(event), Timestamp: "2026-11-23T07:00:01Z" });

describe("an SNS message that another sender published", () => {
  it("is read as that sender's: an EventBridge rule may have a topic as its target", () => {
    const [event] = eventbridgeExamples.map((one) => one.event);

    const through = readEvent(published(event), context);

    expect(through.alerts).toEqual(readEvent(event, context).alerts);
    expect(through.alerts).toHaveLength(1);
  });

  it("may hold several alerts, and a bad field's path leads into the message", () => {
    const group = structuredClone(alertmanagerExamples[0]?.event) as { alerts: Record<string, unknown>[] };
    group.alerts.push({ status: "firing", labels: {}, startsAt: "yesterday" });

    const { alerts, unreadable } = readEvent({ Records: [{ Sns: published(group) }] }, context);

    expect(alerts).toHaveLength(2);
    expect(unreadable.map(({ path }) => path)).toEqual(["Records[0].Sns.Message.alerts[2].startsAt"]);
  });

  it("is no SNS message inside an SNS message", () => {
    const { unreadable } = readEvent(published(published({ service: "shop" })), context);

    expect(unreadable.map(({ path }) => path)).toEqual(["Message"]);
  });
});

describe("a queue between the topic and OpsAgent", () => {
  const queued = (body: unknown) => ({ Records: [{ messageId: "m", body: JSON.stringify(body) }] });
  const [alarm] = eventbridgeExamples.map((one) => one.event);

  it("holds the notification, or its message alone with raw delivery", () => {
    const direct = readEvent(alarm, context).alerts;

    expect(readEvent(queued({ Type: "Notification", ...published(alarm) }), context).alerts).toEqual(direct);
    expect(readEvent(queued(alarm), context).alerts).toEqual(direct);
    expect(direct).toHaveLength(1);
  });

  it("is told with the path where it cannot be read", () => {
    const record = { messageId: "m", body: "{" };

    expect(readEvent({ Records: [record] }, context).unreadable.map(({ path }) => path)).toEqual([
      "Records[0].body",
    ]);
  });
});

describe("what stands between the topic and OpsAgent", () => {
  const [alarm] = eventbridgeExamples.map((one) => one.event);
  const direct = readEvent(alarm, context).alerts;
  const record = { messageId: "m", body: JSON.stringify({ Type: "Notification", ...published(alarm) }) };
  const failed = (requestPayload: unknown) => ({
    version: "1.0",
    requestContext: { condition: "RetriesExhausted" },
    requestPayload,
  });

  it.each([
    ["a pipe's batch, a bare list of records", [record]],
    [
      "a pipe that gives a record to a bus",
      { "detail-type": "Event from aws:sqs", source: "Pipe x", detail: record },
    ],
    ["a function's failure destination", failed({ Records: [{ Sns: published(alarm) }] })],
    ["the same with an event that no topic was before", failed(alarm)],
    [
      "the same behind a queue",
      { Records: [{ body: JSON.stringify(failed({ Records: [{ Sns: published(alarm) }] })) }] },
    ],
  ])("may be %s", (_case, event) => {
    expect(readEvent(event, context).alerts).toEqual(direct);
    expect(readEvent(JSON.stringify(event), context).alerts).toEqual(direct);
  });

  it("may not be nested without an end", () => {
    const nested = failed({
      Records: [{ Sns: published(failed({ Records: [{ Sns: published(alarm) }] })) }],
    });

    expect(readEvent(nested, context)).toMatchObject({ alerts: [], unreadable: [{}] });
  });

  it("opens no form to a webhook that takes another's", () => {
    for (const event of [
      [record],
      failed({ Records: [] }),
      { "detail-type": "Event from aws:sqs", detail: record },
    ]) {
      expect(foreignForm("grafana", JSON.stringify(event))).toBe("Amazon SNS");
    }
  });
});

describe("words that are no JSON", () => {
  const said = (Message: string) => readEvent({ Message }, context);

  it("of AWS Backup are noted", () => {
    expect(said("An AWS Backup job was completed successfully. BackupJob ID : 1b23")).toMatchObject({
      unreadable: [],
      noted: [{ what: expect.stringContaining("AWS Backup job was completed") }],
    });
  });

  it("of Alertmanager are told as its plain text, with what to change", () => {
    expect(said("[FIRING:1] ShopMemoryHigh (production web critical)").unreadable).toEqual([
      { path: "Message", message: expect.stringMatching(/plain text.*template to JSON/) },
    ]);
    expect(said("[{x").unreadable[0]?.message).toContain("not valid JSON");
  });
});
