/** The longest excerpt of a server's text in a message. */
const MAX_LENGTH = 300;

/** Shorter keys (`none`, `x`) are placeholders of local servers, and replacing them would destroy whole messages. */
const MIN_SECRET_LENGTH = 4;

/** Returns a server's text for a message: one line, capped, without the key and anything like one. */
export function scrub(text: string, apiKey: string): string {
  let clean = text;
  if (apiKey.length >= MIN_SECRET_LENGTH) {
    for (const form of [apiKey, encodeURIComponent(apiKey), Buffer.from(apiKey).toString("base64")]) {
      clean = clean.replaceAll(form, "[key]");
    }
  }
  clean = clean
    .replace(/\bBearer\s+\S+/gi, "Bearer [key]")
    .replace(/\bsk-[\w*.…-]+/g, "[key]")
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ")
    .trim();
  return clean.length > MAX_LENGTH ? `${clean.slice(0, MAX_LENGTH)}…` : clean;
}
