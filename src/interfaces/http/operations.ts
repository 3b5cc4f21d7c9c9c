/** For whoever operates the server: whether it lives, whether it can work, and what it did. */
import { Hono } from "hono";
import type { Logger } from "../../domain/ports.ts";
import { refusal } from "./client.ts";
import type { IdentifyClient } from "./tokens.ts";

export interface OperationSettings {
  /** Why the server cannot take events now; undefined when it can. Asked at most once a second, one at a time. */
  readonly notReady: () => Promise<NotReady | undefined>;
  readonly metrics: { readonly contentType: string; text(): Promise<string> };
  /** Others than this machine can reach the server: then the metrics need a token. */
  readonly exposed: boolean;
}

/** Both are sentences for whoever operates the server, without paths. */
export interface NotReady {
  readonly reason: string;
  readonly remedy: string;
}

interface OperationDependencies {
  readonly settings: OperationSettings;
  readonly identify: IdentifyClient;
  readonly logger: Logger;
  readonly now: () => Date;
}

const ASKED_EVERY_MS = 1_000;

/** `GET /ready` and `GET /metrics`. */
export function operationRoutes({ settings, identify, logger, now }: OperationDependencies): Hono {
  const routes = new Hono();
  let last: { readonly at: number; readonly problem: Promise<NotReady | undefined> } | undefined;
  const problem = (): Promise<NotReady | undefined> => {
    const at = now().getTime();
    if (last === undefined || at - last.at >= ASKED_EVERY_MS) last = { at, problem: settings.notReady() };
    return last.problem;
  };

  routes.get("/ready", async (c) => {
    const why = await problem();
    if (why === undefined) return c.json({ status: "ready" });
    logger.warn("not-ready", { ...why });
    return refusal(c, 503, {
      code: "not-ready",
      message: `The server cannot take events now: ${why.reason}`,
      remedy: why.remedy,
    });
  });

  routes.get("/metrics", async (c) => {
    if (settings.exposed && identify(c.req.header("authorization")) === undefined) {
      c.header("www-authenticate", "Bearer");
      return refusal(c, 401, {
        code: "unauthorized",
        message: "Beyond this machine the metrics need a token.",
        remedy: "Send `Authorization: Bearer SECRET` with a secret from OPSAGENT_HTTP_TOKENS.",
      });
    }
    return c.body(await settings.metrics.text(), 200, { "content-type": settings.metrics.contentType });
  });
  return routes;
}
