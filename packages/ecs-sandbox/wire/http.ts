import type { IncomingMessage, Server } from "node:http";
import { gunzipSync } from "node:zlib";

/** The whole body of a request as text, decompressed when it says `content-encoding: gzip`. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return (request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body).toString("utf8");
}

/** Listens on loopback only; port 0 takes any free one. Resolves to the base URL. */
export async function listenOnLoopback(server: Server, port = 0): Promise<string> {
  // The default of 5 s would drop kept connections under a client that is just about to use them again.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      server.off("error", reject);
      resolve();
    });
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The server has no TCP address.");
  return `http://127.0.0.1:${address.port}`;
}

/** Stops listening and drops every open connection. */
export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
