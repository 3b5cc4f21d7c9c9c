/**
 * Returns the text of an `error` object. OpenRouter's message for a provider's fault is only "Provider returned
 * error"; the fault itself is in `metadata`.
 */
export function errorText(error: unknown): string {
  if (typeof error === "string") return error;
  const metadata = member(error, "metadata");
  const parts = [member(error, "message"), member(metadata, "provider_name"), member(metadata, "raw")];
  const words = parts.filter((part): part is string => typeof part === "string" && part !== "");
  return words.length > 0 ? words.join(" - ") : (JSON.stringify(error) ?? "");
}

/**
 * Returns the code of a failed connection, such as ECONNREFUSED. Messages of fetch may quote the key and are not
 * used.
 */
export function systemCode(thrown: unknown): string | undefined {
  let current = thrown;
  for (let depth = 0; depth < 5 && current !== undefined; depth += 1) {
    const code = member(current, "code");
    if (typeof code === "string" && /^[A-Z][A-Z0-9_]{2,40}$/.test(code)) return code;
    current = member(current, "cause");
  }
  return undefined;
}

/** Returns a property of an unknown value. */
export function member(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}
