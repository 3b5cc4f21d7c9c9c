/** Whose secret a webhook carries: as a bearer token, as a basic password, or as EventBridge's API key. */
import type { Context } from "hono";
import { createTokenCheck, type HttpToken } from "../tokens.ts";

/** The client's name, or undefined. */
export type IdentifySender = (c: Context) => string | undefined;

export function createSenderCheck(tokens: readonly HttpToken[]): IdentifySender {
  const identify = createTokenCheck(tokens);
  return (c) => {
    const authorization = c.req.header("authorization");
    const [, encoded] = /^Basic +([A-Za-z0-9+/=]{1,4096})$/i.exec(authorization ?? "") ?? [];
    if (encoded !== undefined) {
      const [, user, password] =
        /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, "base64").toString("utf8")) ?? [];
      const client = identify(`Bearer ${password}`);
      return client !== undefined && client === user ? client : undefined;
    }
    const key = c.req.header("x-api-key");
    return identify(authorization ?? (key === undefined ? undefined : `Bearer ${key}`));
  };
}
