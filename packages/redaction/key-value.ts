import { isOrdinaryValue, isUuid, looksRandom, looksSecret } from "./random-text.ts";
import { isRedactionToken, redactionToken } from "./rule.ts";
import {
  isWeakSecretName,
  NAME_STEM,
  SECRET_NAME_SOURCE,
  secretKindOf,
  WEAK_NAME_SOURCE,
} from "./secret-names.ts";
import { isProse, valueSpan } from "./value-span.ts";

/** `=`, `:`, `=>`, `:=` and others of programs and makefiles, with a type before them (`token: str = "x"`). */
const SEPARATOR =
  "\\\\{0,4}[\"'`]?\\]?(?:[ \\t]{0,4}:?[ \\t]{0,2}(?:str|string|String)(?=[ \\t]{0,4}=))?[ \\t]{0,4}(?:=>|->|→|:{1,3}=|[?+.]=|[?|]{2}=|==|[:=]|%3[AD])[ \\t]{0,4}(?:!!?\\w{1,10} |[|>][+-]?(?=\\r?\\n))?(?:\\r?\\n[ \\t]{1,8})?";
/** `("token", "x")`, `["--token", "x"]` */
const LIST = "[\"'`]\\)?[ \\t]{0,4},[ \\t]{0,4}(?=[\"'`])";
const NAME_AND_SEPARATOR = new RegExp(
  `(${SECRET_NAME_SOURCE})(${SEPARATOR}|${LIST})|(?<![\\w-])--?[\\w-]{0,40}?(${SECRET_NAME_SOURCE})(?:[ \\t]{1,4}(?=[^\\s-])|${LIST})|(${WEAK_NAME_SOURCE})(${SEPARATOR}|${LIST})`,
  "gi",
);
/** An ARN names a secret and does not contain it. */
const ARN = /^arn:aws[\w-]*:(?:secretsmanager|ssm|iam|kms):/;
const LITERAL =
  /^(?:null|nil|none|undefined|true|false|\*+|x{3,}|<[\w -]*>|\.{2,}|\$\{[\w.:-]+\}|\$[A-Z][A-Z0-9_]*|\{\{.*\}\}|%[sdv]|\?)$/i;
/** Objects that a runtime prints: a Java identity, an Android record, a ZooKeeper session, a reversed domain name. */
const OBJECT =
  /^(?:(?:[a-z]\w*\.){1,8}[A-Z][\w$]*@[0-9a-f]{6,8}|[A-Z][A-Za-z]{2,40}\{[0-9a-f]{6,8}|0x[0-9a-f]{13,16}|(?:com|org|net|io)(?:\.[a-z][\w-]{1,60}){1,8}(?:\/\d{1,6})?:?)$/;

/**
 * Replaces the value in `name=value`, `name: value`, `"name": "value"`, `--name value`, `["--name", "value"]` and
 * their escaped and URL-encoded forms, where the name is one of a secret, or can be one and the value looks like one.
 * Finds the value in one pass.
 */
export function redactKeyValues(text: string, lower: string): string {
  if (!NAME_STEM.test(lower)) return text;
  let out = "";
  let done = 0;
  NAME_AND_SEPARATOR.lastIndex = 0;
  for (let match = NAME_AND_SEPARATOR.exec(text); match !== null; match = NAME_AND_SEPARATOR.exec(text)) {
    const begin = match.index + match[0].length;
    const secret = secretAt(text, match, begin);
    if (secret === undefined) {
      NAME_AND_SEPARATOR.lastIndex = Math.max(begin - 1, match.index + 1);
      continue;
    }
    out += text.slice(done, secret.from) + redactionToken(secret.kind);
    done = secret.to;
    NAME_AND_SEPARATOR.lastIndex = Math.max(secret.to, begin);
  }
  return done === 0 ? text : out + text.slice(done);
}

interface Found {
  readonly from: number;
  readonly to: number;
  readonly kind: string;
}

function secretAt(text: string, match: RegExpExecArray, begin: number): Found | undefined {
  const [all, strong, strongSeparator, flag, weak, weakSeparator] = match;
  const separator = strongSeparator ?? weakSeparator ?? all.slice(-1);
  // An ARN's `:secret:name` names a secret and does not contain it.
  if (separator === ":" && text.charAt(match.index - 1) === ":") return undefined;
  const [from, to] = valueSpan(text, begin);
  const value = text.slice(from, to);
  if (value === "" || isRedactionToken(value) || ARN.test(value)) return undefined;
  // The quote before it ends a text: `log("password:", value)`.
  if (/^\s{0,2}[,)]/.test(value) && from > begin) return undefined;
  if (LITERAL.test(value) || OBJECT.test(value)) return undefined;
  if (weak !== undefined) {
    const name = nameBefore(text, match.index) + weak;
    return isWeakSecret(name, value) ? { from, to, kind: secretKindOf(name) ?? "secret" } : undefined;
  }
  const name = strong ?? flag ?? "";
  if (separator === ":" && isRevision(name, text.charAt(match.index - 1), value)) return undefined;
  const bare = from === begin;
  if (isProse(value) && ((bare && /\s$/.test(separator)) || /signature|token$/i.test(name))) return undefined;
  if (/^pwd$/i.test(name) && value.startsWith("/")) return undefined;
  if (strong !== undefined && separator.includes(",") && !looksSecret(value)) return undefined;
  if (/^(?:pw|_pw|pat|[-_]pat|bearer|[-_]salt|hmac)/i.test(name) && !looksSecret(value)) return undefined;
  return { from, to, kind: secretKindOf(name) ?? "secret" };
}

const LONGEST_NAME = 60;

/** Returns the characters of a name that stand before `end`. */
function nameBefore(text: string, end: number): string {
  let start = end;
  while (start > 0 && end - start < LONGEST_NAME && /[\w.-]/.test(text.charAt(start - 1))) start--;
  return text.slice(start, end);
}

/**
 * Whether the value of a name such as `STRIPE_KEY` or `auth` is a secret: by its looks, and in the manner of settings
 * (`STRIPE_KEY=hunter2`) also a shorter one.
 */
export function isWeakSecret(name: string, value: string): boolean {
  if (!isWeakSecretName(name) || isOrdinaryValue(value)) return false;
  if (isPair(value)) return true;
  const setting = /^[A-Z][A-Z0-9_]*_(?:KEY|PAT|AUTH|CREDS?|SAS|SEED|DSN|PIN)(?:_[A-Z0-9]+)?$/.test(name);
  if (setting) return !isProse(value) && (looksSecret(value) || value.length >= 16);
  const qualified = /[A-Za-z0-9][-_. ]?(?:key|auth|creds?|pat|sas|seed|dsn|pin)/i.test(name);
  if (qualified && /key/i.test(name) && isUuid(value)) return true;
  return (
    !/[/:]/.test(value) &&
    !isUuid(value) &&
    looksRandom(value, qualified ? 16 : 20) &&
    mixed(value, qualified)
  );
}

/** An unqualified `key` or `code` needs upper case among lower case, which ids and digests do not have. */
function mixed(value: string, qualified: boolean): boolean {
  return qualified || (/[A-Z]/.test(value) && /[a-z]/.test(value));
}

/** Whether a value is the base 64 of `user:password`, as in `.docker/config.json` and `.npmrc`. */
function isPair(value: string): boolean {
  if (!/^[A-Za-z0-9+/]{8,4000}={0,2}$/.test(value)) return false;
  try {
    return /^[\x20-\x7e]{1,200}:[\x20-\x7e]{1,2000}$/.test(atob(value));
  } catch {
    return false;
  }
}

/** `auth-token:12` is a task definition or an image with such a name. */
function isRevision(name: string, before: string, value: string): boolean {
  return (
    /^[-/]$/.test(before) &&
    /^(?:\d{1,5}|v?\d+(?:\.\d+){1,3}|latest)$/.test(value) &&
    !/^(?:otp|cv[vc])/i.test(name)
  );
}
