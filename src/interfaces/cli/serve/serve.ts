/** OpsAgent as a server: takes events and answers over HTTP, and goes on with what an earlier process left. */
import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import type { ServerMetrics } from "../../../adapters/prometheus/metrics.ts";
import { OpsAgentError } from "../../../domain/errors.ts";
import type { Logger } from "../../../domain/ports.ts";
import type { Config } from "../../../wiring/config.ts";
import { readConfig } from "../../../wiring/read-config.ts";
import { createHttpApp } from "../../http/app.ts";
import type { DashboardSettings } from "../../http/dashboard/routes.ts";
import { limitConnections } from "../../http/traffic/connection-limit.ts";
import { EXIT } from "../exit-code.ts";
import { startLines } from "../start-lines.ts";
import { complain, stderrLog, usableConfig } from "../terminal.ts";
import { type ServingAgent, startAgent } from "../with-agent.ts";
import { boundMemory } from "./bounded-memory.ts";
import { dashboardAddress, dashboardOf, isLoopback } from "./dashboard.ts";

export interface ServeOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/** Adds `serve`. */
export function addServeCommand(program: Command, exit: (code: number) => void): void {
  program
    .command("serve")
    .description("take events, Slack's buttons and answers over HTTP, and work on incidents until stopped")
    .option("--port <n>", "the port", port, 8585)
    .option("--host <address>", "the address to listen on", "127.0.0.1")
    .option("--json", "logs are JSON lines on standard error anyway")
    .action(async (options: ServeOptions) => exit(await serveCommand(options)));
}

/**
 * Serves until SIGTERM or SIGINT; a second one ends the process at once. Returns the exit code. Throws
 * `config-invalid` for an unusable configuration, a port in use, or an open address that nobody would have to
 * prove anything to.
 */
export async function serveCommand(options: ServeOptions): Promise<number> {
  boundMemory();
  const config = usableConfig(readConfig());
  const logger = stderrLog();
  refuseWithoutAuth(options.host, config);
  // From here on a signal stops it in order, also one that comes while it starts.
  const signalled = firstSignal();
  const { createServerMetrics } = await import("../../../adapters/prometheus/metrics.ts");
  const metrics = createServerMetrics(async () => (await agent.store.open()).length);
  const agent = startAgent(config, logger, metrics);
  let server: Server;
  try {
    for (const line of await startLines(config, agent)) complain(line);
    const dashboard = dashboardOf(agent.store, config, options.host, agent.policyState);
    server = await startServer(agent, { ...options, config, logger, metrics, dashboard });
    complain(`The dashboard is at ${dashboardAddress(options.host, server.port)}`);
  } catch (fault) {
    await agent.stop();
    throw fault;
  }
  const starting = new AbortController();
  void lookAround(config, logger, starting.signal);
  const signal = await signalled;
  starting.abort();
  logger.info("server-stopping", { signal });
  await server.close();
  await agent.stop();
  return EXIT.done;
}

/** Loaded once the server answers, so that it does not answer later for it. */
async function lookAround(config: Config, logger: Logger, signal: AbortSignal): Promise<void> {
  try {
    const { checkAtStart } = await import("./check-at-start.ts");
    if (!signal.aborted) await checkAtStart(config, logger, signal);
  } catch (error) {
    logger.warn("start-check", { status: "failed", seen: String(error) });
  }
}

export interface Server {
  readonly port: number;
  /** Takes no more requests, lets those under way finish within a bounded time, then returns. */
  close(): Promise<void>;
}

/** Milliseconds that requests under way get when the server closes. */
const CLOSE_WITHIN_MS = 5_000;

/** Who sends headers or a body too slowly is cut off; each in milliseconds. Keep-alive outlasts a load balancer's minute. */
const SLOW_CLIENTS = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 65_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16 * 1_024,
};

/** Beyond them the connection that was idle for longest is closed; each open one costs some tens of kilobytes. */
const MOST_CONNECTIONS = 2_000;

/** Listens first, so that nothing is worked on where nobody could be answered, then resumes what is unfinished. */
export async function startServer(
  agent: ServingAgent,
  given: ServeOptions & {
    readonly config: Pick<Config, "slackSigningSecret" | "httpTokens"> & Partial<Pick<Config, "webhooks">>;
    readonly logger: Logger;
    readonly dashboard?: Omit<DashboardSettings, "closing">;
    readonly metrics?: ServerMetrics;
    /** Fetches SNS's certificates and Slack's addresses; the global one unless a test gives its own. */
    readonly fetch?: typeof fetch;
  },
): Promise<Server> {
  const { host, port, config, logger, metrics } = given;
  const { webhooks } = config;
  const closing = new AbortController();
  const { serve } = await import("@hono/node-server");
  const app = createHttpApp({
    approvals: agent.approvals,
    brake: agent.brake,
    records: agent.store,
    book: agent.store,
    slack: config.slackSigningSecret === undefined ? undefined : { signingSecret: config.slackSigningSecret },
    tokens: config.httpTokens,
    logger,
    now: () => new Date(),
    handle: (event, sender) => agent.accept(event, sender),
    dashboard: given.dashboard && { ...given.dashboard, closing: closing.signal },
    ...(given.fetch === undefined ? {} : { fetch: given.fetch }),
    webhooks: webhooks && { ...webhooks, tokens: [...config.httpTokens, ...webhooks.tokens] },
    countWebhook: metrics?.webhook,
    operations: metrics && { notReady: agent.notReady, metrics, exposed: !isLoopback(host) },
  });
  const server = serve({ fetch: app.fetch, port, hostname: host, serverOptions: SLOW_CLIENTS });
  limitConnections(server, MOST_CONNECTIONS);
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", (cause: NodeJS.ErrnoException) => reject(notListening(given, cause)));
  });
  const address = server.address();
  const bound = typeof address === "object" && address !== null ? address.port : port;
  logger.info("server-listening", { host, port: bound });
  const close = () =>
    new Promise<void>((resolve) => {
      closing.abort();
      const force = setTimeout(() => {
        if ("closeAllConnections" in server) server.closeAllConnections();
      }, CLOSE_WITHIN_MS);
      server.close(() => {
        clearTimeout(force);
        resolve();
      });
      if ("closeIdleConnections" in server) server.closeIdleConnections();
    });
  try {
    await agent.resume();
  } catch (fault) {
    await close();
    throw fault;
  }
  return { port: bound, close };
}

/** Whoever reaches an open address could otherwise do nothing useful, or one day too much. */
export function refuseWithoutAuth(
  host: string,
  {
    slackSigningSecret,
    httpTokens,
    webhooks,
  }: Pick<Config, "slackSigningSecret" | "httpTokens"> & Partial<Pick<Config, "webhooks">>,
): void {
  const senders = (webhooks?.tokens.length ?? 0) + (webhooks?.snsTopics.length ?? 0) > 0;
  if (isLoopback(host) || slackSigningSecret !== undefined || httpTokens.length > 0 || senders) return;
  throw new OpsAgentError({
    code: "config-invalid",
    message: `Other machines can reach ${host}, and neither SLACK_SIGNING_SECRET nor OPSAGENT_HTTP_TOKENS is set.`,
    remedy: "Set one of them, or listen on 127.0.0.1.",
  });
}

function notListening({ host, port }: ServeOptions, cause: NodeJS.ErrnoException): OpsAgentError {
  return new OpsAgentError({
    code: "config-invalid",
    message: `The server cannot listen on ${host}:${port}: ${cause.code ?? cause.message}`,
    remedy: "Give --port a free port and --host an address of this machine.",
    cause,
  });
}

function firstSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const stop = (signal: NodeJS.Signals) => {
      process.off("SIGINT", stop).off("SIGTERM", stop);
      resolve(signal);
    };
    process.on("SIGINT", stop).on("SIGTERM", stop);
  });
}

function port(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) throw new InvalidArgumentError("It must be a port, 0 to 65535.");
  return value;
}
