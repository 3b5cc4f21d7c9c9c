/** Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html */
import type { Context } from "hono";
import { streamSSE } from "hono/streaming";
import type { Live } from "./live.ts";

/** Pages that may listen at a time; more would hold connections that others need. */
const MOST_STREAMS = 100;
/** Milliseconds; proxies end connections that say nothing for a minute. */
const BEAT_MS = 15_000;

/** Answers with a stream of changes until the page goes or the server closes. */
export function createStream(live: Live, closing: AbortSignal | undefined) {
  let streams = 0;
  return (c: Context, incidentId: string | undefined): Response => {
    if (streams >= MOST_STREAMS || closing?.aborted) {
      return c.json(
        { code: "too-many", message: "Too many pages listen already.", remedy: "Close some of them." },
        503,
      );
    }
    streams += 1;
    const response = streamSSE(c, async (stream) => {
      const ended = Promise.withResolvers<void>();
      const write = (event: string, data: string) =>
        void stream.writeSSE({ event, data }).catch(ended.resolve);
      const watch = live.watch(incidentId, (change) => write("change", JSON.stringify(change)));
      const beat = setInterval(() => write("beat", ""), BEAT_MS).unref();
      stream.onAbort(() => ended.resolve());
      const close = () => ended.resolve();
      closing?.addEventListener("abort", close, { once: true });
      // The page reads itself anew at this word: what happened before it is on the page, what happens after it is told.
      void watch.ready.then(() => write("hello", ""));
      await ended.promise;
      clearInterval(beat);
      closing?.removeEventListener("abort", close);
      watch.stop();
      streams -= 1;
    });
    return response;
  };
}
