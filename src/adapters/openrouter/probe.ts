import { z } from "zod";
import type { ModelRequest } from "../../diagnosis/ports.ts";
import type { KeyReading, ModelProbe } from "../../doctor/ports.ts";
import { ModelError } from "../../domain/model-error.ts";
import { createOpenRouterClient } from "./client.ts";
import { failureOfStatus, unreachable } from "./failure.ts";
import { scrub } from "./scrub.ts";
import { type OpenRouterOptions, settingsOf } from "./settings.ts";

/** https://openrouter.ai/docs/api-reference/limits */
const Key = z.object({ data: z.object({ limit_remaining: z.number().nullish().catch(undefined) }) });

/** Seconds for the short question. */
const ANSWER_SECONDS = 18;

/** Checks the server with the production client; the caller gives the question's schema. */
export function createModelProbe(
  options: Omit<OpenRouterOptions, "models"> & Pick<ModelRequest, "schemaName" | "schema">,
): ModelProbe {
  const { schemaName, schema, ...client } = options;
  return {
    async key(read) {
      const { apiKey, baseURL, host } = settingsOf({ ...client, models: ["any/model"] });
      const response = await ask(`${baseURL.replace(/\/+$/, "")}/key`, apiKey, host, read?.signal);
      // Only OpenRouter has this endpoint.
      if ([404, 405, 501].includes(response.status)) return undefined;
      if (!response.ok) throw refused(response.status, host);
      return readKey(await response.json().catch(() => undefined));
    },
    ask: (model, request) =>
      createOpenRouterClient({
        ...client,
        models: [model],
        maxAttempts: 1,
        timeoutSeconds: ANSWER_SECONDS,
      }).ask({ ...request, schemaName, schema }),
  };
}

function readKey(body: unknown): KeyReading | undefined {
  const parsed = Key.safeParse(body);
  if (!parsed.success) return undefined;
  const { limit_remaining: left } = parsed.data.data;
  return left === null || left === undefined ? {} : { leftUsd: left };
}

async function ask(
  url: string,
  apiKey: string,
  host: string,
  signal: AbortSignal | undefined,
): Promise<Response> {
  try {
    return await fetch(url, {
      headers: { authorization: `Bearer ${apiKey}` },
      redirect: "error",
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    const cause = error instanceof Error ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
    const { code, what, remedy, retryable } = unreachable(cause?.code && scrub(cause.code, apiKey));
    throw new ModelError({ code, message: `The model server ${host} ${what}`, remedy, retryable });
  }
}

function refused(status: number, host: string): ModelError {
  const { code, what, remedy, retryable } = failureOfStatus(status, undefined, undefined);
  const message = `The model server ${host} ${what} (code ${status})`;
  return new ModelError({ code, message, remedy, retryable });
}
