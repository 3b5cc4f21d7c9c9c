/**
 * Grafana's HMAC over the raw body.
 * @see https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
import { createHmac, timingSafeEqual } from "node:crypto";

export const SIGNATURE_HEADER = "x-grafana-alerting-signature";
/** The name that the set-up recommends for Grafana's "Timestamp Header", which has no default. */
export const TIMESTAMP_HEADER = "x-grafana-alerting-timestamp";

const WINDOW_SECONDS = 5 * 60;

/**
 * Whether Grafana signed this body. With a timestamp, which then is a part of what is signed, it has to be fresh, too;
 * without one, that a state change counts once is all that stands against a replay. What is signed with a time begins
 * with it, so that it is not taken for a body without one: a notification is a JSON object.
 */
export function grafanaSigned(
  request: {
    readonly signature: string | undefined;
    readonly timestamp: string | undefined;
    readonly body: Buffer;
  },
  secret: string,
  now: Date,
): "signed" | "forged" | "too-old" {
  const { signature, timestamp, body } = request;
  if (timestamp === undefined ? /^\s*\d/.test(body.toString("latin1", 0, 20)) : !/^\d{1,12}$/.test(timestamp))
    return "forged";
  const hmac = createHmac("sha256", secret);
  if (timestamp !== undefined) hmac.update(`${timestamp}:`);
  const expected = hmac.update(body).digest();
  const given = Buffer.from(/^[0-9a-f]{64}$/i.test(signature ?? "") ? (signature ?? "") : "", "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return "forged";
  if (timestamp === undefined) return "signed";
  const age = Math.abs(now.getTime() / 1_000 - Number(timestamp));
  return age <= WINDOW_SECONDS ? "signed" : "too-old";
}
