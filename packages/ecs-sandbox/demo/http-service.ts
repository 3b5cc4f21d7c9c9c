import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { passRequest } from "./conditions.ts";
import { listenForFaults } from "./faults.ts";
import { log } from "./log.ts";
import { startJob } from "./periodic-job.ts";
import { warmCache } from "./warm-cache.ts";

/** Answers one request that is not a health check. */
export type Handler = (request: IncomingMessage, response: ServerResponse, path: string) => void;

/** A demo service. `healthPath` is `/healthz` unless said otherwise. */
export interface ServiceOptions {
  readonly name: string;
  readonly version: string;
  readonly healthPath?: string | undefined;
  /** How long it is not ready after its start: until then everything is answered with 503. */
  readonly warmUpMs?: number | undefined;
  /** With `HEALTH_CHECK_DEPTH=pool`: rejects when the service cannot reach its database, and the check answers 503. */
  readonly checkPool?: (() => Promise<void>) | undefined;
}

const depth = process.env["HEALTH_CHECK_DEPTH"];
/** With `HEALTH_CHECK_DEPTH=full` it first calls every dependency, which takes time. */
const healthCheckMs = depth === "full" ? 1400 : 0;

/** Runs a demo service on `PORT` of loopback: health checks, the given routes, and an orderly end on SIGTERM. */
export function runService(options: ServiceOptions, handle: Handler): void {
  const healthPath = options.healthPath ?? "/healthz";
  let isReady = options.warmUpMs === undefined;
  const server = createServer((request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    if (!isReady) respond(response, 503, { status: "starting" });
    else if (path === healthPath) setTimeout(() => answerCheck(response, options.checkPool), healthCheckMs);
    else if (path === "/healthz") respond(response, 404, { error: "not found" });
    else passRequest(path, response, () => handle(request, response, path));
  });
  if (options.warmUpMs !== undefined) {
    log("INFO", "prices", "reading the price history, 36 months");
    setTimeout(() => {
      isReady = true;
      log("INFO", "prices", "price history read, ready for orders");
    }, options.warmUpMs);
  }
  // Longer than the idle timeout of the load balancer, or it would send requests into closed connections.
  server.keepAliveTimeout = 75_000;
  server.listen(Number(process.env["PORT"]), "127.0.0.1", () => {
    log("INFO", "server", `${options.name} ${options.version} listening on port ${process.env["PORT"]}`);
  });
  process.on("SIGTERM", () => {
    log("INFO", "server", "SIGTERM received, finishing open requests");
    server.close(() => process.exit(143));
    server.closeIdleConnections();
    setTimeout(() => process.exit(143), 1000);
  });
  warmCache();
  startJob(options.name);
  listenForFaults();
}

function answerCheck(response: ServerResponse, checkPool: ServiceOptions["checkPool"]): void {
  const checked = depth === "pool" ? checkPool?.() : undefined;
  Promise.resolve(checked).then(
    () => respond(response, 200, { status: "ok" }),
    (error: Error) => {
      log("WARN", "health", `not ready: ${error.message}`);
      respond(response, 503, { status: "down", database: error.message });
    },
  );
}

/** Sends a small JSON body. */
export function respond(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
