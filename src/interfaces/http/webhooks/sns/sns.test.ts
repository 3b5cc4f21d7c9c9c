import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { issueCertificate } from "../../../../../test/support/certificates.ts";
import { type HttpDesk, openHttpDesk } from "../../../../../test/support/http-desk.ts";
import {
  CERTIFICATE_URL,
  createSnsSender,
  type SnsSender,
  TOPIC,
} from "../../../../../test/support/sns-sender.ts";

let desk: HttpDesk;
let sns: SnsSender;
let events: string[];
let failing: boolean;

beforeEach(async () => {
  [events, failing] = [[], false];
  sns = createSnsSender(() => desk?.now() ?? new Date("2026-11-23T07:00:00Z"));
  desk = await openHttpDesk({
    webhooks: { tokens: [], snsTopics: [TOPIC], snsIssuer: sns.root.certificate },
    handle: async (event) => {
      if (failing) throw new Error("the disk is full");
      events.push(event);
      return { incidents: ["inc-1"] };
    },
    fetch: (url, init) => sns.fetch(url, init),
  });
});
afterEach(() => desk.close());

const post = (message: Record<string, unknown>, headers: Record<string, string> = {}) =>
  desk.request("/webhooks/sns", {
    method: "POST",
    headers: {
      "content-type": "text/plain; charset=UTF-8",
      "x-amz-sns-topic-arn": String(message["TopicArn"]),
      ...headers,
    },
    body: JSON.stringify(message),
  });

describe("a message that SNS signed", () => {
  it.each(["1", "2"])("with version %s is taken, and answered at once", async (version) => {
    const message = sns.message({ SignatureVersion: version, Subject: "ALARM: shop" });

    const answer = await post(message);

    expect(answer).toMatchObject({ status: 202, json: { incidents: ["inc-1"] } });
    const { Message, MessageId, Subject, Timestamp, TopicArn, Type } = message;
    expect(events.map((event) => JSON.parse(event))).toEqual([
      { Message, MessageId, Subject, Timestamp, TopicArn, Type },
    ]);
  });

  it.each(["Records", "alerts", "alarmData", "detail-type", "constructor", "Token"])(
    "goes on without %s, which SNS did not sign",
    async (field) => {
      const message = sns.message();

      await post({ [field]: [{ Sns: { Message: '{"service":"other"}' } }], ...message });

      expect(events.map((event) => Object.keys(JSON.parse(event)))).toEqual([
        ["Message", "MessageId", "Timestamp", "TopicArn", "Type"],
      ]);
    },
  );

  it("is a repetition however its signature is written", async () => {
    const message = sns.message();
    await post(message);

    const again = await post({ ...message, Signature: `${message["Signature"]}====` });

    expect(again.json).toEqual({ outcome: "already-taken" });
    expect(events).toHaveLength(1);
  });

  it("needs its certificate once", async () => {
    await Promise.all([post(sns.message()), post(sns.message())]);
    await post(sns.message());

    expect(events).toHaveLength(3);
    expect(sns.asked).toEqual([CERTIFICATE_URL]);
  });

  it("starts nothing the second time, and is logged", async () => {
    const message = sns.message();
    await post(message);

    const again = await Promise.all([post(message), post(message)]);

    expect(again.map(({ json }) => json)).toEqual([
      { outcome: "already-taken" },
      { outcome: "already-taken" },
    ]);
    expect(events).toHaveLength(1);
    expect(desk.logged.join()).toContain("webhook-repeated");
  });

  it("that could not be kept is taken when it comes again", async () => {
    const message = sns.message();
    failing = true;
    const lost = await post(message);
    failing = false;

    const again = await post(message);

    expect([lost.status, again.status]).toEqual([500, 202]);
    expect(events).toHaveLength(1);
  });
});

describe("what is not SNS's is refused, logged, and starts nothing", () => {
  const stranger = () =>
    issueCertificate({ name: "sns.amazonaws.com", from: new Date(0), to: new Date("2040-01-01") });
  const at = (SigningCertURL: string) => () => sns.message({ SigningCertURL });

  it.each<[string, number, string, () => Record<string, unknown>]>([
    ["a changed message", 403, "signature", () => ({ ...sns.message(), Message: '{"service":"other"}' })],
    [
      "a changed time",
      403,
      "signature",
      () => ({ ...sns.message(), Timestamp: desk.now().toISOString().replace(/\d\dZ/, "99Z") }),
    ],
    ["an added subject", 403, "signature", () => ({ ...sns.message(), Subject: "ALARM" })],
    ["another's signature", 403, "signature", () => sns.message({}, stranger())],
    ["version 1 claimed for 2", 403, "signature", () => ({ ...sns.message(), SignatureVersion: "1" })],
    [
      "a signature of no version",
      400,
      "SignatureVersion",
      () => ({ ...sns.message(), SignatureVersion: "3" }),
    ],
    ["no signature", 400, "Signature", () => ({ ...sns.message(), Signature: undefined })],
    [
      "a subject folded into the id",
      400,
      "MessageId",
      () => {
        const { Subject, ...message } = sns.message({ Subject: "ALARM" });
        return { ...message, MessageId: `${message["MessageId"]}\nSubject\n${Subject}` };
      },
    ],
    [
      "an id folded into a subject",
      400,
      "Subject",
      () => sns.message({ Subject: "ALARM\nTimestamp\n2026-11-23T07:00:00Z" }),
    ],
    ["another topic", 403, "topic", () => sns.message({ TopicArn: `${TOPIC}-2` })],
    [
      "an hour and more",
      403,
      "time",
      () => sns.message({ Timestamp: new Date(desk.now().getTime() - 66 * 60_000).toISOString() }),
    ],
    [
      "the future",
      403,
      "time",
      () => sns.message({ Timestamp: new Date(desk.now().getTime() + 6 * 60_000).toISOString() }),
    ],
    ["a certificate elsewhere", 403, "address", at("https://evil.example/sns.pem")],
    [
      "a certificate at a host that looks like SNS",
      403,
      "address",
      at("https://sns.eu-central-1.amazonaws.com.evil.example/sns.pem"),
    ],
    ["a certificate in another region", 403, "address", at("https://sns.us-east-1.amazonaws.com/sns.pem")],
    ["a certificate without HTTPS", 403, "address", at(CERTIFICATE_URL.replace("https", "http"))],
    ["a certificate at another port", 403, "address", at(CERTIFICATE_URL.replace(".com/", ".com:8443/"))],
    [
      "a certificate with a user",
      403,
      "address",
      at(CERTIFICATE_URL.replace("//", "//sns.eu-central-1.amazonaws.com@")),
    ],
    ["a certificate that is no .pem", 403, "address", at(CERTIFICATE_URL.replace(".pem", ".txt"))],
    ["a certificate in a bucket", 403, "address", at("https://s3.eu-central-1.amazonaws.com/mine/sns.pem")],
    ["a certificate that is not there", 403, "404", at(CERTIFICATE_URL.replace("7ff5", "0000"))],
    ["a number for a message", 400, "Message", () => ({ ...sns.message(), Message: 7 })],
  ])("%s", async (_, status, reason, make) => {
    const answer = await post(make());

    expect(answer).toMatchObject({ status, json: { remedy: expect.any(String) } });
    expect(desk.logged.join()).toMatch(new RegExp(`http-refused.*${reason}`));
    expect(events).toEqual([]);
    expect(sns.asked.filter((url) => !url.startsWith("https://sns.eu-central-1.amazonaws.com/"))).toEqual([]);
  });

  const forever = { from: new Date(0), to: new Date("2040-01-01") };
  it.each<[string, () => string]>([
    [
      "not in force any more",
      () =>
        issueCertificate({
          name: "sns.amazonaws.com",
          by: sns.root,
          from: new Date(0),
          to: new Date("2020-01-01"),
        }).certificate.toString(),
    ],
    [
      "not in force yet",
      () =>
        issueCertificate({
          name: "sns.amazonaws.com",
          by: sns.root,
          from: new Date("2039-01-01"),
          to: new Date("2040-01-01"),
        }).certificate.toString(),
    ],
    ["not signed by the root", () => stranger().certificate.toString()],
    [
      "not of SNS",
      () => issueCertificate({ name: "example.com", by: sns.root, ...forever }).certificate.toString(),
    ],
    ["none", () => "-----BEGIN CERTIFICATE-----\nbm9uZQ==\n-----END CERTIFICATE-----"],
    ["not there", () => ""],
    ["endless", () => "x".repeat(100_000)],
  ])("a certificate that is %s", async (_, pem) => {
    sns.pages.set(CERTIFICATE_URL, () => new Response(pem()));

    const answer = await post(sns.message());

    expect([403, 503]).toContain(answer.status);
    expect(events).toEqual([]);
  });

  it("and while the certificate cannot be had, SNS is told to come again", async () => {
    sns.pages.set(CERTIFICATE_URL, () => new Response("busy", { status: 500 }));
    const before = await post(sns.message());
    sns.pages.set(CERTIFICATE_URL, () => new Response(sns.signer.certificate.toString()));

    const after = await post(sns.message());

    expect([before.status, after.status]).toEqual([503, 202]);
    expect(before.headers.get("retry-after")).toBe("1");
  });

  it("without its header, in a form, or larger than any message", async () => {
    const large = await post(sns.message({ Message: "x".repeat(1_100_000) }));
    const bare = await desk.request("/webhooks/sns", { method: "POST", body: "{}" });
    const form = await post(sns.message(), { "x-amz-sns-topic-arn": "another" });

    expect([large.status, bare.status, form.status]).toEqual([413, 400, 403]);
    expect(events).toEqual([]);
  });
});

describe("a subscription", () => {
  const address = "https://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription&Token=2336412f37";

  it("to a listed topic is confirmed at SNS's own address", async () => {
    sns.pages.set(address, () => new Response("<ConfirmSubscriptionResponse/>"));

    const answer = await post(sns.confirmation());

    expect(answer).toMatchObject({ status: 200, json: { outcome: "confirmed" } });
    expect(sns.asked).toEqual([CERTIFICATE_URL, address]);
    expect(events).toEqual([]);
  });

  it.each([
    ["https://evil.example/?Action=ConfirmSubscription"],
    ["http://sns.eu-central-1.amazonaws.com/?Action=ConfirmSubscription"],
    ["https://169.254.169.254/latest/meta-data"],
    ["https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription"],
    ["file:///etc/passwd"],
  ])("is not confirmed at %s", async (SubscribeURL) => {
    const answer = await post(sns.confirmation({ SubscribeURL }));

    expect(answer.status).toBe(403);
    expect(sns.asked).toEqual([CERTIFICATE_URL]);
  });

  it("to another topic, or one that nobody signed, is not confirmed", async () => {
    const other = await post(sns.confirmation({ TopicArn: `${TOPIC}-2` }));
    const forged = await post({ ...sns.confirmation(), Token: "another" });

    expect([other.status, forged.status]).toEqual([403, 403]);
    expect(sns.asked).toEqual([CERTIFICATE_URL]);
  });

  it("that SNS does not confirm is tried again by SNS", async () => {
    expect((await post(sns.confirmation())).status).toBe(503);
  });

  it("that ended is logged, and not asked for again", async () => {
    const answer = await post(sns.confirmation({ Type: "UnsubscribeConfirmation" }));

    expect(answer.status).toBe(200);
    expect(sns.asked).toEqual([CERTIFICATE_URL]);
    expect(desk.logged.join()).toContain("sns-unsubscribed");
  });
});

describe("strangers whose bodies never come", () => {
  it("keep no genuine message out while they are new, as many as there are places for large bodies", async () => {
    const port = Number(new URL(desk.url).port);
    const head = `POST /webhooks/sns HTTP/1.1\r\nhost: x\r\nx-amz-sns-topic-arn: ${TOPIC}\r\ncontent-length: 100000\r\n\r\n{`;
    const sockets = Array.from({ length: 200 }, () =>
      connect(port, "127.0.0.1").on("error", () => undefined),
    );
    await Promise.all(sockets.map((socket) => once(socket, "connect")));
    for (const socket of sockets) socket.write(head);

    const answers = await Promise.all(Array.from({ length: 40 }, () => post(sns.message())));
    for (const socket of sockets) socket.destroy();

    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(202));
  });

  it("keep no genuine message out, with as many sockets as there are places and more", async () => {
    const port = Number(new URL(desk.url).port);
    const head = `POST /webhooks/sns HTTP/1.1\r\nhost: x\r\nx-amz-sns-topic-arn: ${TOPIC}\r\ncontent-length: 1000\r\n\r\n{`;
    const slow = await Promise.all(
      Array.from({ length: 200 }, async () => {
        const socket = connect(port, "127.0.0.1").on("error", () => undefined);
        await once(socket, "connect");
        socket.write(head);
        return socket;
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 400));

    const answers = await Promise.all(Array.from({ length: 40 }, () => post(sns.message())));
    for (const socket of slow) socket.destroy();

    expect(answers.map(({ status }) => status)).toEqual(Array(40).fill(202));
  });
});
