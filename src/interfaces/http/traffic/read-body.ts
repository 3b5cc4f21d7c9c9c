/** Reads a request's body, which may be endless or never come. */

export type Body =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly reason: "too-large" | "too-slow" | "cut-off" | "broken" };

interface BodyLimits {
  readonly maxBytes: number;
  readonly withinMs: number;
  /** Ends the reading when its place is needed for another. */
  readonly cutOff?: AbortSignal;
}

/** The whole body, byte for byte, unless it has more than `maxBytes` or is not there within so many milliseconds. */
export async function readBody(request: Request, { maxBytes, withinMs, cutOff }: BodyLimits): Promise<Body> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes)
    return { ok: false, reason: "too-large" };
  const reader = request.body?.getReader();
  if (reader === undefined) return { ok: true, bytes: Buffer.alloc(0) };
  let timer: NodeJS.Timeout | undefined;
  const ended = new Promise<"too-slow" | "cut-off">((resolve) => {
    timer = setTimeout(() => resolve("too-slow"), withinMs);
    cutOff?.addEventListener("abort", () => resolve("cut-off"), { once: true });
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const next = await Promise.race([reader.read(), ended]);
      if (typeof next === "string") return stopped(reader, next);
      if (next.done) return { ok: true, bytes: Buffer.concat(chunks) };
      size += next.value.byteLength;
      if (size > maxBytes) return stopped(reader, "too-large");
      chunks.push(next.value);
    }
  } catch {
    return { ok: false, reason: "broken" };
  } finally {
    clearTimeout(timer);
  }
}

function stopped(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  reason: "too-large" | "too-slow" | "cut-off",
): Body {
  reader.cancel().catch(() => undefined);
  return { ok: false, reason };
}
