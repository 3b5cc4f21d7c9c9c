import type { ChatCompletionCreateParamsNonStreaming } from "openai/resources/chat/completions";
import type { ModelRequest } from "../../diagnosis/ports.ts";

/**
 * Fields of OpenRouter only. `require_parameters` keeps a provider from silently ignoring the schema;
 * `data_collection: "deny"` excludes providers that train on the evidence.
 * https://openrouter.ai/docs/features/provider-routing
 */
interface OpenRouterFields {
  readonly models?: string[];
  readonly provider?: { readonly require_parameters: true; readonly data_collection: "deny" };
}

export type RequestBody = ChatCompletionCreateParamsNonStreaming & OpenRouterFields;

/**
 * Builds the request of one try. No temperature: reasoning models refuse it, and with `require_parameters` it would
 * exclude their providers.
 *
 * A `plain` request has no fields of OpenRouter, so each further try names the next model.
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
 * Whether a server refuses OpenRouter's own fields, by the texts of OpenAI, Groq, Mistral, Azure and pydantic-based
 * servers. Only then are they left out: after another refusal the evidence must keep its `data_collection: "deny"`
 * behind a gateway to OpenRouter.
 */
export function refusesOpenRouterFields(status: number | undefined, text: string): boolean {
  return (
    (status === 400 || status === 422) &&
    /\b(?:provider|models)\b/.test(text) &&
    /unrecogni[sz]ed|unknown|unsupported|not supported|unexpected|extra|not permitted|additional/i.test(text)
  );
}
