import { createHmac } from "node:crypto";

/**
 * Signs as https://www.standardwebhooks.com describes: HMAC-SHA256 over `id.timestamp.body`, base64, with the
 * version's prefix. A secret that begins with `whsec_` is base64 after it; any other is used as it is.
 */
export function signedHeaders(
  secret: string,
  { id, timestamp, body }: { readonly id: string; readonly timestamp: number; readonly body: string },
): Record<string, string> {
  const signature = createHmac("sha256", keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": `v1,${signature}`,
  };
}

function keyOf(secret: string): Buffer {
  return secret.startsWith("whsec_") ? Buffer.from(secret.slice(6), "base64") : Buffer.from(secret);
}
