import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { listenForFaults } from "./faults.ts";
import { log } from "./log.ts";

/** Answers one request that is not a health check. */
export type Handler = (request: IncomingMessage, response: ServerResponse, path: string) => void;

/** Runs a demo service on `PORT` of loopback: `/healthz`, the given routes, and an orderly end on SIGTERM. */
export function runService(name: string, version: string, handle: Handler): void {
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    if (path === "/healthz") respond(response, 200, { status: "ok" });
    else handle(request, response, path);
  });
  // Longer than the idle timeout of the load balancer, or it would send requests into closed connections.
  server.keepAliveTimeout = 75_000;
  server.listen(Number(process.env["PORT"]), "127.0.0.1", () => {
    log("INFO", "server", `${name} ${version} listening on port ${process.env["PORT"]}`);
  });
  process.on("SIGTERM", () => {
    log("INFO", "server", "SIGTERM received, finishing open requests");
    server.close(() => process.exit(143));
    server.closeIdleConnections();
    setTimeout(() => process.exit(143), 1000);
  });
  listenForFaults();
}

/** Sends a small JSON body. */
export function respond(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
