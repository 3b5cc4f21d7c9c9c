import type { OpenAI } from "openai";
import { fetchWithErrorBody } from "./error-body.ts";
import type { RequestBody } from "./request.ts";
import { failed, type Outcome, readCompletion } from "./response.ts";
import { retryAfterMs } from "./retry.ts";
import type { Settings } from "./settings.ts";
import { failureOfThrown } from "./thrown.ts";

/** Sends one request, once. Throws only when the SDK itself cannot be loaded. */
export type Transport = (body: RequestBody, timeoutMs: number) => Promise<Outcome>;

/** A transport over the `openai` SDK, which is loaded with the first request: runs without a model do not pay. */
export function createTransport(settings: Settings): Transport {
  let client: OpenAI | undefined;

  return async (body, timeoutMs) => {
    client ??= await connect(settings);
    // Covers the body too; the SDK's own timeout ends with the headers.
    const signal = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)));
    try {
      const { data, response } = await client.chat.completions.create(body, { signal }).withResponse();
      return readCompletion(data, retryAfterMs(response.headers, settings.now()));
    } catch (thrown) {
      return failed(failureOfThrown(thrown, { timedOut: signal.aborted, now: settings.now() }));
    }
  };
}

async function connect(settings: Settings): Promise<OpenAI> {
  const sdk = await import("openai");
  return new sdk.OpenAI({
    apiKey: settings.apiKey,
    baseURL: settings.baseURL,
    fetch: fetchWithErrorBody,
    maxRetries: 0,
    timeout: settings.timeoutMs,
    // The SDK would log requests when OPENAI_LOG says so, and send identities meant for another server.
    logLevel: "off",
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
  });
}
