import { createHmac } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { handle } from "hono/aws-lambda";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readEvent } from "../../src/ingestion/read-event.ts";
import { ecsEvent } from "../../src/ingestion/senders/ecs-event/sender.ts";
import { eventbridgeAlarm } from "../../src/ingestion/senders/eventbridge-alarm/sender.ts";
import { createHttpApp } from "../../src/interfaces/http/app.ts";
import { scaleQuestion } from "../samples/approvals.ts";
import { ALLOWED_POLICY, answersOf, brakeOf, openDesk } from "../support/approval-desk.ts";
import {
  type HttpDesk,
  openHttpDesk,
  PAGER_SECRET,
  READER_SECRET,
  SIGNING_SECRET,
} from "../support/http-desk.ts";
import { pressOf, slackPress } from "../support/slack-press.ts";
import { createSnsSender, type SnsSender, TOPIC } from "../support/sns-sender.ts";

/** At every door: what was authenticated and what is acted on are the same bytes. */

const SECRET = "alerts-secret-of-at-least-24";
const HMAC = "grafana-secret-of-at-least-24";
const question = scaleQuestion();
const APPROVE = `/incidents/${question.incidentId}/approve`;

let desk: HttpDesk;
let sns: SnsSender;
let events: string[];
let senders: string[];

beforeEach(async () => {
  [events, senders] = [[], []];
  sns = createSnsSender(() => desk?.now() ?? new Date("2026-11-23T07:00:00Z"));
  desk = await openHttpDesk({
    webhooks: {
      tokens: [{ name: "alerts", secret: SECRET }],
      snsTopics: [TOPIC],
      snsIssuer: sns.root.certificate,
      grafanaSecret: HMAC,
    },
    handle: async (event, { name, address }) => {
      events.push(event);
      senders.push(`${name} at ${address}`);
      return { incidents: ["inc-1"] };
    },
    fetch: (url, init) => sns.fetch(url, init),
  });
  await desk.store.ask(question);
});
afterEach(() => desk.close());

const answerOf = async () => (await desk.store.approval(question.id))?.answer;
const second = () => Math.floor(desk.now().getTime() / 1_000);

interface Sent {
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | Buffer;
}

/** Sends exactly these bytes, headers twice where they are listed twice, and returns the status. */
async function raw({ path, headers, body }: Sent): Promise<number> {
  const bytes = Buffer.from(body);
  const framed = headers.some(([name]) => name === "transfer-encoding")
    ? Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n0\r\n\r\n")])
    : bytes;
  const length = headers.some(([name]) => name === "transfer-encoding")
    ? []
    : [["content-length", String(bytes.length)] as const];
  const socket = connect(Number(new URL(desk.url).port), "127.0.0.1").on("error", () => undefined);
  await once(socket, "connect");
  const lines = [["host", "x"], ...length, ["connection", "close"], ...headers].map((one) => one.join(": "));
  socket.write(
    Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`), framed]),
  );
  const answer = (await socket.setEncoding("latin1").toArray()).join("");
  return Number(answer.slice(9, 12));
}

type Headers = Sent["headers"];

/** A genuine request of each door, its headers, and what has happened once it was taken. */
interface DoorCase {
  readonly path: string;
  /** Under which name the policy binds who proved himself here. */
  readonly sender?: string;
  make(): { readonly headers: Headers; readonly body: string };
  acted(): Promise<boolean>;
}
const taken = async () => events.length > 0;
const answered = async () => (await answerOf()) !== undefined;
const json = (secret: string): Headers => [
  ["content-type", "application/json"],
  ["authorization", `Bearer ${secret}`],
];
const DOORS: Readonly<Record<string, DoorCase>> = {
  sns: {
    path: "/webhooks/sns",
    sender: `${TOPIC} at sns`,
    make: () => ({
      headers: [["x-amz-sns-topic-arn", TOPIC]],
      body: JSON.stringify(sns.message()),
    }),
    acted: taken,
  },
  eventbridge: {
    path: "/webhooks/eventbridge",
    sender: "alerts at eventbridge",
    make: () => ({
      headers: [["x-api-key", SECRET]],
      body: '{"detail-type":"CloudWatch Alarm State Change"}',
    }),
    acted: taken,
  },
  alertmanager: {
    path: "/webhooks/alertmanager",
    sender: "alerts at alertmanager",
    make: () => ({ headers: json(SECRET), body: '{"alerts":[1]}' }),
    acted: taken,
  },
  grafana: {
    path: "/webhooks/grafana",
    sender: "grafana at grafana",
    make: () => {
      const body = '{"alerts":[1],"orgId":1}';
      const signature = createHmac("sha256", HMAC).update(body).digest("hex");
      return { headers: [["x-grafana-alerting-signature", signature]], body };
    },
    acted: taken,
  },
  slack: {
    path: "/slack/actions",
    make: () => {
      const press = slackPress({ secret: SIGNING_SECRET, timestamp: second(), value: pressOf(question) });
      return { headers: Object.entries(press.headers), body: press.body };
    },
    acted: answered,
  },
  "the API's events": {
    path: "/events",
    sender: "pager at events",
    make: () => ({ headers: json(PAGER_SECRET), body: '{"alerts":[1]}' }),
    acted: taken,
  },
  "the API's answers": {
    path: APPROVE,
    make: () => ({ headers: json(PAGER_SECRET), body: JSON.stringify({ planHash: question.planHash }) }),
    acted: answered,
  },
};

describe.each(Object.entries(DOORS))("at the door of %s", (_, door) => {
  it("a genuine request is taken, in one piece and in chunks", async () => {
    const { headers, body } = door.make();

    expect(
      await raw({ path: door.path, headers: [...headers, ["transfer-encoding", "chunked"]], body }),
    ).toBeLessThan(300);
    expect(await door.acted()).toBe(true);
    expect(senders).toEqual(door.sender === undefined ? [] : [door.sender]);
  });

  it.each(["gzip", "br", "deflate", "gzip, identity"])(
    "a body under %s is not unpacked",
    async (encoding) => {
      const { headers, body } = door.make();
      const sent = { path: door.path, headers: [...headers, ["content-encoding", encoding] as const] };

      expect(await raw({ ...sent, body: gzipSync(body) })).toBe(415);
      expect(await raw({ ...sent, body })).toBe(415);
      expect(await door.acted()).toBe(false);
    },
  );

  it("a length beside chunks is no request", async () => {
    const { headers, body } = door.make();
    const both: Headers = [...headers, ["content-length", "3"], ["transfer-encoding", "chunked"]];

    expect(await raw({ path: door.path, headers: both, body })).toBe(400);
    expect(await door.acted()).toBe(false);
  });

  it("what proves it does not count when it is sent twice", async () => {
    const { headers, body } = door.make();
    const proof = headers.filter(([name]) => /authorization|signature|api-key|topic-arn/.test(name));

    expect(await raw({ path: door.path, headers: [...headers, ...proof], body })).toBeGreaterThanOrEqual(400);
    expect(await door.acted()).toBe(false);
  });

  it("an address with an escaped letter is the same door, behind the same proof", async () => {
    const { body } = door.make();
    const path = door.path.replace(
      /\/(\w)/,
      (_match, letter: string) => `/%${letter.charCodeAt(0).toString(16)}`,
    );

    expect(await raw({ path, headers: [], body })).toBeGreaterThanOrEqual(400);
    expect(await door.acted()).toBe(false);
  });
});

describe("SNS", () => {
  const post = (body: string) =>
    raw({ path: "/webhooks/sns", headers: [["x-amz-sns-topic-arn", TOPIC]], body });

  it("verifies and passes on the same one of two values of a key", async () => {
    const text = JSON.stringify(sns.message());
    const forged = '"Message":"{\\"service\\":\\"other\\"}"';

    const first = await post(text.replace("{", `{${forged},`));
    const last = await post(text.replace(/}$/, `,${forged}}`));

    expect([first, last]).toEqual([202, 403]);
    expect(events.map((event) => JSON.parse(event).Message)).toEqual(['{"service":"shop"}']);
  });

  it("takes no half of a character for the replacement that was signed", async () => {
    const message = sns.message({ Message: '{"service":"shop\ufffd"}' });

    const status = await post(JSON.stringify(message).replace("\ufffd", "\\ud800"));

    expect(status).toBe(400);
    expect(events).toEqual([]);
  });
});

describe("Grafana's signature", () => {
  it("over a time and a body is none over both as a body", async () => {
    const body = '{"alerts":[1],"orgId":1}';
    const signature = createHmac("sha256", HMAC).update(`${second()}:${body}`).digest("hex");
    const headers: Headers = [["x-grafana-alerting-signature", signature]];

    const status = await raw({ path: "/webhooks/grafana", headers, body: `${second()}:${body}` });

    expect(status).toBe(401);
    expect(events).toEqual([]);
  });

  it("over a body is none over its beginning as a time", async () => {
    const body = '{"alerts":[1],"orgId":1}';
    const signature = createHmac("sha256", HMAC).update(body).digest("hex");
    const at = body.indexOf(":");
    const headers: Headers = [
      ["x-grafana-alerting-signature", signature],
      ["x-grafana-alerting-timestamp", body.slice(0, at)],
    ];

    expect(await raw({ path: "/webhooks/grafana", headers, body: body.slice(at + 1) })).toBe(401);
    expect(events).toEqual([]);
  });
});

describe("a shared secret", () => {
  it.each([
    ["/webhooks/alertmanager", '{"alerts":[1],"alerts":{},"Records":[{"Sns":{"Message":"{}"}}]}'],
    ["/webhooks/alertmanager", '{"alerts":[1],"detail-type":"CloudWatch Alarm State Change"}'],
    ["/webhooks/eventbridge", '{"detail-type":"CloudWatch Alarm State Change","Records":[]}'],
  ])("at %s opens no second form in one body: %s", async (path, body) => {
    expect(await raw({ path, headers: [["x-api-key", SECRET]], body })).toBe(400);
    expect(events).toEqual([]);
  });
});

describe("EventBridge on Lambda", () => {
  const context = { receivedAt: "2026-11-23T07:00:00.000Z", cluster: "production", alarms: [] };

  it.each([
    ["CloudWatch's alarm", eventbridgeAlarm],
    ["an event of ECS", ecsEvent],
  ])("nobody but AWS sends %s, whatever the detail type says", (_, sender) => {
    const genuine = sender.examples.map(({ event }) => event as object);

    const forged = genuine.map((event) => readEvent({ ...event, source: "my.app" }, context));

    expect(forged.length).toBeGreaterThan(0);
    for (const { alerts, unreadable } of forged) {
      expect(alerts).toEqual([]);
      expect(unreadable).toEqual([expect.objectContaining({ path: "source" })]);
    }
  });
});

describe("an answer over HTTP", () => {
  it("counts the plan that its sender sent last, and no key that nobody reads", async () => {
    const other = "f".repeat(64);
    const hash = question.planHash;
    const post = (body: string) => raw({ path: APPROVE, headers: json(PAGER_SECRET), body });

    expect(await post(`{"planHash":"${hash}","planHash":"${other}"}`)).toBe(409);
    expect(await post(`{"planHash":"${hash}","incidentId":"inc-2"}`)).toBe(400);
    expect(await answerOf()).toBeUndefined();
  });

  it("needs one content type, and counts for who proved himself", async () => {
    const body = JSON.stringify({ planHash: question.planHash });
    const twice: Headers = [...json(PAGER_SECRET), ["content-type", "text/plain"]];
    const reader: Headers = [...json(READER_SECRET), ["x-api-key", PAGER_SECRET]];

    expect(await raw({ path: APPROVE, headers: twice, body })).toBe(415);
    expect(await raw({ path: APPROVE, headers: reader, body })).toBe(403);
    expect(await answerOf()).toBeUndefined();
  });
});

describe("Slack's form", () => {
  it("is read as it was signed: of two payloads the first, whatever its charset says", async () => {
    const forged = encodeURIComponent(JSON.stringify({ type: "block_actions" }));
    const genuine = DOORS["slack"]?.make().body ?? "";
    const press = slackPress({
      secret: SIGNING_SECRET,
      timestamp: second(),
      body: `${genuine}&payload=${forged}`,
    });
    const headers = Object.entries({
      ...press.headers,
      "content-type": `${press.headers["content-type"]}; charset=utf-16`,
    });

    expect(await raw({ path: "/slack/actions", headers, body: press.body })).toBe(200);
    expect(await answerOf()).toMatchObject({ verdict: "approved", by: { id: "U0ALLOWED1" } });
  });
});

describe("the function URL", () => {
  const invoke = async (
    body: string,
    base64: boolean,
    headers: Record<string, string>,
    signedBody = body,
  ) => {
    const inner = openDesk(ALLOWED_POLICY);
    await inner.store.ask(question);
    const app = createHttpApp({
      approvals: answersOf(inner),
      brake: brakeOf(inner),
      records: inner.store,
      book: inner.store,
      slack: { signingSecret: SIGNING_SECRET },
      tokens: [],
      logger: inner.logger,
      now: inner.now,
      frozenAfterAnswer: true,
      fetch: async () => new Response("ok"),
    });
    const at = Math.floor(inner.now().getTime() / 1_000);
    const press = slackPress({ secret: SIGNING_SECRET, timestamp: at, body: signedBody });
    const event = {
      version: "2.0",
      routeKey: "$default",
      rawPath: "/slack/actions",
      rawQueryString: "",
      headers: { ...press.headers, host: "x.lambda-url.eu-central-1.on.aws", ...headers },
      requestContext: {
        http: { method: "POST", path: "/slack/actions", sourceIp: "127.0.0.1" },
        domainName: "x",
      },
      body: base64 ? Buffer.from(body).toString("base64") : body,
      isBase64Encoded: base64,
    };
    const answer = (await handle(app)(event as never, {} as never)) as { statusCode: number };
    const counted = (await inner.store.approval(question.id))?.answer !== undefined;
    inner.store.close();
    return { status: answer.statusCode, counted };
  };
  const form = () => slackPress({ secret: SIGNING_SECRET, timestamp: 0, value: pressOf(question) }).body;

  it.each([true, false])("reads the bytes that Slack signed (base64: %s)", async (base64) => {
    expect(await invoke(form(), base64, {})).toEqual({ status: 200, counted: true });
  });

  it("refuses other bytes, and compressed ones", async () => {
    expect(await invoke(`${form()}&x=1`, true, {}, form())).toEqual({ status: 401, counted: false });
    expect(await invoke(form(), true, { "content-encoding": "gzip" })).toEqual({
      status: 415,
      counted: false,
    });
  });
});
