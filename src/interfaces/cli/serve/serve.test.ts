import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type ApprovalDesk, answersOf, brakeOf, openDesk } from "../../../../test/support/approval-desk.ts";
import type { ServingAgent } from "../with-agent.ts";
import { refuseWithoutAuth, type Server, startServer } from "./serve.ts";

const SECRET = "a-secret-of-at-least-24-characters";
const TOKENS = [{ name: "pager", secret: SECRET }];
const bearer = { authorization: `Bearer ${SECRET}` };

describe("a server over an agent", () => {
  let desk: ApprovalDesk;
  let resumed: number;
  let events: unknown[];
  let release: () => void;
  let server: Server | undefined;
  let url: string;

  beforeEach(async () => {
    desk = openDesk();
    [resumed, events] = [0, []];
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const agent: ServingAgent = {
      store: desk.store,
      approvals: answersOf(desk),
      accept: async (event) => {
        events.push(event);
        if (event === "slow") await held;
        return { incidents: ["inc-1"] };
      },
      resume: async () => ++resumed,
      notReady: async () => undefined,
      brake: brakeOf(desk),
      stop: async () => {},
    };
    const config = { slackSigningSecret: undefined, httpTokens: TOKENS };
    server = await startServer(agent, { host: "127.0.0.1", port: 0, config, logger: desk.logger });
    url = `http://127.0.0.1:${server.port}`;
  });
  afterEach(async () => {
    release();
    await server?.close();
    desk.store.close();
  });

  it("goes on with what was left, and accepts events", async () => {
    const answer = await fetch(`${url}/events`, { method: "POST", headers: bearer, body: '{"a":1}' });

    expect(resumed).toBe(1);
    expect(answer.status).toBe(202);
    expect(events).toEqual(['{"a":1}']);
  });

  it("finishes the request under way before it is closed, and takes no other", async () => {
    const underWay = fetch(`${url}/events`, { method: "POST", headers: bearer, body: "slow" });
    await expect.poll(() => events.length).toBe(1);

    const closed = server?.close();
    const refused = await fetch(`${url}/health`).catch(() => "refused");
    release();
    const answer = await underWay;
    await closed;

    expect(refused).toBe("refused");
    expect(answer.status).toBe(202);
  });
});

it("stops again when what was left cannot be gone on with", async () => {
  const desk = openDesk();
  const agent: ServingAgent = {
    store: desk.store,
    approvals: answersOf(desk),
    accept: async () => ({ incidents: [] }),
    resume: () => Promise.reject(new Error("the store is gone")),
    notReady: async () => undefined,
    brake: brakeOf(desk),
    stop: async () => {},
  };
  const config = { slackSigningSecret: undefined, httpTokens: [] };

  const started = startServer(agent, { host: "127.0.0.1", port: 0, config, logger: desk.logger });
  await expect(started).rejects.toThrow("the store is gone");
  const port = Number(/"port":(\d+)/.exec(desk.logged.join())?.[1]);
  const socket = connect(port, "127.0.0.1");
  const [fault] = await once(socket, "error");
  desk.store.close();

  expect(fault).toMatchObject({ code: "ECONNREFUSED" });
});

describe("an address that others can reach", () => {
  const nothing = { slackSigningSecret: undefined, httpTokens: [] };

  it.each(["0.0.0.0", "::", "10.0.0.5", "localhost.evil.example", "127.evil.example"])(
    "is refused where nobody would have to prove anything: %s",
    (host) => {
      expect(() => refuseWithoutAuth(host, nothing)).toThrow(
        expect.objectContaining({ code: "config-invalid", remedy: expect.stringContaining("127.0.0.1") }),
      );
    },
  );

  it("is taken with a signing secret or a token", () => {
    expect(() => refuseWithoutAuth("0.0.0.0", { ...nothing, slackSigningSecret: "s" })).not.toThrow();
    expect(() => refuseWithoutAuth("0.0.0.0", { ...nothing, httpTokens: TOKENS })).not.toThrow();
  });

  it.each(["127.0.0.1", "127.0.0.2", "localhost", "::1"])("is not %s", (host) => {
    expect(() => refuseWithoutAuth(host, nothing)).not.toThrow();
  });
});
