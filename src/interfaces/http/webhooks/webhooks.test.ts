import { createHmac } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type HttpDesk, openHttpDesk } from "../../../../test/support/http-desk.ts";
import { OpsAgentError } from "../../../domain/errors.ts";

const SECRET = "alerts-secret-of-at-least-24";
const HMAC = "grafana-secret-of-at-least-24";

let desk: HttpDesk;
let events: string[];
let counted: string[];
let fault: Error | undefined;

beforeEach(async () => {
  [events, counted, fault] = [[], [], undefined];
  desk = await openHttpDesk({
    webhooks: { tokens: [{ name: "alerts", secret: SECRET }], snsTopics: [], grafanaSecret: HMAC },
    countWebhook: (webhook, result) => {
      counted.push(`${webhook} ${result}`);
    },
    handle: async (event) => {
      if (fault !== undefined) throw fault;
      events.push(event);
      return { incidents: ["inc-1"] };
    },
  });
});
afterEach(() => desk.close());

/** The shortest event of each sender's form. */
const FORMS: Readonly<Record<string, string>> = {
  eventbridge: '{ "detail-type": "CloudWatch Alarm State Change" }',
  alertmanager: '{ "alerts": [1] }',
  grafana: '{ "alerts": [1], "orgId": 1 }',
};
const post = (path: string, headers: Record<string, string>, body = FORMS[path] ?? "") =>
  desk.request(`/webhooks/${path}`, { method: "POST", headers, body });
const basic = (user: string, password: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
});

describe.each(["eventbridge", "alertmanager", "grafana"])("the webhook %s", (name) => {
  it.each<[string, Record<string, string>]>([
    ["a bearer token", { authorization: `Bearer ${SECRET}` }],
    ["a basic password", basic("alerts", SECRET)],
    ["an API key", { "x-api-key": SECRET }],
  ])("takes an event as it came with %s", async (_, headers) => {
    const answer = await post(name, headers);

    expect(answer).toMatchObject({ status: 202, json: { incidents: ["inc-1"] } });
    expect(events).toEqual([FORMS[name]]);
    expect(counted).toEqual([`${name} accepted`]);
  });

  it.each([
    ...Object.keys(FORMS)
      .filter((other) => other !== name)
      .map((other) => FORMS[other] ?? ""),
    '{ "Records": [{ "Sns": { "Message": "{}" } }], "alerts": [], "detail-type": "" }',
    '{ "Message": "{}" }',
    '{ "alarmData": {} }',
  ])("does not take another sender's form with its secret: %s", async (body) => {
    const answer = await post(name, { "x-api-key": SECRET }, body);

    expect(answer).toMatchObject({ status: 400, json: { remedy: expect.stringContaining("own address") } });
    expect(counted).toEqual([`${name} unreadable`]);
    expect(events).toEqual([]);
  });

  it("takes what it does not know, so that people are told of it", async () => {
    expect((await post(name, { "x-api-key": SECRET }, "{}")).status).toBe(202);
  });

  it.each<[string, Record<string, string>]>([
    ["nothing", {}],
    ["another secret", { authorization: `Bearer ${"x".repeat(28)}` }],
    ["another's name", basic("pager", SECRET)],
    ["a password that is none", { authorization: "Basic ////" }],
    ["half a secret", { "x-api-key": SECRET.slice(0, -1) }],
  ])("refuses %s, logs it and starts nothing", async (_, headers) => {
    const answer = await post(name, headers);

    expect(answer).toMatchObject({ status: 401, json: { code: "unauthorized" } });
    expect(counted).toEqual([`${name} unauthorized`]);
    expect(desk.logged.join()).toContain("http-refused");
    expect(desk.logged.join()).not.toContain(SECRET);
    expect(events).toEqual([]);
  });

  it("refuses what is too large", async () => {
    const answer = await post(name, { "x-api-key": SECRET }, "x".repeat(1_100_000));

    expect(answer.status).toBe(413);
    expect(counted).toEqual([`${name} too-large`]);
    expect(events).toEqual([]);
  });

  it("asks the sender to come again when the event could not be kept", async () => {
    fault = new OpsAgentError({ code: "store-failed", message: "Disk full.", remedy: "Free some." });

    expect((await post(name, { "x-api-key": SECRET })).status).toBe(503);
    expect(counted).toEqual([`${name} failed`]);
  });

  it("takes nothing by GET", async () => {
    expect((await desk.request(`/webhooks/${name}`, { headers: { "x-api-key": SECRET } })).status).toBe(404);
  });
});

describe("Grafana's signature", () => {
  const body = FORMS["grafana"] ?? "";
  const sign = (text: string, secret = HMAC) => createHmac("sha256", secret).update(text).digest("hex");
  const second = () => Math.floor(desk.now().getTime() / 1_000);
  const headers = (signature: string, timestamp?: number) => ({
    "x-grafana-alerting-signature": signature,
    ...(timestamp === undefined ? {} : { "x-grafana-alerting-timestamp": String(timestamp) }),
  });

  it("is enough, with and without a timestamp", async () => {
    const with_ = await post("grafana", headers(sign(`${second()}:${body}`), second()), body);
    const without = await post("grafana", headers(sign(body)), body);

    expect([with_.status, without.status]).toEqual([202, 202]);
  });

  it.each<[string, () => Record<string, string>]>([
    ["another secret's", () => headers(sign(body, "x".repeat(24)))],
    ["of another body", () => headers(sign(`${body} `))],
    ["too old", () => headers(sign(`${second() - 301}:${body}`), second() - 301)],
    ["of another time", () => headers(sign(`${second() - 10}:${body}`), second())],
    ["without the time it was made with", () => headers(sign(`${second()}:${body}`))],
    ["no hex", () => headers("zz".repeat(32))],
    ["half", () => headers(sign(body).slice(0, 32))],
    ["empty", () => headers("")],
  ])("is refused when it is %s", async (_, make) => {
    expect((await post("grafana", make(), body)).status).toBe(401);
    expect(events).toEqual([]);
  });
});

describe("junk", () => {
  it("is told 429 after a while, and keeps nobody out who proves himself", async () => {
    const junk = [];
    for (let at = 0; at < 60; at += 1) junk.push((await post("alertmanager", {})).status);
    const genuine = await post("alertmanager", { "x-api-key": SECRET });
    const refused = await post("alertmanager", {});
    desk.second += 60;
    const later = await post("alertmanager", {});

    expect(junk.slice(0, 40)).toEqual(Array(40).fill(401));
    expect(junk.slice(40)).toEqual(Array(20).fill(429));
    expect(refused.headers.get("retry-after")).toBe("10");
    expect([genuine.status, later.status]).toEqual([202, 401]);
    expect(desk.logged.filter((line) => line.includes("http-junk"))).toHaveLength(1);
  });

  it("that comes byte by byte holds nobody else up", async () => {
    const slow = connect(Number(new URL(desk.url).port), "127.0.0.1");
    await once(slow, "connect");
    slow.write(
      `POST /webhooks/alertmanager HTTP/1.1\r\nhost: x\r\nx-api-key: ${SECRET}\r\ncontent-length: 1000\r\n\r\n{`,
    );

    const answer = await post("alertmanager", { "x-api-key": SECRET });
    slow.destroy();

    expect(answer.status).toBe(202);
    expect(events).toHaveLength(1);
  });
});
