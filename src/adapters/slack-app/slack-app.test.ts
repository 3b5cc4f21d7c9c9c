import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { scaleQuestion } from "../../../test/samples/approvals.ts";
import { at } from "../../../test/samples/evidence.ts";
import { resolvedIncident } from "../../../test/samples/incidents.ts";
import { type LocalSlackApi, startLocalSlackApi } from "../../../test/support/local-slack-api.ts";
import { closing, memoryBook, moment } from "../../../test/support/message-book.ts";
import { OpsAgentError } from "../../domain/errors.ts";
import { renderApproval, renderApprovalClosed } from "../../notification/slack/slack-approval.ts";
import { createSlackApp, type SlackAppOptions } from "./slack-app.ts";

const TOKEN = ["xoxb", "111122223333", "sEcReTsEcReTsEcReT"].join("-");
const question = scaleQuestion();

let slack: LocalSlackApi;
let slept: number[];

beforeEach(async () => {
  slack = await startLocalSlackApi();
  slept = [];
});
afterEach(() => slack.close());

const app = (options: Partial<SlackAppOptions> = {}) =>
  createSlackApp({
    token: TOKEN,
    channel: "#incidents",
    apiUrl: slack.url,
    renderState: ({ summary }) => ({ text: summary, blocks: [{ type: "divider" }] }),
    renderReport: ({ id }) => ({ text: `report of ${id}`, blocks: [{ type: "divider" }] }),
    book: memoryBook(),
    logger: { info() {}, warn() {}, error() {} },
    gapMs: 0,
    renderApproval: (approval) => renderApproval(approval, { buttons: true }),
    renderClosed: renderApprovalClosed,
    sleep: async (milliseconds) => slept.push(milliseconds),
    ...options,
  });

const failure = async (options: Partial<SlackAppOptions> = {}): Promise<OpsAgentError> => {
  const error = await app(options)
    .update(moment())
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OpsAgentError);
  return error as OpsAgentError;
};

describe("messages", () => {
  it("posts an incident into the channel without unfurling links", async () => {
    await app().update(moment());

    expect(slack.calls).toMatchObject([
      {
        method: "chat.postMessage",
        authorization: `Bearer ${TOKEN}`,
        text: resolvedIncident().summary,
        blocks: [{ type: "divider" }],
        form: { channel: "#incidents", unfurl_links: "false", unfurl_media: "false" },
      },
    ]);
  });

  it("asks with two buttons and says where the question is", async () => {
    const place = await app().ask(question);

    expect(place).toBe("C0LOCAL01:1764000000.000001");
    const actions = slack.calls[0]?.blocks.filter((block) => block.type === "actions");
    expect(actions).toMatchObject([
      { elements: [{ action_id: "opsagent-approve" }, { action_id: "opsagent-deny" }] },
    ]);
  });

  it("asks once, also where a process died between asking and noting where", async () => {
    const name = `slack-app:question:${question.id}`;
    const book = memoryBook({ [question.incidentId]: { [name]: "pending" } });
    const event_payload = { incident: question.incidentId, name };
    const mine = { ts: "1764.5", metadata: { event_type: "opsagent_incident", event_payload } };
    slack.script({ json: { ok: true, messages: [mine] } });

    const place = await app({ book, channel: "C0LOCAL01" }).ask(question);

    expect(place).toBe("C0LOCAL01:1764.5");
    expect(slack.calls.map(({ method }) => method)).toEqual(["conversations.history"]);
  });

  it("closes a question in its place, without the buttons", async () => {
    const answer = { verdict: "denied", at: at(60), by: { channel: "cli", id: "ann" } } as const;

    await app().close({ ...question, answer, messages: { "slack-app": "C0LOCAL01:1764000000.000001" } });

    expect(slack.calls).toMatchObject([
      { method: "chat.update", form: { channel: "C0LOCAL01", ts: "1764000000.000001" } },
    ]);
    expect(slack.calls[0]?.text).toContain("Answer: denied by ann (cli)");
    expect(JSON.stringify(slack.calls[0]?.blocks)).not.toContain("opsagent-approve");
  });

  it.each(["message_not_found", "edit_window_closed"])(
    "posts the end of a question that Slack calls %s",
    async (error) => {
      slack.script({ json: { ok: false, error } });
      const closed = { ...question, answer: { verdict: "expired", at: at(1_800) } as const };

      await app().close({ ...closed, messages: { "slack-app": "C0LOCAL01:1764000000.000001" } });

      expect(slack.calls.map(({ method }) => method)).toEqual(["chat.update", "chat.postMessage"]);
      expect(slack.calls[1]?.text).toContain("which means no");
    },
  );

  it.each([[{}], [{ "slack-app": "nonsense" }]])(
    "posts the end of a question put nowhere: %j",
    async (messages) => {
      await app().close({ ...question, messages, answer: { verdict: "expired", at: at(1_800) } });

      expect(slack.calls.map(({ method }) => method)).toEqual(["chat.postMessage"]);
    },
  );
});

describe("the message of an incident", () => {
  const { id } = resolvedIncident();
  const saying = (summary: string) =>
    moment({ name: summary, kind: "incident-updated", incident: { ...resolvedIncident(), summary } });
  const told = () => slack.calls.map(({ method, text }) => [method, text]);

  it("evolves in its place, with the report in its thread", async () => {
    const { update } = app();
    await update(saying("one"));
    await update(saying("two"));

    await update(closing());

    const { summary } = resolvedIncident();
    expect(told()).toEqual([
      ["chat.postMessage", "one"],
      ["chat.update", "two"],
      ["chat.update", summary],
      ["chat.postMessage", `report of ${id}`],
    ]);
    expect(slack.calls[3]?.form["thread_ts"]).toBe("1764000000.000001");
    expect(slack.calls[3]?.form["reply_broadcast"]).toBeUndefined();
  });

  it("shows in the channel what a person has to act upon", async () => {
    const one = app();
    await one.update(moment());
    await one.ask({ ...question, incidentId: id });

    await one.update(closing({ needsPerson: true }));

    const replies = slack.calls.filter(({ form }) => form["thread_ts"] === "1764000000.000001");
    expect(replies.map(({ form }) => form["reply_broadcast"])).toEqual(["true", "true"]);
  });

  it("is the same one for the process that goes on with the incident", async () => {
    const book = memoryBook();
    await app({ book }).update(saying("before the crash"));

    await app({ book }).update(closing());
    await app({ book }).update(closing());

    const methods = slack.calls.map(({ method }) => method);
    expect(methods).toEqual(["chat.postMessage", "chat.update", "chat.postMessage", "chat.update"]);
  });

  it("is looked for where a process died between posting it and noting where", async () => {
    const book = memoryBook({ [id]: { "slack-app": "pending" } });
    const event_payload = { incident: id, name: "slack-app" };
    const mine = { ts: "1764.5", metadata: { event_type: "opsagent_incident", event_payload } };
    slack.script({ json: { ok: true, messages: [{ ts: "1764.6" }, mine] } });

    await app({ book, channel: "C0LOCAL01" }).update(saying("after the crash"));

    expect(slack.calls.map(({ method }) => method)).toEqual(["conversations.history", "chat.update"]);
    expect(slack.calls[1]?.form).toMatchObject({ channel: "C0LOCAL01", ts: "1764.5" });
  });

  it("is posted again where nobody may look for it", async () => {
    const book = memoryBook({ [id]: { "slack-app": "pending" } });
    slack.script({ json: { ok: false, error: "missing_scope" } });

    await app({ book }).update(saying("after the crash"));

    expect(slack.calls.map(({ method }) => method)).toEqual(["conversations.history", "chat.postMessage"]);
  });

  it("is posted anew when somebody deleted it", async () => {
    const { update } = app();
    await update(saying("one"));
    slack.script({ json: { ok: false, error: "message_not_found" } });

    await update(saying("two"));

    expect(told().at(-1)).toEqual(["chat.postMessage", "two"]);
  });

  it("evolves in one process also while the store is gone", async () => {
    const { update } = app({ book: memoryBook({}, true) });
    await update(saying("one"));

    await update(saying("two"));

    expect(slack.calls.map(({ method }) => method)).toEqual(["chat.postMessage", "chat.update"]);
  });

  it("shows only the last of the states that wait for their turn", async () => {
    const { update } = app();

    await Promise.all(["one", "two", "three", "four"].map((state) => update(saying(state))));

    expect(told()).toEqual([
      ["chat.postMessage", "one"],
      ["chat.update", "four"],
    ]);
  });

  it("goes out one a second, and waits longer where Slack asks for it", async () => {
    slack.script({ status: 429, retryAfter: "7", json: { ok: false, error: "ratelimited" } });
    const { update } = app({ gapMs: 1_000, clock: () => 0 });

    await update(saying("one"));
    await update(saying("two"));

    expect(slept).toEqual([7_000, 1_000]);
  });
});

describe("tries", () => {
  it("waits as long as Retry-After asks, then calls again", async () => {
    slack.script({ status: 429, retryAfter: "7", json: { ok: false, error: "ratelimited" } });

    await app().update(moment());

    expect(slept).toEqual([7_000]);
    expect(slack.calls).toHaveLength(2);
  });

  it("gives up at once when Slack asks for a longer wait than it may take", async () => {
    slack.script({ status: 429, retryAfter: "900", body: "" });

    const error = await failure();

    expect(error.message).toBe("Slack did not take the message (1 try): HTTP 429, asked to wait 900 s");
    expect(error.retryable).toBe(true);
    expect(slept).toEqual([]);
  });

  it("repeats a 429 without Retry-After, 5xx, Slack's own faults and dropped connections", async () => {
    slack.script(
      { status: 429 },
      { status: 503, body: "down" },
      { json: { ok: false, error: "internal_error" } },
    );
    await app().update(moment());
    slack.script("reset");
    await app().update(moment());

    expect(slept).toEqual([500, 1_000, 2_000, 500]);
    expect(slack.calls).toHaveLength(6);
  });

  it("stops after a bounded number of tries", async () => {
    slack.script({ status: 500 }, { status: 500 }, { status: 500 });

    const error = await failure({ maxAttempts: 3 });

    expect(error).toMatchObject({ code: "slack-failed", retryable: true });
    expect(error.message).toBe("Slack did not take the message (3 tries): HTTP 500");
    expect(slack.calls).toHaveLength(3);
  });

  it("gives up on an answer that never comes", async () => {
    slack.script("hang", "hang");

    const error = await failure({ maxAttempts: 2, timeoutMs: 60 });

    expect(error.message).toBe("Slack did not take the message (2 tries): no answer in time");
  });

  it("says what of the network failed", async () => {
    const error = await failure({ apiUrl: "http://127.0.0.1:1/api/", maxAttempts: 1 });

    expect(error.message).toMatch(/\(1 try\): .*(ECONNREFUSED|bad port)/);
    expect(error.retryable).toBe(true);
  });

  it.each([
    ["invalid_auth", /SLACK_BOT_TOKEN/],
    ["missing_scope", /chat:write/],
    ["channel_not_found", /SLACK_CHANNEL/],
    ["not_in_channel", /Invite/],
    ["invalid_blocks", /fault in OpsAgent/],
  ])("does not repeat %s", async (word, remedy) => {
    slack.script({ json: { ok: false, error: word } });

    const error = await failure();

    expect(slack.calls).toHaveLength(1);
    expect(error).toMatchObject({ code: "slack-failed", retryable: false });
    expect(error.message).toContain(word);
    expect(error.remedy).toMatch(remedy);
  });

  it("does not repeat an answer that it cannot read: the message may be there", async () => {
    slack.script({ body: "<html>a proxy's page</html>" });

    const error = await failure();

    expect(slack.calls).toHaveLength(1);
    expect(error.retryable).toBe(false);
  });

  it("posts one message after the other", async () => {
    const { update } = app();

    await Promise.all(
      [1, 2, 3].map((count) =>
        update(moment({ incident: { ...resolvedIncident(), id: `inc-${count}`, summary: `${count}` } })),
      ),
    );

    expect(slack.calls.map(({ text }) => text)).toEqual(["1", "2", "3"]);
  });
});

it("never shows the token, in an error or on the console", async () => {
  const written: string[] = [];
  const streams = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, "write").mockImplementation((chunk) => written.push(String(chunk)) > 0),
  );
  const consoles = (["log", "info", "warn", "error", "debug"] as const).map((name) =>
    vi.spyOn(console, name).mockImplementation((...said) => void written.push(JSON.stringify(said))),
  );
  slack.script(
    { json: { ok: false, error: `x_${TOKEN.replaceAll("-", "_")}` } },
    { status: 500, body: TOKEN },
    "reset",
  );

  const errors = [
    await failure({ maxAttempts: 1 }),
    await failure({ maxAttempts: 1 }),
    await failure({ maxAttempts: 1 }),
    await failure({ maxAttempts: 1, apiUrl: `http://127.0.0.1:1/${TOKEN}/` }),
    // fetch repeats a header that it cannot send.
    await failure({ maxAttempts: 1, token: `${TOKEN}\nx` }),
  ];

  for (const spy of [...streams, ...consoles]) spy.mockRestore();
  for (const error of errors) {
    written.push(`${error.message} ${error.remedy} ${error.stack} ${JSON.stringify(error)} ${error.cause}`);
  }
  expect(written.join("\n")).not.toContain(TOKEN);
});
