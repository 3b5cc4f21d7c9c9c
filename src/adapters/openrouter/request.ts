import type { ChatCompletionCreateParamsNonStreaming } from "openai/resources/chat/completions";
import type { ModelRequest } from "../../diagnosis/ports.ts";

/**
 * What only OpenRouter knows. `require_parameters` keeps a provider from silently ignoring the schema;
 * `data_collection: "deny"` keeps the evidence out of providers that train on it.
 * https://openrouter.ai/docs/features/provider-routing
 */
interface OpenRouterFields {
  readonly models?: string[];
  readonly provider?: { readonly require_parameters: true; readonly data_collection: "deny" };
}

export type RequestBody = ChatCompletionCreateParamsNonStreaming & OpenRouterFields;

/**
 * The request of one try. No temperature: reasoning models refuse it, and with `require_parameters` it would
 * rule their providers out.
 *
 * A `plain` request leaves OpenRouter's fields out, so that the fallback to the next model is ours: each further
 * try names the next one.
 */
export function requestBody(
  request: ModelRequest,
  models: readonly [string, ...string[]],
  options: { readonly plain: boolean; readonly attempt: number },
): RequestBody {
  const standard = {
    messages: [
      { role: "system" as const, content: request.system },
      { role: "user" as const, content: request.user },
    ],
    max_tokens: request.maxOutputTokens,
    response_format: {
      type: "json_schema" as const,
      json_schema: { name: request.schemaName, strict: true, schema: request.schema },
    },
  };
  if (options.plain) {
    return { ...standard, model: models[(options.attempt - 1) % models.length] ?? models[0] };
  }
  return {
    ...standard,
    model: models[0],
    models: [...models],
    provider: { require_parameters: true, data_collection: "deny" },
  };
}

/**
 * Whether a server's refusal is about OpenRouter's own fields, by the words that OpenAI, Groq, Mistral, Azure and
 * pydantic-based servers use. Only then are they left out: a refusal for another reason must not cost the
 * evidence its `data_collection: "deny"` behind a gateway to OpenRouter.
 */
export function refusesOpenRouterFields(status: number | undefined, text: string): boolean {
  return (
    (status === 400 || status === 422) &&
    /\b(?:provider|models)\b/.test(text) &&
    /unrecogni[sz]ed|unknown|unsupported|not supported|unexpected|extra|not permitted|additional/i.test(text)
  );
}
