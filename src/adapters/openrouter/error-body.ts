/**
 * `fetch` that keeps a server's words for the SDK. The SDK reads them from an `error` property only, but servers
 * built on other frameworks answer with `{"detail": …}` or `{"message": …}`; those are put under `error`.
 */
export async function fetchWithErrorBody(
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const response = await fetch(input, init);
  if (response.status < 400) return response;
  const { status, headers } = response;
  return new Response(underError(await response.text()), { status, headers });
}

function underError(text: string): string {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && !("error" in body))
      return JSON.stringify({ error: body });
  } catch {
    // Not JSON: the SDK hands the text on as it is.
  }
  return text;
}
