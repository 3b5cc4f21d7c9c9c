/** The agent's two receivers in a drill, on loopback: Lambda invocations from SNS, and a local Slack. */
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Receivers {
  readonly invokeUrl: string;
  readonly slackUrl: string;
  /** Every message posted to the local Slack, oldest first. */
  readonly messages: readonly { readonly text: string }[];
  close(): Promise<void>;
}

/**
 * Starts them. `onEvent` gets each invocation's payload; the answer is sent at once, as for an asynchronous
 * invocation.
 */
export async function startReceivers(onEvent: (event: unknown) => void): Promise<Receivers> {
  const messages: { text: string }[] = [];
  const server = createServer(async (request, response) => {
    const body = await read(request);
    if (request.url === "/invoke") {
      response.writeHead(202).end();
      onEvent(JSON.parse(body));
    } else {
      messages.push(JSON.parse(body) as { text: string });
      response.writeHead(200, { "content-type": "text/plain" }).end("ok");
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    invokeUrl: `http://127.0.0.1:${port}/invoke`,
    slackUrl: `http://127.0.0.1:${port}/slack`,
    messages,
    close: () => closeServer(server),
  };
}

function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
