/** A Slack incoming webhook on loopback, for tests through the real library. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** One answer of the webhook; the last one of a script is repeated. */
export type SlackAnswer =
  | { readonly status: number; readonly body?: string; readonly retryAfter?: string }
  /** Closes the connection without an answer. */
  | "reset";

export interface SlackMessage {
  readonly text: string;
  readonly blocks: readonly unknown[];
}

export interface LocalSlack {
  /** The webhook's address; its path is the secret, as with the real one. */
  readonly url: string;
  /** The parts of the address that nobody else may see. */
  readonly secret: string;
  /** Every post, taken or not, oldest first. */
  readonly posts: readonly SlackMessage[];
  /** The posts that were answered with a success. */
  readonly messages: readonly SlackMessage[];
  close(): Promise<void>;
}

const SECRET = "wEbHoOkT0kEnOfThEtEsT24x";

/** Starts a webhook that answers with the script in order; without one it takes everything. */
export async function startLocalSlack(...script: readonly SlackAnswer[]): Promise<LocalSlack> {
  const posts: SlackMessage[] = [];
  const messages: SlackMessage[] = [];
  const server = createServer(async (request, response) => {
    const message = JSON.parse(await text(request)) as SlackMessage;
    const answer = script[Math.min(posts.length, script.length - 1)] ?? { status: 200 };
    posts.push(message);
    if (answer === "reset") {
      response.socket?.resetAndDestroy();
      return;
    }
    if (answer.status < 300) messages.push(message);
    const headers = answer.retryAfter === undefined ? {} : { "retry-after": answer.retryAfter };
    response.writeHead(answer.status, { "content-type": "text/plain", ...headers });
    response.end(answer.body ?? (answer.status < 300 ? "ok" : "no_service"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/services/T0TESTTEAM/B0TESTHOOK/${SECRET}`,
    secret: SECRET,
    posts,
    messages,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
