import { systemCode } from "./error-reading.ts";
import { timedOut, unreachable } from "./failure.ts";
import { failed, type Outcome, readResponse } from "./response.ts";

/** Sends one request, once, and reads its answer to the end. Never throws. */
export async function exchange(
  url: string | URL | Request,
  init: RequestInit,
): Promise<Outcome & { readonly headers: Headers }> {
  try {
    const response = await fetch(url, init);
    const outcome = readResponse(response, await response.text());
    return { ...outcome, headers: new Headers(response.headers) };
  } catch (thrown) {
    const failure = init.signal?.aborted ? timedOut : unreachable(systemCode(thrown));
    return { ...failed(failure), headers: new Headers() };
  }
}
