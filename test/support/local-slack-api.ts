/** Slack's Web API on loopback, for tests through the real library. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** One answer of the API: a success unless it says otherwise. */
export type SlackApiAnswer =
  | {
      readonly status?: number;
      readonly json?: unknown;
      readonly body?: string;
      readonly retryAfter?: string;
      /** What the token may do, as Slack says in a header. */
      readonly scopes?: string;
    }
  /** Closes the connection without an answer. */
  | "reset"
  /** Never answers. */
  | "hang";

export interface SlackApiCall {
  readonly method: string;
  readonly authorization: string | undefined;
  readonly text: string | null;
  readonly blocks: readonly { readonly type: string; readonly elements?: readonly unknown[] }[];
  readonly form: Readonly<Record<string, string>>;
}

export interface LocalSlackApi {
  /** What Slack's own address stands for; it ends with a slash. */
  readonly url: string;
  /** Every call, oldest first. */
  readonly calls: readonly SlackApiCall[];
  /** Answers for the calls to come; without any, every call succeeds. */
  script(...answers: readonly SlackApiAnswer[]): void;
  close(): Promise<void>;
}

/** Starts an API that takes every message into the channel with the id `C0LOCAL01`. */
export async function startLocalSlackApi(): Promise<LocalSlackApi> {
  const calls: SlackApiCall[] = [];
  const answers: SlackApiAnswer[] = [];
  const server = createServer(async (request, response) => {
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    calls.push({
      method: (request.url ?? "").replace("/api/", ""),
      authorization: request.headers.authorization,
      text: form["text"] ?? null,
      blocks: JSON.parse(form["blocks"] ?? "[]"),
      form,
    });
    const answer = answers.shift() ?? {};
    if (answer === "hang") return;
    if (answer === "reset") {
      response.socket?.resetAndDestroy();
      return;
    }
    const headers = {
      ...(answer.retryAfter === undefined ? {} : { "retry-after": answer.retryAfter }),
      ...(answer.scopes === undefined ? {} : { "x-oauth-scopes": answer.scopes }),
    };
    response.writeHead(answer.status ?? 200, { "content-type": "application/json", ...headers });
    const taken = {
      ok: true,
      channel: "C0LOCAL01",
      ts: `1764000000.${String(calls.length).padStart(6, "0")}`,
    };
    response.end(answer.body ?? JSON.stringify(answer.json ?? taken));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/`,
    calls,
    script: (...more) => void answers.push(...more),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
