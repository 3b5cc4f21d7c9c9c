import { type Failure, failureOfStatus, invalidAnswer, timedOut, unreachable } from "./failure.ts";
import { retryAfterMs } from "./retry.ts";

/**
 * What the SDK threw, as a {@link Failure}. Only status, system codes and the server's `error` object are used:
 * messages of fetch can quote the request's headers, and with them the key.
 */
export function failureOfThrown(thrown: unknown, context: { timedOut: boolean; now: number }): Failure {
  const status = member(thrown, "status");
  if (typeof status === "number") {
    const headers = member(thrown, "headers");
    const wait = headers instanceof Headers ? retryAfterMs(headers, context.now) : undefined;
    return failureOfStatus(status, detailOf(thrown, status), wait);
  }
  if (context.timedOut) return timedOut;
  if (thrown instanceof SyntaxError) {
    return invalidAnswer("answered with something that is not JSON", "Check OPENROUTER_BASE_URL.");
  }
  return unreachable(systemCode(thrown));
}

/** The server's words: of its error object, else that it sent a web page, else its plain text. */
function detailOf(thrown: unknown, status: number): string | undefined {
  const error = member(thrown, "error");
  if (error !== undefined) return errorText(error);
  const message = member(thrown, "message");
  if (typeof message !== "string") return undefined;
  const text = message.replace(`${status} `, "").trim();
  if (text.startsWith("<")) return "a web page instead of an answer";
  return text === "status code (no body)" ? undefined : text;
}

/**
 * The words of an `error` object. OpenRouter's own message for a provider's fault is only "Provider returned
 * error"; the fault itself stands in `metadata`.
 */
export function errorText(error: unknown): string {
  if (typeof error === "string") return error;
  const metadata = member(error, "metadata");
  const parts = [member(error, "message"), member(metadata, "provider_name"), member(metadata, "raw")];
  const words = parts.filter((part): part is string => typeof part === "string" && part !== "");
  return words.length > 0 ? words.join(" - ") : (JSON.stringify(error) ?? "");
}

function systemCode(thrown: unknown): string | undefined {
  let current = thrown;
  for (let depth = 0; depth < 5 && current !== undefined; depth += 1) {
    const code = member(current, "code");
    if (typeof code === "string" && /^[A-Z][A-Z0-9_]{2,40}$/.test(code)) return code;
    current = member(current, "cause");
  }
  return undefined;
}

/** A property of something unknown. */
export function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
