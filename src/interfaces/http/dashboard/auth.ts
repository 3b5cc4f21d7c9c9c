/** Dashboard authentication and approval rights. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { Context, MiddlewareHandler } from "hono";
import { getCookie } from "hono/cookie";
import type { Policy } from "../../../domain/policy.ts";
import type { Logger } from "../../../domain/ports.ts";
import { refusal } from "../client.ts";
import { createTokenCheck, type HttpToken } from "../tokens.ts";

/** Who looks, without a name where a program on this machine does. */
export interface Identity {
  readonly name: string | undefined;
}

export const SESSION_COOKIE = "opsagent_session";
const SESSION_SECONDS = 12 * 3_600;

/**
 * Whoever answers without a token, on the machine itself. It cannot be a token's name, and the policy must list it in
 * `approvals.httpClients` as any other client.
 */
const LOCAL_CLIENT = "@local";

/** A header that no form and no request of another site can carry without this server's consent. */
const ANSWER_HEADER = "x-opsagent-dashboard";

export interface Auth {
  /** Undefined for a request that has to sign in. */
  identity(c: Context): Identity | undefined;
  /** The session of a token; undefined for a wrong one. */
  signIn(
    secret: string,
  ): { readonly name: string; readonly cookie: string; readonly seconds: number } | undefined;
  /** Whether signing in is possible at all. */
  readonly hasTokens: boolean;
  /** The name that an answer of this identity is kept under, and whether the policy (of now) lets it count. */
  answersAs(identity: Identity, now?: Policy): { readonly id: string; readonly allowed: boolean };
}

export interface AuthDependencies {
  readonly tokens: readonly HttpToken[];
  /** The server listens on a loopback address only. */
  readonly loopback: boolean;
  readonly policy: Policy;
  readonly now: () => Date;
}

/**
 * On loopback reading is open to this machine: to requests whose Host is a loopback name (another name would be a page
 * elsewhere that made its own name point here), and that no proxy passed on. Everything else needs a token, by a
 * session cookie or as a bearer. Sessions hold no secret, outlive a restart, and end with their token.
 */
export function createAuth({ tokens, loopback, policy, now }: AuthDependencies): Auth {
  const identify = createTokenCheck(tokens);
  const sign = ({ name, secret }: HttpToken, expiry: string) =>
    createHmac("sha256", createHash("sha256").update(`opsagent dashboard session\n${secret}`).digest())
      .update(`${name}:${expiry}`)
      .digest("hex");
  const nameOfSession = (cookie: string): string | undefined => {
    const [, name, expiry = "", mac = ""] = /^([\w.-]{1,64}):(\d{1,12}):([0-9a-f]{64})$/.exec(cookie) ?? [];
    const token = tokens.find((one) => one.name === name);
    if (token === undefined || Number(expiry) * 1_000 < now().getTime()) return undefined;
    return timingSafeEqual(Buffer.from(sign(token, expiry)), Buffer.from(mac)) ? token.name : undefined;
  };
  return {
    hasTokens: tokens.length > 0,
    identity: (c) => {
      const cookie = getCookie(c, SESSION_COOKIE);
      const name =
        (cookie === undefined ? undefined : nameOfSession(cookie)) ?? identify(c.req.header("authorization"));
      if (name !== undefined) return { name };
      return loopback && isFromThisMachine(c) ? { name: undefined } : undefined;
    },
    signIn: (secret) => {
      const name = identify(`Bearer ${secret}`);
      const token = tokens.find((one) => one.name === name);
      if (token === undefined) return undefined;
      const expiry = String(Math.floor(now().getTime() / 1_000) + SESSION_SECONDS);
      return {
        name: token.name,
        cookie: `${token.name}:${expiry}:${sign(token, expiry)}`,
        seconds: SESSION_SECONDS,
      };
    },
    answersAs: ({ name }, now = policy) => {
      const id = name ?? LOCAL_CLIENT;
      return { id, allowed: now.approvals.httpClients.includes(id) };
    },
  };
}

/** Lets through what the script of a page of this very server sends; the remedy names the other way. */
export function onlyOwnPages(logger: Logger, remedy: string): MiddlewareHandler {
  return async (c, next) => {
    if (isSameOrigin(c) && c.req.header(ANSWER_HEADER) !== undefined) return next();
    logger.warn("http-refused", { path: c.req.path, reason: "not from the dashboard's own page" });
    const message = "The request does not come from this dashboard's own page.";
    return refusal(c, 403, { code: "other-origin", message, remedy });
  };
}

const FORWARDED = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

function isFromThisMachine(c: Context): boolean {
  const host = URL.parse(`http://${c.req.header("host") ?? ""}`)?.hostname ?? "";
  const isLoopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(host);
  return isLoopback && FORWARDED.every((header) => c.req.header(header) === undefined);
}

/** Whether a request that changes something comes from a page of this very server. */
export function isSameOrigin(c: Context): boolean {
  const site = c.req.header("sec-fetch-site");
  const origin = URL.parse(c.req.header("origin") ?? "");
  return (
    (site === undefined || site === "same-origin") && origin !== null && origin.host === c.req.header("host")
  );
}
