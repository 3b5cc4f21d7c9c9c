/** The HTTP interface on a real server over a real store, for tests from outside. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { createHttpApp, type HttpAppDependencies } from "../../src/interfaces/http/app.ts";
import { type ApprovalDesk, answersOf, brakeOf, openDesk } from "./approval-desk.ts";

export const SIGNING_SECRET = "8f742231b10e8888abcd99yyyzzz85a5";
export const PAGER_SECRET = "pager-secret-of-at-least-24";
export const READER_SECRET = "reader-secret-of-at-least-24";

export interface HttpDesk extends ApprovalDesk {
  readonly url: string;
  /** What Slack was told through response_url. */
  readonly replies: { readonly url: string; readonly body: string }[];
  request(path: string, init?: RequestInit): Promise<Answer>;
  close(): Promise<void>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; undefined where it is none. */
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

export async function openHttpDesk(over: Partial<HttpAppDependencies> = {}): Promise<HttpDesk> {
  const desk = openDesk();
  const replies: { url: string; body: string }[] = [];
  const app = createHttpApp({
    approvals: answersOf(desk),
    brake: brakeOf(desk),
    records: desk.store,
    book: desk.store,
    slack: { signingSecret: SIGNING_SECRET },
    tokens: [
      { name: "pager", secret: PAGER_SECRET },
      { name: "reader", secret: READER_SECRET },
    ],
    logger: desk.logger,
    now: desk.now,
    handle: async () => ({ incidents: ["inc-1"] }),
    fetch: async (url, init) => {
      replies.push({ url: String(url), body: String(init?.body) });
      return new Response("ok");
    },
    ...over,
  });
  const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" });
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return Object.assign(desk, {
    url,
    replies,
    request: async (path: string, init?: RequestInit): Promise<Answer> => {
      const response = await fetch(`${url}${path}`, init);
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, json: parsed(text) };
    },
    close: async () => {
      if ("closeAllConnections" in server) server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      desk.store.close();
    },
  });
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
