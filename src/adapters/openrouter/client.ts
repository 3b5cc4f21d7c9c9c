import type { ClientOptions } from "openai";
import type { ModelAnswer, ModelClient, ModelRequest } from "../../diagnosis/ports.ts";
import { ModelError } from "../../domain/model-error.ts";
import { systemCode } from "./error-reading.ts";
import { exchange } from "./exchange.ts";
import { type Failure, timedOut, unreachable } from "./failure.ts";
import { refusesOpenRouterFields, requestBody } from "./request.ts";
import type { Outcome } from "./response.ts";
import { scrub } from "./scrub.ts";
import { type OpenRouterOptions, type Settings, settingsOf } from "./settings.ts";
import { createTally } from "./tally.ts";

/** The longest Retry-After that the SDK honours; beyond it, it would wait a short time of its own. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Creates a {@link ModelClient} for OpenRouter or any other server with OpenAI's chat completions.
 *
 * The `openai` SDK sends, times out and retries. Each of its tries passes `attempt` here, which reads the answer and
 * tells the SDK by a bare status whether to retry: the SDK does not handle failures inside a 200, a budget, or one
 * deadline for all tries.
 *
 * OpenRouter's own fields (fallback models, provider rules) go to every server, since a gateway may be in front of
 * OpenRouter; a server that refuses them by name gets requests without them from then on.
 *
 * Throws {@link ModelError}: at once `model-not-configured`; from `ask` one of `model-unreachable`, `model-timeout`,
 * `model-rate-limited`, `model-out-of-credit`, `model-refused`, `model-invalid-answer` and `model-budget`. No message
 * has the API key.
 */
export function createOpenRouterClient(options: OpenRouterOptions): ModelClient {
  const settings = settingsOf(options);
  const mayGoPlain = settings.host !== "openrouter.ai";
  let plain = false;
  let spentUsd = 0;

  async function ask(request: ModelRequest): Promise<ModelAnswer> {
    if (spentUsd >= settings.budgetUsd) throw overBudget(spentUsd, settings.budgetUsd);
    const { OpenAI } = await import("./openai-sdk.ts");
    const deadline = Date.now() + settings.timeoutMs;
    const tally = createTally(settings.models[0]);
    let tries = 0;
    let last: Outcome["result"] | undefined;

    const attempt = async (url: string | URL | Request, init?: RequestInit): Promise<Response> => {
      tries += 1;
      const body = requestBody(request, settings.models, { plain, attempt: tries });
      const { result, consumed, headers } = await exchange(url, { ...init, body: JSON.stringify(body) });
      tally.add(consumed);
      spentUsd += consumed.costUsd ?? 0;
      last = result;
      if ("text" in result) return new Response(null, { status: 204 });
      const { failure } = result;
      if (!plain && mayGoPlain && refusesOpenRouterFields(failure.status, failure.detail ?? "")) {
        plain = true;
        tries -= 1;
        return attempt(url, init);
      }
      const wait = failure.retryAfterMs ?? 0;
      const inTime = wait <= LONGEST_WAIT_MS && Date.now() + wait < deadline;
      headers.set("x-should-retry", String(failure.retryable && inTime && spentUsd < settings.budgetUsd));
      return new Response(null, { status: 500, headers });
    };

    const sdk = new OpenAI({ ...sdkOptions(settings), fetch: attempt });
    const signal = AbortSignal.timeout(settings.timeoutMs);
    try {
      const first = requestBody(request, settings.models, { plain, attempt: 1 });
      await sdk.chat.completions.create(first, { signal });
    } catch (thrown) {
      last ??= { failure: signal.aborted ? timedOut : unreachable(systemCode(thrown)) };
    }
    if (last !== undefined && "text" in last) return { text: last.text, usage: tally.usage() };
    throw errorOf(last?.failure ?? timedOut, tries, settings, tally.usage());
  }

  return { ask };
}

function sdkOptions(settings: Settings): ClientOptions {
  return {
    apiKey: settings.apiKey,
    baseURL: settings.baseURL,
    maxRetries: settings.maxAttempts - 1,
    // Of one try.
    timeout: settings.attemptMs,
    // The SDK would log requests when OPENAI_LOG is set, and send identities meant for another server.
    logLevel: "off",
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
  };
}

function errorOf(
  failure: Failure,
  attempts: number,
  settings: Settings,
  usage: ModelError["usage"],
): ModelError {
  const tries = attempts === 1 ? "" : ` in ${attempts} tries`;
  const status = failure.status === undefined ? "" : ` (code ${failure.status})`;
  const wait =
    failure.retryAfterMs === undefined
      ? ""
      : `; it asked to wait ${Math.ceil(failure.retryAfterMs / 1000)} s`;
  const detail = failure.detail ? `: ${scrub(failure.detail, settings.apiKey)}` : "";
  return new ModelError({
    code: failure.code,
    message: `The model server ${settings.host} ${failure.what}${status}${tries}${wait}${detail}`,
    remedy: failure.remedy,
    retryable: failure.retryable,
    usage,
  });
}

function overBudget(spent: number, budget: number): ModelError {
  return new ModelError({
    code: "model-budget",
    message: `The model was not asked again: $${spent.toFixed(4)} of this incident's $${budget.toFixed(4)} is spent.`,
    remedy: "Raise the model budget of an incident or set a cheaper LLM_MODEL.",
  });
}
