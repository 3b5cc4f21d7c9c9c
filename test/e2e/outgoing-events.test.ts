import { createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createPagerDuty } from "../../src/adapters/pagerduty/pagerduty.ts";
import { createWebhook } from "../../src/adapters/webhook/webhook.ts";
import { WebhookEvent } from "../../src/domain/incident/webhook-event.ts";
import { webhookEvent } from "../../src/notification/webhook-event.ts";
import { readConfig } from "../../src/wiring/read-config.ts";
import { SAMPLES } from "../samples/every-incident.ts";
import { escalatedIncident } from "../samples/incidents.ts";
import {
  type LocalReceiver,
  type Received,
  type ReceiverAnswer,
  startLocalReceiver,
} from "../support/local-receiver.ts";
import { closing, moment } from "../support/message-book.ts";

let receiver: LocalReceiver;
let url: string;
let received: readonly Received[];
let answers: ReceiverAnswer[];
let slept: number[];

beforeEach(async () => {
  answers = [];
  slept = [];
  receiver = await startLocalReceiver(answers);
  url = `${receiver.url}/secret-path`;
  received = receiver.received;
});
afterEach(() => receiver.close());

const NOTHING: Received = { path: "", headers: {}, body: "" };
const sleep = async (milliseconds: number) => slept.push(milliseconds);
const SECRET = "a-secret-of-more-than-24-characters";
const webhook = (secret = SECRET) =>
  createWebhook({ url, secret, sleep, now: () => 1_764_000_000_500, render: webhookEvent });
const pager = () =>
  createPagerDuty({
    url,
    sleep,
    routingKey: "routing-key",
    minSeverity: "P3",
    renderQuestion: () => ({ body: "" }),
    links: () => [{ label: "Report", url: "https://opsagent.example/incidents/1" }],
  });

it("signs what it sends as Standard Webhooks describes", async () => {
  const raw = Buffer.from("0123456789abcdef0123456789abcdef");
  await webhook(`whsec_${raw.toString("base64")}`).update(closing());

  const [{ headers, body } = NOTHING] = received;
  const signed = `${headers["webhook-id"]}.1764000000.${body}`;
  const expected = createHmac("sha256", raw).update(signed).digest("base64");
  expect(headers["webhook-timestamp"]).toBe("1764000000");
  expect(headers["webhook-signature"]).toBe(`v1,${expected}`);
  expect(headers["webhook-id"]).toBe(JSON.parse(body).id);
});

it("repeats under the same id, and waits as long as it is asked to", async () => {
  answers.push({ status: 429, retryAfter: "7" }, { status: 503 });

  await webhook().update(moment());

  expect(slept).toEqual([7_000, 1_000]);
  expect(new Set(received.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  expect(received).toHaveLength(3);
});

it.each([
  [400, 1],
  [500, 4],
])("gives up on %i after %i tries, without a word of its address", async (status, tries) => {
  answers.push(...Array.from({ length: 4 }, () => ({ status })));

  const error = await webhook()
    .update(moment())
    .catch((thrown: unknown) => thrown);

  expect(received).toHaveLength(tries);
  expect(error).toMatchObject({ code: "webhook-failed" });
  expect(String((error as Error).message)).not.toContain("secret-path");
});

it.each(Object.entries(SAMPLES))("has an event by its schema for every incident: %s", (_, sample) => {
  const event = webhookEvent(closing({ incident: sample() }), "https://opsagent.example/incidents/1");

  expect(WebhookEvent.safeParse(event).error).toBeUndefined();
  expect(WebhookEvent.parse(event)).toEqual(event);
});

it("pages with the incident's id as the key, and ends the page under the same one", async () => {
  const incident = { ...escalatedIncident(), severity: "P1" as const, summary: "x".repeat(5_000) };
  answers.push({ status: 500 });
  await pager().page(incident);
  await pager().resolvePage(incident.id);

  const [, trigger, resolve] = received.map(({ body }) => JSON.parse(body));
  expect(trigger).toMatchObject({
    routing_key: "routing-key",
    event_action: "trigger",
    dedup_key: incident.id,
    payload: { severity: "critical", custom_details: { cause: incident.diagnosis?.cause } },
    links: [{ href: "https://opsagent.example/incidents/1", text: "Report" }],
  });
  expect(trigger.payload.summary.length).toBeLessThanOrEqual(1_024);
  expect(resolve).toEqual({ routing_key: "routing-key", event_action: "resolve", dedup_key: incident.id });
});

it("wakes nobody below the severity that is set, and does not repeat a refusal", async () => {
  await pager().page({ ...escalatedIncident(), severity: "P4" });
  expect(received).toEqual([]);
  answers.push({ status: 400 });

  const error = await pager()
    .page(escalatedIncident())
    .catch((thrown: unknown) => thrown);

  expect(error).toMatchObject({ code: "pagerduty-failed" });
  expect(received).toHaveLength(1);
});

it("takes no address without encryption, and no half of a pair", () => {
  const problems = (overrides: Record<string, string>) => {
    const result = readConfig({ overrides });
    return result.ok ? [] : result.problems;
  };

  expect(problems({ OPSAGENT_WEBHOOK_URL: "http://example.com", OPSAGENT_WEBHOOK_SECRET: SECRET })).toEqual([
    "OPSAGENT_WEBHOOK_URL: must be https, or http on this machine",
  ]);
  expect(
    problems({ OPSAGENT_WEBHOOK_URL: "http://localhost.evil.example", OPSAGENT_WEBHOOK_SECRET: SECRET }),
  ).toHaveLength(1);
  expect(problems({ OPSAGENT_WEBHOOK_URL: "https://example.com" })).toEqual([
    "OPSAGENT_WEBHOOK_SECRET: is needed where OPSAGENT_WEBHOOK_URL is set; unset both to do without the webhook",
  ]);
  expect(problems({ OPSAGENT_WEBHOOK_URL: "http://127.0.0.1:9", OPSAGENT_WEBHOOK_SECRET: SECRET })).toEqual(
    [],
  );
});
