import { redactionToken } from "./rule.ts";

const BEGIN = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
const END = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;
/** The content of a key without END: base64 and line ends, also written as `\n`. */
const BODY = /(?:[A-Za-z0-9+/=]{16,}|\s|\\r|\\n|[A-Za-z0-9+/]{1,15}={0,2}(?=\s*$))*/y;
/** A 16 384-bit RSA key is shorter; a planted BEGIN must not hide the rest of the log. */
const LONGEST_KEY = 16_384;

/** Replaces PEM private keys (RFC 7468), over line ends, and the rest of truncated ones. */
export function redactPrivateKeys(text: string): string {
  if (!text.includes("PRIVATE KEY")) return text;
  let out = "";
  let done = 0;
  let end = nextEnd(text, 0);
  for (const begin of text.matchAll(BEGIN)) {
    if (begin.index < done) continue;
    const body = begin.index + begin[0].length;
    while (end !== undefined && end.start < body) end = nextEnd(text, end.stop);
    const closed = end !== undefined && end.start - body <= LONGEST_KEY;
    out += text.slice(done, begin.index) + redactionToken("private-key");
    done = closed && end !== undefined ? end.stop : cutOffEnd(text, body);
  }
  return (out + text.slice(done)).replace(
    /(?:[A-Za-z0-9+/]{1,76}={0,2}(?:\s|\\n){1,4})?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g,
    redactionToken("private-key"),
  );
}

function nextEnd(text: string, from: number): { start: number; stop: number } | undefined {
  END.lastIndex = from;
  const match = END.exec(text);
  return match === null ? undefined : { start: match.index, stop: match.index + match[0].length };
}

function cutOffEnd(text: string, from: number): number {
  const body = text.slice(from, from + LONGEST_KEY);
  BODY.lastIndex = 0;
  return from + (BODY.exec(body)?.[0].trimEnd().length ?? 0);
}
