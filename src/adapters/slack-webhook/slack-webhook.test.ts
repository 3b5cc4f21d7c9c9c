import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { scaleQuestion } from "../../../test/samples/approvals.ts";
import { at } from "../../../test/samples/evidence.ts";
import { resolvedIncident } from "../../../test/samples/incidents.ts";
import { OpsAgentError } from "../../domain/errors.ts";
import { renderApproval, renderApprovalClosed } from "../../notification/slack/slack-approval.ts";
import { renderSlackMessage } from "../../notification/slack/slack-message.ts";
import { createSlackWebhook, type SlackWebhookOptions } from "./slack-webhook.ts";

type Answer = (response: ServerResponse, request: IncomingMessage) => void;

const SECRET = "/services/T0AAAAAAA/B0BBBBBBB/sEcReTsEcReTsEcReTsEcReT";
const answer =
  (status: number, body: string, headers = {}): Answer =>
  (response) =>
    response.writeHead(status, headers).end(body);
const ok = answer(200, "ok");

let answers: Answer[];
let bodies: string[];
let slept: number[];
let origin: string;
const server = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => {
    body += chunk;
  });
  request.on("end", () => {
    bodies.push(body);
    (answers.shift() ?? ok)(response, request);
  });
});

beforeEach(async () => {
  [answers, bodies, slept] = [[], [], []];
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const notifier = (options: Partial<SlackWebhookOptions> = {}) =>
  createSlackWebhook({
    url: origin + SECRET,
    render: renderSlackMessage,
    renderApproval: (approval) => renderApproval(approval, { buttons: false }),
    renderClosed: renderApprovalClosed,
    sleep: async (milliseconds) => slept.push(milliseconds),
    ...options,
  });

const failure = async (options: Partial<SlackWebhookOptions> = {}): Promise<OpsAgentError> => {
  const error = await notifier(options)
    .notify(resolvedIncident())
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(OpsAgentError);
  return error as OpsAgentError;
};

it("posts text and blocks once, without unfurling links", async () => {
  await notifier().notify(resolvedIncident());

  expect(bodies).toHaveLength(1);
  const sent = JSON.parse(bodies[0] ?? "");
  expect(sent).toEqual({
    ...renderSlackMessage(resolvedIncident()),
    unfurl_links: false,
    unfurl_media: false,
  });
});

it("posts a question with the line that answers it, and no buttons", async () => {
  const question = scaleQuestion();

  const place = await notifier().ask(question);

  expect(place).toBeUndefined();
  const [sent] = bodies.map((body) => JSON.parse(body));
  expect(sent.text).toContain(
    `opsagent approve ${question.incidentId} --plan ${question.planHash.slice(0, 8)}`,
  );
  expect(JSON.stringify(sent.blocks)).not.toContain('"actions"');
});

it("tells what became of a question in a message of its own", async () => {
  await notifier().close(scaleQuestion({ answer: { verdict: "expired", at: at(1_800) } }));

  const [sent] = bodies.map((body) => JSON.parse(body));
  expect(sent.text).toContain("Answer: none until 2026-11-23 07:30:00 UTC, which means no");
});

it("waits as long as Retry-After asks, then posts again", async () => {
  answers = [answer(429, "rate_limited", { "retry-after": "7" }), ok];

  await notifier().notify(resolvedIncident());

  expect(slept).toEqual([7_000]);
  expect(bodies).toHaveLength(2);
});

it("gives up at once when Slack asks for a longer wait than it may take", async () => {
  answers = [answer(429, "rate_limited", { "retry-after": "900" })];

  const error = await failure();

  expect(error.message).toBe(
    "Slack did not take the message (1 try): HTTP 429 rate_limited, asked to wait 900 s",
  );
  expect(error.retryable).toBe(true);
  expect(slept).toEqual([]);
});

it("retries 5xx and dropped connections with growing waits", async () => {
  answers = [answer(503, "unavailable"), (response) => response.destroy(), ok];

  await notifier().notify(resolvedIncident());

  expect(slept).toEqual([500, 1_000]);
  expect(bodies).toHaveLength(3);
});

it("stops after a bounded number of tries", async () => {
  answers = Array.from({ length: 9 }, () => answer(500, "<html>Internal Server Error</html>"));

  const error = await failure({ maxAttempts: 3 });

  expect(bodies).toHaveLength(3);
  expect(error).toMatchObject({ code: "slack-failed", retryable: true });
  expect(error.message).toBe("Slack did not take the message (3 tries): HTTP 500");
  expect(error.remedy).toContain("slack-status.com");
});

it.each([
  [400, "invalid_payload", /fault in OpsAgent/],
  [403, "action_prohibited", /administrator/],
  [404, "no_service", /SLACK_WEBHOOK_URL/],
  [410, "channel_is_archived", /Restore the channel/],
  [418, "never_heard_of", /SLACK_WEBHOOK_URL/],
])("does not retry %i %s", async (status, body, remedy) => {
  answers = [answer(status, body)];

  const error = await failure();

  expect(bodies).toHaveLength(1);
  expect(error).toMatchObject({ code: "slack-failed", retryable: false });
  expect(error.message).toContain(`HTTP ${status} ${body}`);
  expect(error.remedy).toMatch(remedy);
});

it("gives up on an answer that never comes", async () => {
  answers = [() => {}, () => {}];

  const error = await failure({ maxAttempts: 2, timeoutMs: 50 });

  expect(error.message).toBe("Slack did not take the message (2 tries): no answer in time");
});

it("follows no redirect, which could carry the message elsewhere", async () => {
  answers = [answer(302, "", { location: `${origin}/elsewhere` })];

  await failure({ maxAttempts: 1 });

  expect(bodies).toHaveLength(1);
});

it("never shows the webhook's address", async () => {
  answers = [answer(400, `no_service for ${origin}${SECRET}`), answer(404, "sEcReTsEcReTsEcReTsEcReT")];
  const throwing = async () => {
    throw new Error(`connect failed to ${origin}${SECRET}`, { cause: new Error(`path ${SECRET}`) });
  };

  const errors = [
    await failure(),
    await failure(),
    await failure({ fetch: throwing, maxAttempts: 1 }),
    await failure({ url: `http://127.0.0.1:1${SECRET}`, maxAttempts: 1 }),
  ];

  for (const error of errors) {
    const everything = `${error.message} ${error.remedy} ${error.stack} ${JSON.stringify(error)} ${error.cause}`;
    expect(everything).not.toMatch(/sEcReT|T0AAAAAAA|B0BBBBBBB/);
  }
});

it("refuses an address that is none, without repeating it", () => {
  const create = () => notifier({ url: "hooks.slack.com/services/T0/B0/sEcReT" });

  expect(create).toThrow(expect.objectContaining({ code: "config-invalid" }));
  expect(create).not.toThrow(/sEcReT/);
});

it("reads Retry-After as a date too", async () => {
  const soon = new Date(Date.now() + 20_000).toUTCString();
  answers = [answer(429, "rate_limited", { "retry-after": soon }), ok];

  await notifier().notify(resolvedIncident());

  expect(slept[0]).toBeGreaterThan(15_000);
  expect(slept[0]).toBeLessThanOrEqual(20_000);
});
