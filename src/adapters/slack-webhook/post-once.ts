/** One post by Slack's own library, which is only loaded with the first message: no start waits for it. */
import { type FetchFunction, IncomingWebhook } from "@slack/webhook";
import type { ValueFor } from "../../domain/exit.ts";
import { type Attempt, readFailure } from "./attempt.ts";
import { retryAfterMs } from "./retry.ts";

/** What a renderer makes; blocks of any kind. */
export interface Message {
  readonly text: string;
  readonly blocks: readonly { readonly type: string }[];
}

/** Never throws: what went wrong is in the attempt. `timeoutMs` is for the whole post. */
export async function postOnce(
  { text, blocks }: ValueFor<"person", Message>,
  {
    url,
    send,
    timeoutMs,
  }: { readonly url: string; readonly send: FetchFunction; readonly timeoutMs: number },
): Promise<Attempt> {
  let response: Awaited<ReturnType<FetchFunction>> | undefined;
  const webhook = new IncomingWebhook(url, {
    timeout: timeoutMs,
    // The library's own error does not carry the headers, and Retry-After is one of them.
    fetch: async (...request) => {
      response = await send(...request);
      return response;
    },
  });
  try {
    await webhook.send({ text, blocks: [...blocks], unfurl_links: false, unfurl_media: false });
    return { sent: true };
  } catch (error) {
    return readFailure(error, retryAfterMs(response?.headers.get("retry-after") ?? null));
  }
}
