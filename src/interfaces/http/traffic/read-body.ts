/** Reads a request's body, which may be endless or never come. */

export type Body =
  | { readonly ok: true; readonly bytes: Buffer }
  | { readonly ok: false; readonly reason: "too-large" | "too-slow" | "broken" };

/** The whole body, byte for byte, unless it has more than `maxBytes` or is not there within so many milliseconds. */
export async function readBody(
  request: Request,
  { maxBytes, withinMs }: { readonly maxBytes: number; readonly withinMs: number },
): Promise<Body> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes)
    return { ok: false, reason: "too-large" };
  const reader = request.body?.getReader();
  if (reader === undefined) return { ok: true, bytes: Buffer.alloc(0) };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => resolve("late"), withinMs);
  });
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const next = await Promise.race([reader.read(), late]);
      if (next === "late") return stopped(reader, "too-slow");
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

function stopped(reader: ReadableStreamDefaultReader<Uint8Array>, reason: "too-large" | "too-slow"): Body {
  reader.cancel().catch(() => undefined);
  return { ok: false, reason };
}
