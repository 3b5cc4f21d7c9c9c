/** Where a page of a list ended: the last record's time and id, so that records of one millisecond are not lost. */
import { OpsAgentError } from "../errors.ts";

export interface PageCursor {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly id: string;
}

/** The place as a text that fits into an address. */
export function writeCursor({ at, id }: PageCursor): string {
  return Buffer.from(JSON.stringify([at, id])).toString("base64url");
}

/** The place again. Throws `store-failed` for a text that {@link writeCursor} did not write. */
export function readCursor(text: string): PageCursor {
  try {
    const [at, id, ...more] = JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
    if (Number.isInteger(at) && at >= 0 && typeof id === "string" && more.length === 0) return { at, id };
  } catch {
    // Told below, like every other text that is none.
  }
  throw new OpsAgentError({
    code: "store-failed",
    message: "The place in the list cannot be read.",
    remedy: "Start again at the list's first page.",
  });
}
