import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { scaleQuestion } from "../../../test/samples/approvals.ts";
import { at } from "../../../test/samples/evidence.ts";
import { resolvedIncident } from "../../../test/samples/incidents.ts";
import { type HttpDesk, openHttpDesk, PAGER_SECRET, READER_SECRET } from "../../../test/support/http-desk.ts";
import { keepRecord } from "../../../test/support/keep-record.ts";
import { OpsAgentError } from "../../domain/errors.ts";

const question = scaleQuestion();
const APPROVE = `/incidents/${question.incidentId}/approve`;
const DENY = `/incidents/${question.incidentId}/deny`;
const SHOW = `/incidents/${question.incidentId}/approval`;

let desk: HttpDesk;
beforeEach(async () => {
  desk = await openHttpDesk();
  await desk.store.ask(question);
});
afterEach(() => desk.close());

const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
const post = (body: unknown, headers: Record<string, string> = bearer(PAGER_SECRET)): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body: typeof body === "string" ? body : JSON.stringify(body),
});
const yes = { planHash: question.planHash };
const answerOf = async () => (await desk.store.approval(question.id))?.answer;

describe("answers", () => {
  it.each([
    [APPROVE, "approved"],
    [DENY, "denied"],
  ])("POST %s", async (path, verdict) => {
    const answer = await desk.request(path, post({ ...yes, note: "seen" }));

    expect(answer).toMatchObject({ status: 200, json: { outcome: "recorded", remedy: expect.any(String) } });
    const by = { channel: "http", id: "pager" };
    expect(await answerOf()).toEqual({ verdict, at: at(60), by, note: "seen" });
    expect(desk.resumed).toEqual([{ callbackId: question.callbackId, verdict }]);
    expect(answer.text).not.toContain(question.callbackId);
  });

  it.each<[string, number, string, () => RequestInit, number]>([
    [
      "a client that is not on the policy's list",
      403,
      "not-allowed",
      () => post(yes, bearer(READER_SECRET)),
      60,
    ],
    ["another plan", 409, "other-plan", () => post({ planHash: "f".repeat(64) }), 60],
    ["an answer after the deadline", 410, "past-deadline", () => post(yes), 1_801],
    [
      "a part of the plan's hash",
      400,
      "answer-unreadable",
      () => post({ planHash: question.planHash.slice(0, 8) }),
      60,
    ],
    ["an unknown field", 400, "answer-unreadable", () => post({ ...yes, force: true }), 60],
    ["no JSON", 400, "answer-unreadable", () => post("{"), 60],
    [
      "a form, as a web page could send it",
      415,
      "wrong-content-type",
      () => post(yes, { ...bearer(PAGER_SECRET), "content-type": "text/plain" }),
      60,
    ],
    ["too much", 413, "too-large", () => post({ ...yes, note: "x".repeat(70_000) }), 60],
    ["no token", 401, "unauthorized", () => post(yes, {}), 60],
    ["an unknown token", 401, "unauthorized", () => post(yes, bearer("x".repeat(28))), 60],
    ["half a token", 401, "unauthorized", () => post(yes, bearer(PAGER_SECRET.slice(0, -1))), 60],
    [
      "a token in another scheme",
      401,
      "unauthorized",
      () => post(yes, { authorization: `Basic ${PAGER_SECRET}` }),
      60,
    ],
  ])("refuses %s", async (_, status, code, request, second) => {
    desk.second = second;

    const answer = await desk.request(APPROVE, request());

    expect(answer).toMatchObject({
      status,
      json: { code, message: expect.stringMatching(/./), remedy: expect.stringMatching(/./) },
    });
    expect(await answerOf()).toBeUndefined();
    expect(desk.resumed).toEqual([]);
  });

  it("says who answered before", async () => {
    await desk.request(DENY, post(yes));

    const answer = await desk.request(APPROVE, post(yes));

    expect(answer).toMatchObject({ status: 409, json: { code: "already-answered" } });
    expect(answer.json?.["message"]).toContain("Already denied by pager (http)");
  });

  it("knows no question of another incident", async () => {
    const answer = await desk.request("/incidents/inc-other/approve", post(yes));

    expect(answer).toMatchObject({ status: 404, json: { code: "unknown" } });
  });

  it("answers 503 when the store fails, and 500 without details for any other fault", async () => {
    const faults = [
      new OpsAgentError({ code: "store-failed", message: "Disk full.", remedy: "Free some." }),
      new Error(`undefined is not a function near ${PAGER_SECRET}`),
    ];
    const other = await openHttpDesk({ approvals: { answer: () => Promise.reject(faults.shift()) } });

    const answers = [await other.request(APPROVE, post(yes)), await other.request(APPROVE, post(yes))];
    await other.close();

    expect(answers.map(({ status }) => status)).toEqual([503, 500]);
    expect(answers[0]?.json).toEqual({ code: "store-failed", message: "Disk full.", remedy: "Free some." });
    expect(answers[1]?.text).not.toMatch(/undefined|pager-secret/);
  });
});

describe("reading", () => {
  it("shows the questions of an incident without what wakes it", async () => {
    const answer = await desk.request(SHOW, { headers: bearer(READER_SECRET) });

    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      approvals: [
        {
          id: question.id,
          planHash: question.planHash,
          change: expect.stringContaining("scale from 2 to 4"),
        },
      ],
    });
    expect(answer.text).not.toMatch(/callback|messages/);
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  it("shows none for an incident that has none, and 404 for no incident", async () => {
    const incident = { ...resolvedIncident(), id: "inc-without" };
    await keepRecord(desk.store, incident);

    const none = await desk.request("/incidents/inc-without/approval", { headers: bearer(READER_SECRET) });
    const unknown = await desk.request("/incidents/inc-no/approval", { headers: bearer(READER_SECRET) });

    expect(none.json).toEqual({ incidentId: "inc-without", approvals: [] });
    expect(unknown).toMatchObject({ status: 404, json: { code: "incident-unknown" } });
  });

  it("needs a token", async () => {
    const answer = await desk.request(SHOW);

    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
  });
});

describe("events", () => {
  it("passes an event on as it came and answers 202", async () => {
    const events: string[] = [];
    const other = await openHttpDesk({
      handle: async (event) => {
        events.push(event);
        return { incidents: ["inc-7"] };
      },
    });

    const answer = await other.request("/events", post('{"service": "shop" }'));
    const refused = await other.request("/events", post("{}", {}));
    await other.close();

    expect(answer).toMatchObject({ status: 202, json: { incidents: ["inc-7"] } });
    expect(refused.status).toBe(401);
    expect(events).toEqual(['{"service": "shop" }']);
  });

  it("answers 503 when the event could not be kept, so that the sender tries again", async () => {
    const fault = new OpsAgentError({ code: "store-failed", message: "Disk full.", remedy: "Free some." });
    const other = await openHttpDesk({ handle: () => Promise.reject(fault) });

    const answer = await other.request("/events", post("{}"));
    await other.close();

    expect(answer.status).toBe(503);
  });
});

it("answers its health to anybody, and nothing more", async () => {
  const answer = await desk.request("/health");

  expect(answer).toMatchObject({ status: 200, json: { status: "ok" } });
});

it.each([
  ["GET", "/"],
  ["GET", "/nowhere"],
  ["GET", APPROVE],
  ["DELETE", SHOW],
  ["GET", "/slack/actions"],
  ["POST", "/health"],
])("answers 404 as JSON to %s %s", async (method, path) => {
  const answer = await desk.request(path, { method, headers: bearer(PAGER_SECRET) });

  expect(answer).toMatchObject({ status: 404, json: { code: "not-found", remedy: expect.any(String) } });
});

it("logs refusals without any secret", async () => {
  await desk.request(APPROVE, post(yes, bearer("guess-guess-guess-guess-guess")));
  await desk.request(APPROVE, post(yes));

  expect(desk.logged.join()).toContain("http-refused");
  expect(desk.logged.join()).not.toMatch(/guess-guess|pager-secret|callback-secret/);
});
