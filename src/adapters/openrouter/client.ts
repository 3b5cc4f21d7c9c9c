import { ModelError } from "../../domain/model-error.ts";
import type { ModelAnswer, ModelClient, ModelRequest } from "../../pipeline/ports.ts";
import type { Failure } from "./failure.ts";
import { refusesOpenRouterFields, requestBody } from "./request.ts";
import { waitAfter } from "./retry.ts";
import { scrub } from "./scrub.ts";
import { type OpenRouterOptions, type Settings, settingsOf } from "./settings.ts";
import { createTally } from "./tally.ts";
import { createTransport } from "./transport.ts";

/**
 * A {@link ModelClient} over OpenRouter or any other server that speaks OpenAI's chat completions.
 *
 * OpenRouter's own fields (fallback models, provider rules) go to every server, since a gateway may stand before
 * OpenRouter; a server that refuses them by name gets the request without them from then on.
 *
 * Throws {@link ModelError}: at once `model-not-configured`; from `ask` one of `model-unreachable`,
 * `model-timeout`, `model-rate-limited`, `model-out-of-credit`, `model-refused`, `model-invalid-answer` and
 * `model-budget`. No message holds the API key.
 */
export function createOpenRouterClient(options: OpenRouterOptions): ModelClient {
  const settings = settingsOf(options);
  const send = createTransport(settings);
  const mayGoPlain = settings.host !== "openrouter.ai";
  let plain = false;
  let spentUsd = 0;

  async function ask(request: ModelRequest): Promise<ModelAnswer> {
    if (spentUsd >= settings.budgetUsd) throw overBudget(spentUsd, settings.budgetUsd);
    const deadline = settings.now() + settings.timeoutMs;
    const tally = createTally(settings.models[0], settings.now);

    for (let attempt = 1; ; attempt += 1) {
      const body = requestBody(request, settings.models, { plain, attempt });
      const left = deadline - settings.now();
      const { result, consumed } = await send(body, Math.min(settings.attemptMs, left));
      spentUsd += consumed.costUsd ?? 0;
      tally.add(consumed);
      if ("text" in result) return { text: result.text, usage: tally.usage() };

      const { failure } = result;
      if (!plain && mayGoPlain && refusesOpenRouterFields(failure.status, failure.detail ?? "")) {
        plain = true;
        attempt -= 1;
        continue;
      }
      const wait = waitAfter(attempt, failure.retryAfterMs);
      const affordable = settings.now() + wait < deadline && spentUsd < settings.budgetUsd;
      if (!failure.retryable || attempt >= settings.maxAttempts || !affordable)
        throw errorOf(failure, attempt, settings, tally.usage());
      await settings.sleep(wait);
    }
  }

  return { ask };
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
