/** Somebody else's system on loopback, which takes what OpsAgent sends out, for tests through the real client. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface LocalReceiver {
  /** Its address, without a path. */
  readonly url: string;
  /** Every request, taken or not, oldest first. */
  readonly received: readonly Received[];
  close(): Promise<void>;
}

export interface ReceiverAnswer {
  readonly status: number;
  readonly retryAfter?: string;
}

/** Starts one that gives these answers in order, and then takes everything. */
export async function startLocalReceiver(answers: ReceiverAnswer[] = []): Promise<LocalReceiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    received.push({ path: request.url ?? "", headers: request.headers, body: await text(request) });
    const { status, retryAfter } = answers.shift() ?? { status: 202 };
    response.writeHead(status, retryAfter === undefined ? {} : { "retry-after": retryAfter }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
