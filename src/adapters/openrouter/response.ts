import { z } from "zod";
import { parseJson } from "../../domain/parse-json.ts";
import { errorText, member } from "./error-reading.ts";
import { type Failure, failureOfStatus, invalidAnswer, refusal } from "./failure.ts";

/** Only the fields used, all optional, since servers differ. */
const Choice = z.object({
  finish_reason: z.string().nullish().catch(undefined),
  error: z.unknown().optional(),
  message: z
    .object({ content: z.unknown().optional(), refusal: z.unknown().optional() })
    .nullish()
    .catch(undefined),
});

const tokens = z.number().int().nonnegative().catch(0);

const Completion = z.object({
  model: z.string().nullish().catch(undefined),
  error: z.unknown().optional(),
  choices: z.array(Choice).nullish().catch(undefined),
  usage: z
    .object({
      prompt_tokens: tokens,
      completion_tokens: tokens,
      cost: z.number().nonnegative().optional().catch(undefined),
    })
    .nullish()
    .catch(undefined),
});

/** The usage of one answered request, as far as the server reports it. */
export interface Consumed {
  readonly model?: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd?: number;
}

/** The text of an answer, or why there is none; tokens are paid for in both cases. */
export interface Outcome {
  readonly result: { readonly text: string } | { readonly failure: Failure };
  readonly consumed: Consumed;
}

const NOTHING: Consumed = { inputTokens: 0, outputTokens: 0 };

export function failed(failure: Failure): Outcome {
  return { result: { failure }, consumed: NOTHING };
}

/** Reads an answer of any status. `text` is its whole body. */
export function readResponse(response: Response, text: string): Outcome {
  const wait = retryAfterMs(response.headers);
  const body = parseJson(text);
  if (!response.ok) return failed(failureOfStatus(response.status, wordsOf(text, body), wait));
  if (body === undefined) {
    return failed(invalidAnswer("answered with something that is not JSON", "Check OPENROUTER_BASE_URL."));
  }
  return readCompletion(body, wait);
}

/**
 * Returns the wait of `Retry-After` in milliseconds, from seconds or a date. Undefined when absent, past or
 * unreadable.
 */
function retryAfterMs(headers: Headers): number | undefined {
  const value = headers.get("retry-after") ?? "";
  const seconds = Number.parseFloat(value);
  const milliseconds = Number.isNaN(seconds) ? Date.parse(value) - Date.now() : seconds * 1000;
  return milliseconds > 0 ? milliseconds : undefined;
}

/** Returns a server's text: of its `error` object, of any other JSON answer, else the plain text. */
function wordsOf(text: string, body: unknown): string | undefined {
  if (body !== undefined) return errorText(member(body, "error") ?? body);
  if (text.trimStart().startsWith("<")) return "a web page instead of an answer";
  return text.trim() || undefined;
}

function readCompletion(body: unknown, wait: number | undefined): Outcome {
  const parsed = Completion.safeParse(body);
  if (!parsed.success) {
    return failed(
      invalidAnswer(
        "answered with something that is not a chat completion",
        "Check OPENROUTER_BASE_URL: it must be the address that ends before /chat/completions.",
      ),
    );
  }
  const { model, usage, error, choices } = parsed.data;
  const consumed: Consumed = {
    ...(model ? { model: model.replace(/[^\w./:@ -]/g, "").slice(0, 100) } : {}),
    inputTokens: usage?.prompt_tokens ?? 0,
    outputTokens: usage?.completion_tokens ?? 0,
    ...(usage?.cost === undefined ? {} : { costUsd: usage.cost }),
  };
  return { result: resultOf(error, choices?.[0], wait), consumed };
}

function resultOf(
  error: unknown,
  choice: z.infer<typeof Choice> | undefined,
  wait: number | undefined,
): Outcome["result"] {
  // Once generation has begun, OpenRouter reports a failure inside the 200: at the top or in the choice.
  const fault = error ?? choice?.error;
  if (fault) return { failure: failureOfStatus(statusOf(fault), errorText(fault), wait) };
  if (choice === undefined) return { failure: invalidAnswer("answered without a choice") };
  const { finish_reason: reason, message } = choice;
  if (typeof message?.refusal === "string" && message.refusal !== "") {
    return { failure: refusal("answered with a refusal", message.refusal) };
  }
  if (reason === "content_filter") return { failure: refusal("stopped the answer at its content filter") };
  if (reason === "error") return { failure: failureOfStatus(502, undefined, wait) };
  if (reason === "length") {
    return { failure: invalidAnswer("cut the answer off at the token limit", "Raise the output limit.") };
  }
  const content = message?.content;
  if (typeof content !== "string" || content.trim() === "") {
    return { failure: invalidAnswer("answered without content") };
  }
  return { text: content };
}

/** Returns the code of an error object; without one it counts as the provider's fault. */
function statusOf(error: unknown): number {
  const code = Number(member(error, "code"));
  return Number.isInteger(code) && code >= 400 && code < 600 ? code : 502;
}
