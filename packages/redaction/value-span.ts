/** A quote, also escaped, typed (`b"x"`) or inside a call or a list (`SecretStr("x")`, `["x"]`). */
const OPENING = /(?:[[(][ \t]{0,2}|[A-Za-z_][\w.]{0,30}\()?(?:[bBfFrRuU]{0,2})(\\{0,4}["'`])|[“‘«„]/y;
/** After `token: `, these words begin a sentence about the secret. */
const PROSE = new Set(
  "must is was are were has have had not cannot can could should would will may required invalid incorrect wrong expired missing mismatch failed failure denied rejected refused the a an for from in of on to no too does did unable authentication error string number object bad unknown unexpected empty sent valid ok verified rotated refreshed renewed loaded found created updated changed reset sha1 sha256 sha512 hs256 rs256 es256 md5 revoked disabled enabled configured set unset cached skipped accepted granted supplied provided given specified malformed unauthorized forbidden redacted hidden masked success succeeded pending ready started stopped timeout timed retry retrying and or with by at as".split(
    " ",
  ),
);
/** Names of HTTP authentication schemes (RFC 9110 section 11): the credential is the next word. */
const SCHEME = /^(?:bearer|basic|token|digest|apikey|api-key|api-token|negotiate|ntlm|ssws|geniekey)$/i;

/** Whether a word begins a sentence rather than being a secret. */
export function isProse(word: string): boolean {
  return PROSE.has(word.toLowerCase().replace(/[.,;:!?]+$/, ""));
}

/** Returns where the value begins and ends, without its quotes. */
export function valueSpan(text: string, begin: number): [from: number, to: number] {
  OPENING.lastIndex = begin;
  const opening = OPENING.exec(text);
  if (opening === null) return bareSpan(text, begin);
  const from = begin + opening[0].length;
  const quote = opening[1] ?? CLOSING[opening[0]] ?? opening[0];
  return [from, quote.length === 1 ? quotedEnd(text, from, quote) : escapedQuotedEnd(text, from, quote)];
}

const CLOSING: Readonly<Record<string, string>> = { "“": "”", "‘": "’", "«": "»", "„": "“" };

function bareSpan(text: string, begin: number): [from: number, to: number] {
  const end = bareEnd(text, begin);
  if (end - begin > 12 || !SCHEME.test(text.slice(begin, end))) return [begin, end];
  const next = /^[ \t]{1,3}(?=[\w~+/=.-]{6,})/.exec(text.slice(end, end + 40));
  return next === null ? [begin, end] : [begin, bareEnd(text, end + next[0].length)];
}

function quotedEnd(text: string, from: number, quote: string): number {
  for (let i = from; i < text.length; i++) {
    const char = text.charAt(i);
    if (char === "\\") i++;
    else if (char === quote || char === "\n") return i;
  }
  return text.length;
}

function escapedQuotedEnd(text: string, from: number, quote: string): number {
  for (let i = from; i < text.length; i++) {
    if (text.charAt(i) === "\n" || text.startsWith(quote, i)) return i;
  }
  return text.length;
}

/** A bare value ends at white space, at a quote, or at the next `name=` or closing bracket. */
function bareEnd(text: string, from: number): number {
  if (text.startsWith("[redacted:", from)) {
    const token = /^\[redacted:[a-z0-9-]{1,40}\](?=$|[\s"'&,;)}\]<])/.exec(text.slice(from, from + 60));
    if (token !== null) return from + token[0].length;
  } else if (/[{[(]/.test(text.charAt(from))) {
    return from;
  }
  for (let i = from; i < text.length; i++) {
    const char = text.charAt(i);
    if (/[\s"'`<>|\\]/.test(char)) return i;
    if (/[,;&)}\]]/.test(char) && /^(?:$|\s|["'\\)}\];,&]|[\w.-]{1,40}[=:])/.test(text.slice(i + 1, i + 45)))
      return i;
  }
  return text.length;
}
