import { looksRandom, looksSecret } from "./random-text.ts";
import { redactionToken } from "./rule.ts";
import { NAME_STEM, SECRET_NAME_SOURCE, secretKindOf } from "./secret-names.ts";
import { isProse } from "./value-span.ts";

/** `for admin`, `of the orders service` */
const OWNER =
  "(?: (?:for|of|to|on|in|from|used|by|with|user|role) [\\w.@'\"/-]{1,40}(?: (?!is|was|are)[\\w.@'\"/-]{1,40}){0,2}?)?";
const VERB =
  "(?:is|was|are|were|equals|reads|becomes|became|changed|reset|set|updated|rotated|switched|now|will be|has been|=)(?: (?:now|set|changed|reset|updated|rotated|still|currently|like|either))?(?: (?:to|as|from|with))?";
const OPEN = "[\"'`“‘«(\\[<]{0,2}";
const VALUE = "([^\\s\"'`“”‘’«»()\\[\\]<>]{6,4096})";

/** "the password for admin is x", "token was changed to x" */
const SAID = new RegExp(
  `(${SECRET_NAME_SOURCE}|\\bkey)[\\w]{0,3}["'\`]?${OWNER}(?: (?:used|supplied|provided|sent|given|entered))? (?:${VERB})[:,]? {1,2}${OPEN}${VALUE}`,
  "gi",
);
/** "with password x", "API key x was rejected", "token (x)", "secret 'x'" */
const BESIDE = new RegExp(
  `(${SECRET_NAME_SOURCE}|\\bkey|\\bcode)["'\`]?${OWNER}(?:[ \\t]{1,3}|(?=[(\\[<]))(${OPEN})${VALUE}`,
  "gi",
);
/** "credentials admin:x", "logged in as admin / x" */
const PAIR =
  /\b((?:credentials?|creds|log(?:ged |ging )?[io]n|authenticat(?:ed|ing|e)|user(?:name)?|account)(?: (?:with|as|using|for|are|is|were|was|in|to|user|credentials|creds)){0,3}:? {1,2}["'(]?[\w.@+-]{1,64}["']?(?: ?[:/,] ?| and | with )["'(]?)([^\s"'`)]{6,256})/gi;
/** SQL, netrc, FTP, Redis and SMTP say the secret after a word of their own. */
const STATEMENTS: readonly (readonly [hint: string, pattern: RegExp])[] = [
  ["identified", /(identified (?:with \S{1,60} )?by (?:password )?["'`])([^"'`\r\n]{1,512})/gi],
  [
    "password",
    /(\b(?:with (?:encrypted |unencrypted )?|set )?password(?: for \S{1,80})?(?: ?= ?| ?\( ?| )["'])([^"'\r\n]{6,512})(?=["'])/gi,
  ],
  [
    "login",
    /(\blogin\s{1,4}\S{1,100}\s{1,4}(?:account\s{1,4}\S{1,100}\s{1,4})?password\s{1,4})(\S{1,512})/gi,
  ],
  ["pass ", /((?:^|[\n>:] ?|\d )PASS )([^\s/]{1,512})(?=\s*$|["'\r\n])/g],
  ["auth", /((?<![\w-])AUTH["']?,? ["']?(?:PLAIN |LOGIN )?["']?)([^\s"']{4,512})/g],
  ["requirepass", /(\b(?:requirepass|masterauth)["']?\s{1,4}["']?)([^\s"']{1,512})/gi],
];

/** Replaces secrets that a sentence or a statement names: "the password is x", `IDENTIFIED BY 'x'`, netrc. */
export function redactPhrases(text: string, lower: string): string {
  if (!NAME_STEM.test(lower) && !lower.includes("identified") && !/user|account|logg/.test(lower))
    return text;
  let out = text;
  for (const [hint, pattern] of STATEMENTS) {
    if (!lower.includes(hint)) continue;
    out = out.replace(pattern, (match, before: string, value: string) =>
      isDone(value) || (/password|auth/.test(hint) && !looksSecret(value))
        ? match
        : before + redactionToken("password"),
    );
  }
  out = out.replace(SAID, (match, name: string, value: string) =>
    replaced(match, name, value, isSaid(name, value)),
  );
  out = out.replace(BESIDE, (match, name: string, open: string, value: string) =>
    replaced(match, name, value, isBeside(name, open, value)),
  );
  return out.replace(PAIR, (match, before: string, value: string) =>
    !isDone(value) && isOfPair(before, value) ? before + redactionToken("password") : match,
  );
}

const trimmed = (value: string): string => value.replace(/[.,;:!?]+$/, "");
const isDone = (value: string): boolean => value.startsWith("[redacted:") || value.startsWith("redacted:");

function replaced(match: string, name: string, value: string, secret: boolean): string {
  if (!secret || isDone(value)) return match;
  const bare = trimmed(value);
  const from = match.lastIndexOf(value);
  return match.slice(0, from) + redactionToken(secretKindOf(name) ?? "secret") + value.slice(bare.length);
}

function isSaid(name: string, value: string): boolean {
  const bare = trimmed(value);
  if (isProse(bare) || /[=:]/.test(bare.slice(1, -1)))
    return /^key$/i.test(name) ? false : looksRandom(bare, 16);
  return /key$|^code$/i.test(name) &&
    !/(?:api|access|secret|private|license|signing|encryption|master)/i.test(name)
    ? looksRandom(bare, 16) && isStrong(bare)
    : looksSecret(bare);
}

function isBeside(name: string, open: string, value: string): boolean {
  const bare = trimmed(value);
  if (isProse(bare) || bare.startsWith("--")) return false;
  const password = /passw|passphrase|kennwort|contrase/i.test(name);
  if (password) return looksSecret(bare) && (isStrong(bare) || open !== "" || /\d/.test(bare));
  if (/[/:]/.test(bare)) return false;
  const plain = /^(?:key|code)$/i.test(name);
  if (looksRandom(bare, 16)) return isStrong(bare) || (bare.length >= 24 && !plain);
  // A plain `key` or `code` has many values that are no secret.
  return !plain && isStrong(bare) && (/[!#$%^&*~?+]/.test(bare) || looksRandom(bare, 8));
}

/** `credentials admin:x` says what it is; `user app:x` can be an image. */
function isOfPair(before: string, value: string): boolean {
  // "User: arn:aws:sts::..." is how AWS names who was refused.
  if (/\barn:$/i.test(before)) return false;
  return /^cred/i.test(before) ? looksSecret(value) : isStrong(value) || looksRandom(value, 24);
}

/** Whether a value has upper case, lower case and digits, or a sign among letters and digits. */
function isStrong(value: string): boolean {
  const classes = [/[A-Z]/, /[a-z]/, /\d/, /[!#$%^&*~?+]/].filter((pattern) => pattern.test(value)).length;
  return classes >= 3 && looksSecret(value);
}
