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

/** Answers 415 to a compressed body and 413 to one above so many bytes, without reading the rest of it. */
export function smallBody(maxSize: number): MiddlewareHandler {
  const limit = bodyLimit({
    maxSize,
    onError: (c) =>
      refusal(c, 413, {
        code: "too-large",
        message: `The body is larger than ${maxSize / 1_024} KB.`,
        remedy: "Send one small request; nothing that OpsAgent takes here is so large.",
      }),
  });
  return async (c, next) => (isEncoded(c) ? refusal(c, 415, ENCODED) : limit(c, next));
}

/**
 * Whether the body is compressed. Nothing here is unpacked: what was signed or sized would not be what is read, and a
 * small body could become an endless one.
 */
export function isEncoded(c: Context): boolean {
  return !/^(identity)?$/i.test((c.req.header("content-encoding") ?? "").trim());
}

export const ENCODED: Refusal = {
  code: "encoded",
  message: "The body is compressed, which nothing here unpacks.",
  remedy: "Send it as it is, without Content-Encoding.",
};

export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** The answer where a sender may speak about nothing of what it sent; no sender repeats a request that got 403. */
export const OUT_OF_SCOPE: Refusal = {
  code: "out-of-scope",
  message:
    "The sender may not speak about this: the policy binds it to other services, clusters or another address.",
  remedy:
    "Send it with the secret that is meant for it, or add it to the sender's entry under `senders` in the policy.",
};

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
