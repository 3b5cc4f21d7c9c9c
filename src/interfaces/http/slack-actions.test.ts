import { connect } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scaleQuestion } from "../../../test/samples/approvals.ts";
import { at } from "../../../test/samples/evidence.ts";
import { type HttpDesk, openHttpDesk, SIGNING_SECRET } from "../../../test/support/http-desk.ts";
import { type Press, pressOf, slackPress, slackSignature } from "../../../test/support/slack-press.ts";
import type { Approvals } from "../../approval/approvals.ts";
import { OpsAgentError } from "../../domain/errors.ts";

const question = scaleQuestion();
/** The desk's clock stands here. */
const NOW = Date.parse(at(60)) / 1_000;
const PATH = "/slack/actions";

let desk: HttpDesk;
beforeEach(async () => {
  desk = await openHttpDesk();
  await desk.store.ask(question);
});
afterEach(() => desk.close());

const press = (over: Partial<Press> = {}) =>
  slackPress({ secret: SIGNING_SECRET, timestamp: NOW, value: pressOf(question), ...over });
const answerOf = async () => (await desk.store.approval(question.id))?.answer;

describe("a press that Slack signed", () => {
  it.each([
    ["opsagent-approve", "approved"],
    ["opsagent-deny", "denied"],
  ])("%s counts as %s", async (action, verdict) => {
    const answer = await desk.request(PATH, press({ action }));

    expect(answer).toMatchObject({
      status: 200,
      json: { response_type: "ephemeral", replace_original: false },
    });
    expect(await answerOf()).toEqual({ verdict, at: at(60), by: { channel: "slack", id: "U0ALLOWED1" } });
    expect(desk.resumed).toEqual([{ callbackId: question.callbackId, verdict }]);
  });

  it.each([-300, 300])("counts %i s off the clock", async (seconds) => {
    await desk.request(PATH, press({ timestamp: NOW + seconds }));

    expect(await answerOf()).toMatchObject({ verdict: "approved" });
  });

  it("tells the presser through Slack's own address", async () => {
    await desk.request(PATH, press({ responseUrl: "https://hooks.slack.com/actions/T0/1/secretpart" }));

    expect(desk.replies).toMatchObject([{ url: "https://hooks.slack.com/actions/T0/1/secretpart" }]);
    expect(JSON.parse(desk.replies[0]?.body ?? "")).toMatchObject({
      response_type: "ephemeral",
      replace_original: false,
      text: expect.stringContaining("Approved: scale from 2 to 4 tasks"),
    });
  });

  it.each([
    "http://hooks.slack.com/actions/x",
    "https://hooks.slack.com.evil.example/x",
    "https://hooks.slack.com:8443/x",
    "https://evil.example/?https://hooks.slack.com",
    "http://169.254.169.254/latest/meta-data",
    "no address",
  ])("calls no other address: %s", async (responseUrl) => {
    const answer = await desk.request(PATH, press({ responseUrl }));

    expect(answer.status).toBe(200);
    expect(desk.replies).toEqual([]);
    expect(await answerOf()).toMatchObject({ verdict: "approved" });
  });

  it("counts once when the button is pressed twice", async () => {
    const [first, second] = await Promise.all([
      desk.request(PATH, press()),
      desk.request(PATH, press({ timestamp: NOW + 1 })),
    ]);

    const texts = [first, second].map(({ json }) => String(json?.["text"])).sort();
    expect(texts[0]).toMatch(/^Already approved by U0ALLOWED1/);
    expect(texts[1]).toMatch(/^Approved: /);
    expect(new Set(desk.resumed.map(({ verdict }) => verdict))).toEqual(new Set(["approved"]));
  });

  it.each<[string, Partial<Press>, number, RegExp]>([
    ["not on the list", { user: "U0STRANGER" }, 60, /U0STRANGER may not answer/],
    ["another plan", { value: `${question.id}.${"f".repeat(64)}` }, 60, /another plan/],
    ["a question that nobody asked", { value: `nothing.${"f".repeat(64)}` }, 60, /no such question/],
    ["past the deadline", { timestamp: NOW + 1_741 }, 1_801, /no answer until then means no/],
  ])("does nothing: %s", async (_, over, second, words) => {
    desk.second = second;

    const answer = await desk.request(PATH, press(over));

    expect(answer.status).toBe(200);
    expect(answer.json?.["text"]).toMatch(words);
    expect(await answerOf()).toBeUndefined();
    expect(desk.resumed).toEqual([]);
  });

  it("pauses everything, and resumes it, under the presser's name", async () => {
    const paused = await desk.request(PATH, press({ action: "opsagent-pause", value: "all" }));
    const inForce = await desk.store.pauses(at(60));
    const resumed = await desk.request(
      PATH,
      press({ action: "opsagent-resume", value: "all", timestamp: NOW + 1 }),
    );

    expect(paused).toMatchObject({ status: 200, json: { response_type: "ephemeral" } });
    expect(paused.json?.["text"]).toMatch(/^Paused by U0ALLOWED1 since .* Nothing is changed\./);
    expect(inForce).toEqual([{ scope: { kind: "all" }, by: "U0ALLOWED1", at: at(60), via: "slack" }]);
    expect(resumed.json?.["text"]).toMatch(/^The pause of everything was ended by U0ALLOWED1\./);
    expect(await desk.store.pauses(at(60))).toEqual([]);
    expect(await answerOf()).toBeUndefined();
  });

  it.each(["opsagent-pause", "opsagent-resume"])(
    "%s of somebody not on the list is refused and told",
    async (action) => {
      await desk.store.pause({ scope: { kind: "all" }, by: "ann", at: at(0), via: "cli" });

      const answer = await desk.request(PATH, press({ action, value: "all", user: "U0STRANGER" }));

      expect(answer.status).toBe(200);
      expect(answer.json?.["text"]).toMatch(
        /U0STRANGER may not (pause|resume) OpsAgent.*approvals\.slackUsers/,
      );
      expect(await desk.store.pauses(at(60))).toMatchObject([{ by: "ann" }]);
    },
  );

  it.each([
    ["a wrong signature", { secret: "another-secret-of-32-characters!" }],
    ["an old one", { timestamp: NOW - 301 }],
  ])("pauses nothing with %s", async (_, over) => {
    const answer = await desk.request(PATH, press({ action: "opsagent-pause", value: "all", ...over }));

    expect(answer.status).toBe(401);
    expect(await desk.store.pauses(at(60))).toEqual([]);
  });

  it("tells the presser when the store cannot take it", async () => {
    desk.store.close();

    const answer = await desk.request(PATH, press({ action: "opsagent-pause", value: "all" }));

    expect(answer.status).toBe(200);
    expect(answer.json?.["text"]).toMatch(/may not have taken this/);
    await desk.close();
    desk = await openHttpDesk();
  });

  it("does nothing for a button that is not OpsAgent's", async () => {
    const answer = await desk.request(PATH, press({ action: "open-dashboard" }));

    expect(answer).toMatchObject({ status: 200, text: "" });
    expect(await answerOf()).toBeUndefined();
  });

  it.each([
    ["no payload", "x=1"],
    ["a payload that is no JSON", "payload=%7B"],
    ["another kind of interaction", `payload=${encodeURIComponent('{"type":"view_submission"}')}`],
    ["no user", `payload=${encodeURIComponent('{"type":"block_actions","actions":[{"action_id":"a"}]}')}`],
  ])("is refused with %s", async (_, body) => {
    const answer = await desk.request(PATH, press({ body }));

    expect(answer).toMatchObject({ status: 400, json: { code: "action-unreadable" } });
  });
});

describe("a request that is not Slack's", () => {
  const forged: readonly [string, () => RequestInit][] = [
    ["signed with another secret", () => press({ secret: "another-secret" })],
    ["too old", () => press({ timestamp: NOW - 301 })],
    ["from the future", () => press({ timestamp: NOW + 301 })],
    ["with a timestamp that is no number", () => press({ timestamp: "NaN" })],
    ["with an empty timestamp", () => press({ timestamp: "" })],
    ["unsigned", () => ({ ...press(), headers: { "content-type": "application/x-www-form-urlencoded" } })],
    ["with another body", () => ({ ...press(), body: press({ user: "U0OTHER999" }).body })],
    ["with a shorter signature", () => withSignature((signature) => signature.slice(0, -1))],
    ["with another version", () => withSignature((signature) => signature.replace("v0", "v1"))],
    ["with another letter case", () => withSignature((signature) => signature.toUpperCase())],
    [
      "with another timestamp than the signed one",
      () => ({ ...press(), headers: { ...press().headers, "x-slack-request-timestamp": String(NOW - 1) } }),
    ],
  ];
  const withSignature = (change: (signature: string) => string) => {
    const { headers, ...rest } = press();
    return {
      ...rest,
      headers: { ...headers, "x-slack-signature": change(headers["x-slack-signature"] ?? "") },
    };
  };

  it.each(forged)("%s is refused and leaves no trace in the store", async (_, request) => {
    const answer = await desk.request(PATH, request());

    expect(answer).toMatchObject({ status: 401, json: { code: "signature-invalid" } });
    expect(await answerOf()).toBeUndefined();
    expect(await desk.store.entries()).toEqual([]);
  });

  it("is refused the second time, though it was Slack's the first time", async () => {
    const request = press({ user: "U0STRANGER" });

    const [first, second] = [await desk.request(PATH, request), await desk.request(PATH, request)];

    expect([first.status, second.status]).toEqual([200, 401]);
    expect(await desk.store.entries()).toHaveLength(1);
  });

  it("is refused the second time also at the far end of the window", async () => {
    const request = press({ timestamp: NOW + 300 });
    await desk.request(PATH, request);
    desk.second += 600;

    const second = await desk.request(PATH, request);

    expect(second.status).toBe(401);
    expect(desk.logged.join()).toContain("replayed");
  });

  it("does not use up a signature that was only guessed", async () => {
    const good = press();
    await desk.request(PATH, { ...good, body: `${good.body}&x=1` });

    await desk.request(PATH, good);

    expect(await answerOf()).toMatchObject({ verdict: "approved" });
  });

  it("is refused when it is too large, whether or not it says so", async () => {
    const body = `payload=${"x".repeat(70_000)}`;

    const declared = await desk.request(PATH, press({ body }));
    const streamed = await chunked(desk.url, press({ body }));

    expect(declared).toMatchObject({ status: 413, json: { code: "too-large" } });
    expect(streamed).toContain("413");
  });

  it("is refused with another content type", async () => {
    const { headers, ...rest } = press();

    const answer = await desk.request(PATH, {
      ...rest,
      headers: { ...headers, "content-type": "application/json" },
    });

    expect(answer).toMatchObject({ status: 415, json: { code: "wrong-content-type" } });
    expect(await answerOf()).toBeUndefined();
  });
});

it("verifies the raw body, also where decoding and encoding would change it", async () => {
  const payload = press().body.replace("payload=", "payload=%20").replaceAll("%22", '"');
  const headers = { ...press().headers, "x-slack-signature": slackSignature(SIGNING_SECRET, NOW, payload) };

  const answer = await desk.request(PATH, { method: "POST", headers, body: payload });

  expect(answer.status).toBe(200);
  expect(await answerOf()).toMatchObject({ verdict: "approved" });
});

describe("with approvals that misbehave", () => {
  const question = scaleQuestion();
  const openWith = (answer: Approvals["answer"]) => openHttpDesk({ approvals: { answer } });

  it("tells the presser that the store failed", async () => {
    const other = await openWith(() =>
      Promise.reject(
        new OpsAgentError({ code: "store-failed", message: "Disk full.", remedy: "Free some." }),
      ),
    );

    const answer = await other.request(PATH, press());
    await other.close();

    expect(answer.status).toBe(200);
    expect(answer.json?.["text"]).toContain("may not have been taken: Disk full. Free some.");
  });

  it("answers only once all is done where the process then stands still", async () => {
    const other = await openHttpDesk({
      approvals: {
        answer: async () => {
          // Longer than a server would let Slack wait.
          await wait(3_500);
          return { outcome: "unknown", message: "Late.", remedy: "Wait.", sentence: "Late. Wait." };
        },
      },
      frozenAfterAnswer: true,
    });

    const answer = await other.request(
      PATH,
      press({ value: pressOf(question), responseUrl: "https://hooks.slack.com/actions/T0/1/x" }),
    );
    const told = other.replies.map(({ body }) => JSON.parse(body).text);
    await other.close();

    expect(answer.json?.["text"]).toBe("Late. Wait.");
    expect(told).toEqual(["Late. Wait."]);
  });

  it("answers before the answer is written down, and tells the presser later", async () => {
    const written = Promise.withResolvers<void>();
    const other = await openWith(async () => {
      await written.promise;
      return { outcome: "unknown", message: "Late.", remedy: "Wait.", sentence: "Late. Wait." };
    });

    const answer = await other.request(
      PATH,
      press({ value: pressOf(question), responseUrl: "https://hooks.slack.com/actions/T0/1/x" }),
    );
    written.resolve();
    while (other.replies.length === 0) await wait(10);
    await other.close();

    expect(answer.json?.["text"]).toContain("still writing");
    expect(other.replies.map(({ body }) => JSON.parse(body).text)).toEqual(["Late. Wait."]);
  });
});

it("has no address for Slack without a signing secret", async () => {
  const other = await openHttpDesk({ slack: undefined });

  const answer = await other.request(PATH, press());
  await other.close();

  expect(answer.status).toBe(404);
});

it("logs no secret and no address that would let someone post", async () => {
  await desk.request(PATH, press({ responseUrl: "https://hooks.slack.com/actions/T0/1/secretpart" }));
  await desk.request(
    PATH,
    press({ secret: "another-secret", responseUrl: "https://evil.example/secretpart" }),
  );

  expect(desk.logged.join()).not.toMatch(/secretpart|v0=|callback-secret/);
  expect(desk.logged.join()).not.toContain(SIGNING_SECRET);
});

/** Sends a body in chunks, without a Content-Length, and returns the first bytes of the answer. */
async function chunked(
  url: string,
  request: { headers: Record<string, string>; body: string },
): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
  socket.write(
    `POST ${PATH} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n${headers.join("\r\n")}\r\n\r\n`,
  );
  socket.write(`${request.body.length.toString(16)}\r\n${request.body}\r\n0\r\n\r\n`);
  return new Promise((resolve, reject) => {
    socket.once("data", (data) => {
      resolve(data.toString());
      socket.destroy();
    });
    socket.once("error", reject);
  });
}
