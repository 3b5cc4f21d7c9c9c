import { isRedactionToken, redactionToken } from "./rule.ts";
import { SECRET_NAME_SOURCE, secretKindOf } from "./secret-names.ts";

const SEPARATOR = "\\\\{0,4}[\"'`]?\\]?[ \\t]{0,4}(?:=>|:=|==|[:=]|%3[AD])[ \\t]{0,4}(?:\\r?\\n[ \\t]{1,8})?";
const NAME_AND_SEPARATOR = new RegExp(
  `(${SECRET_NAME_SOURCE})(${SEPARATOR})|--[\\w-]{0,40}?(${SECRET_NAME_SOURCE})[ \\t]{1,4}(?=[^\\s-])`,
  "gi",
);
const OPENING = /\\{0,4}["'`]/y;
const LITERAL = /^(?:null|nil|none|undefined|true|false|\*+|<[\w -]*>|\.{2,})$/i;
/** An ARN names a secret and does not contain it. */
const ARN = /^arn:aws[\w-]*:(?:secretsmanager|ssm|iam|kms):/;
/** After `token: `, these words begin a sentence about the secret. */
const PROSE = new Set(
  "must is was are were has have had not cannot can could should would will may required invalid incorrect wrong expired missing mismatch failed failure denied rejected refused the a an for from in of on to no too does did unable authentication error string number object bad unknown unexpected empty sent valid ok verified rotated refreshed renewed loaded found created updated changed reset sha1 sha256 sha512 hs256 rs256 es256 md5".split(
    " ",
  ),
);

/**
 * Replaces the value in `name=value`, `name: value`, `"name": "value"`, `--name value` and their escaped and
 * URL-encoded forms, where the name is one of a secret. Finds the value in one pass.
 */
export function redactKeyValues(text: string): string {
  let out = "";
  let done = 0;
  NAME_AND_SEPARATOR.lastIndex = 0;
  for (let match = NAME_AND_SEPARATOR.exec(text); match !== null; match = NAME_AND_SEPARATOR.exec(text)) {
    const name = match[1] ?? match[3] ?? "";
    const separator = match[2] ?? " ";
    const begin = match.index + match[0].length;
    // An ARN's `:secret:name` names a secret and does not contain it.
    if (separator === ":" && text.charAt(match.index - 1) === ":") continue;
    const [from, to] = valueSpan(text, begin);
    const value = text.slice(from, to);
    if (separator === ":" && isRevision(name, text.charAt(match.index - 1), value)) continue;
    const bare = from === begin;
    if (!isSecretValue(value) || (bare && /\s$/.test(separator) && PROSE.has(value.toLowerCase()))) {
      NAME_AND_SEPARATOR.lastIndex = Math.max(begin, match.index + 1);
      continue;
    }
    if (/^pwd$/i.test(name) && value.startsWith("/")) continue;
    out += text.slice(done, from) + redactionToken(secretKindOf(name) ?? "secret");
    done = to;
    NAME_AND_SEPARATOR.lastIndex = Math.max(to, begin);
  }
  return done === 0 ? text : out + text.slice(done);
}

/** `auth-token:12` is a task definition or an image with such a name. */
function isRevision(name: string, before: string, value: string): boolean {
  return (
    /^[-/]$/.test(before) &&
    /^(?:\d{1,5}|v?\d+(?:\.\d+){1,3}|latest)$/.test(value) &&
    !/^(?:otp|cv[vc])/i.test(name)
  );
}

function isSecretValue(value: string): boolean {
  return value !== "" && !isRedactionToken(value) && !LITERAL.test(value) && !ARN.test(value);
}

/** Returns where the value begins and ends, without its quotes. */
function valueSpan(text: string, begin: number): [from: number, to: number] {
  OPENING.lastIndex = begin;
  const quote = OPENING.exec(text)?.[0];
  if (quote === undefined) return [begin, bareEnd(text, begin)];
  const from = begin + quote.length;
  return [from, quote.length === 1 ? quotedEnd(text, from, quote) : escapedQuotedEnd(text, from, quote)];
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
