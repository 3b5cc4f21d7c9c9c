/**
 * Whether a request comes from Slack: https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
import { createHmac, timingSafeEqual } from "node:crypto";

/** What a request claims; `body` is the raw one, byte for byte. */
export interface SignedRequest {
  readonly signature: string | undefined;
  readonly timestamp: string | undefined;
  readonly body: Buffer;
}

export type SignatureVerdict =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: "unsigned" | "too-old" | "forged" | "replayed" };

/** Slack's own recommendation, in both directions: a clock may also be ahead. */
const WINDOW_SECONDS = 5 * 60;

/** Signatures kept at the most; far more than Slack can send in the window. */
const MOST_KEPT = 50_000;

/**
 * Verifies signatures, each of them once. Forged requests are not remembered, so that they cannot fill the memory.
 * Another process does not know what this one has seen; there, that an answer is taken once is what holds.
 */
export function createSignatureCheck(signingSecret: string, now: () => Date) {
  /** Signature to the second until which it could be replayed, oldest first. */
  const seen = new Map<string, number>();
  return ({ signature, timestamp, body }: SignedRequest): SignatureVerdict => {
    if (signature === undefined || !/^\d{1,12}$/.test(timestamp ?? ""))
      return { ok: false, reason: "unsigned" };
    const second = Math.floor(now().getTime() / 1_000);
    if (!(Math.abs(second - Number(timestamp)) <= WINDOW_SECONDS)) return { ok: false, reason: "too-old" };
    const expected = createHmac("sha256", signingSecret)
      .update(`v0:${timestamp}:`)
      .update(body)
      .digest("hex");
    if (!sameText(signature, `v0=${expected}`)) return { ok: false, reason: "forged" };
    for (const [old, until] of seen) {
      if (until >= second && seen.size < MOST_KEPT) break;
      seen.delete(old);
    }
    if (seen.has(signature)) return { ok: false, reason: "replayed" };
    seen.set(signature, Number(timestamp) + WINDOW_SECONDS);
    return { ok: true };
  };
}

function sameText(given: string, expected: string): boolean {
  const [left, right] = [Buffer.from(given), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}
