/** Doors that only a known client passes, and the refusals that all doors share. */
import type { Context, MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import type { Logger } from "../../domain/ports.ts";
import type { IdentifyClient } from "./tokens.ts";

export type ClientVariables = { Variables: { client: string } };

/** Lets requests with a known bearer token through, as `client`; answers 401 to all others. */
export function onlyClients(identify: IdentifyClient, logger: Logger): MiddlewareHandler<ClientVariables> {
  return async (c, next) => {
    const client = identify(c.req.header("authorization"));
    if (client === undefined) {
      logger.warn("http-refused", { path: c.req.path, reason: "no known token" });
      c.header("www-authenticate", "Bearer");
      return refusal(c, 401, {
        code: "unauthorized",
        message: "The request has no token that is known here.",
        remedy: "Send `Authorization: Bearer SECRET` with a secret from OPSAGENT_HTTP_TOKENS.",
      });
    }
    c.set("client", client);
    return next();
  };
}

/** Answers 413 to a body above so many bytes, without reading the rest of it. */
export function smallBody(maxSize: number): MiddlewareHandler {
  return bodyLimit({
    maxSize,
    onError: (c) =>
      refusal(c, 413, {
        code: "too-large",
        message: `The body is larger than ${maxSize / 1_024} KB.`,
        remedy: "Send one small request; nothing that OpsAgent takes here is so large.",
      }),
  });
}

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export type RefusalStatus = 400 | 401 | 403 | 404 | 408 | 409 | 410 | 413 | 415 | 429 | 503;

export function refusal(c: Context, status: RefusalStatus, words: Refusal): Response {
  return c.json(words, status);
}

/** Whether the request's body is of this media type, parameters aside. */
export function hasType(c: Context, type: string): boolean {
  const [given = ""] = (c.req.header("content-type") ?? "").split(";");
  return given.trim().toLowerCase() === type;
}

export function wrongType(c: Context, wanted: string): Response {
  return refusal(c, 415, {
    code: "wrong-content-type",
    message: `The body is not ${wanted}.`,
    remedy: `Send the request with \`Content-Type: ${wanted}\`.`,
  });
}
