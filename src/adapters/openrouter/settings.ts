import { ModelError } from "../../domain/model-error.ts";

const OPENROUTER_URL = "https://openrouter.ai/api/v1";

/** OpenRouter refuses a request with more fallback models. */
const MAX_MODELS = 3;

export interface OpenRouterOptions {
  readonly apiKey: string;
  /** Any server that speaks OpenAI's chat completions; OpenRouter by default. */
  readonly baseURL?: string | undefined;
  /** One to three model names: the preferred one, then the fallbacks in order. */
  readonly models: readonly string[];
  /** For one `ask` with all tries and waits. One try gets at most half of it. */
  readonly timeoutSeconds?: number | undefined;
  /** Requests of one `ask`, the first one included. */
  readonly maxAttempts?: number | undefined;
  /** Dollars that all calls of this client may cost together: create one client per incident. */
  readonly budgetUsd?: number | undefined;
}

export interface Settings {
  readonly apiKey: string;
  readonly baseURL: string;
  /** The server's name in messages; never more of the URL, which may hold a secret. */
  readonly host: string;
  readonly models: readonly [string, ...string[]];
  readonly timeoutMs: number;
  readonly attemptMs: number;
  readonly maxAttempts: number;
  readonly budgetUsd: number;
}

/** Checks the options and adds defaults. Throws {@link ModelError} `model-not-configured`. */
export function settingsOf(options: OpenRouterOptions): Settings {
  const apiKey = options.apiKey.trim();
  // An HTTP header carries printable ASCII; anything else fails later with a message that holds the key.
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw notConfigured("the API key is empty or holds characters that no key has", "OPENROUTER_API_KEY");
  }
  const [first, ...rest] = options.models.map((model) => model.trim()).filter((model) => model !== "");
  if (first === undefined || rest.length >= MAX_MODELS) {
    throw notConfigured(`between one and ${MAX_MODELS} models are needed`, "LLM_MODEL");
  }
  const url = URL.parse(options.baseURL ?? OPENROUTER_URL);
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw notConfigured("the base URL is not an http(s) address without a user name", "OPENROUTER_BASE_URL");
  }
  const timeoutMs = (options.timeoutSeconds ?? 90) * 1000;
  const maxAttempts = Math.max(1, Math.floor(options.maxAttempts ?? 3));
  return {
    apiKey,
    baseURL: url.href,
    host: url.host,
    models: [first, ...rest],
    timeoutMs,
    attemptMs: maxAttempts === 1 ? timeoutMs : timeoutMs / 2,
    maxAttempts,
    budgetUsd: options.budgetUsd ?? Number.POSITIVE_INFINITY,
  };
}

function notConfigured(problem: string, variable: string): ModelError {
  return new ModelError({
    code: "model-not-configured",
    message: `The model cannot be asked: ${problem}.`,
    remedy: `Set ${variable}, or run without a model (OPSAGENT_DIAGNOSER=rules).`,
  });
}
