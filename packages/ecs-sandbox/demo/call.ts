/** Calls from a demo service to its dependencies: with a timeout, retries, names from `NAME_SERVER` and TLS. */
import { Resolver } from "node:dns";
import { Agent, request } from "node:http";
import { Agent as TlsAgent, request as tlsRequest } from "node:https";
import type { LookupFunction } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { losesPackets } from "./conditions.ts";

/** One call. Retries follow at once, as in an untuned client. */
export interface Call {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly timeoutMs: number;
  readonly retries?: number;
  /** PEM of the authority to trust, for https. */
  readonly authority?: string | undefined;
  readonly onRetry?: (error: Error, attempt: number) => void;
}

/** An answer of any status. */
export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly retryAfter: string | undefined;
}

const agent = new Agent({ keepAlive: true });

/**
 * Makes the call and answers what came back; 5xx and failed connections are tried again. Rejects with the error of the
 * last try when none got an answer.
 */
export async function call(options: Call): Promise<Answer> {
  for (let attempt = 0; ; attempt += 1) {
    const isLast = attempt >= (options.retries ?? 0);
    try {
      const answer = await once(options);
      if (answer.status < 500 || isLast) return answer;
      options.onRetry?.(new Error(`answered ${answer.status}`), attempt + 1);
    } catch (error) {
      if (isLast) throw error;
      options.onRetry?.(error as Error, attempt + 1);
    }
  }
}

async function once({ method, url, timeoutMs, authority }: Call): Promise<Answer> {
  if (losesPackets()) {
    await sleep(timeoutMs);
    throw new Error(`timeout of ${timeoutMs}ms exceeded, connect ETIMEDOUT ${new URL(url).host}`);
  }
  const isTls = url.startsWith("https:");
  return new Promise((resolve, reject) => {
    const made = (isTls ? tlsRequest : request)(url, {
      method,
      agent: isTls ? tlsAgent(authority) : agent,
      ...(lookup ? { lookup } : {}),
    });
    // The whole call, the connection included: a socket timeout would start again with every byte.
    const timer = setTimeout(() => made.destroy(new Error(`timeout of ${timeoutMs}ms exceeded`)), timeoutMs);
    made.on("response", (response) => {
      let body = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      response.on("end", () => {
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0, body, retryAfter: response.headers["retry-after"] });
      });
      response.on("error", reject);
    });
    made.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    made.end();
  });
}

let secure: TlsAgent | undefined;

/** One connection a call and no resumed sessions, so that the certificate is checked every time. */
function tlsAgent(authority: string | undefined): TlsAgent {
  secure ??= new TlsAgent({
    keepAlive: false,
    maxCachedSessions: 0,
    ...(authority === undefined ? {} : { ca: authority }),
  });
  return secure;
}

const lookup = process.env["NAME_SERVER"] === undefined ? undefined : lookupAt(process.env["NAME_SERVER"]);

/** Resolves names at one server, with the errors of `getaddrinfo`. */
function lookupAt(server: string): LookupFunction {
  const resolver = new Resolver({ timeout: 1000, tries: 2 });
  resolver.setServers([server]);
  return (host, options, done) => {
    resolver.resolve4(host, (error, addresses) => {
      const [address] = addresses ?? [];
      if (error || address === undefined) {
        const code = error?.code === "ENOTFOUND" || error?.code === "ENODATA" ? "ENOTFOUND" : "EAI_AGAIN";
        const failure = Object.assign(new Error(`getaddrinfo ${code} ${host}`), { code, hostname: host });
        done(failure, "", 4);
      } else if (options.all) {
        done(null, [{ address, family: 4 }]);
      } else {
        done(null, address, 4);
      }
    });
  };
}
