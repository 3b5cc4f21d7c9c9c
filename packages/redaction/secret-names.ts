/**
 * Names of secrets, ignoring case, `-`, `_` and prefixes (`DB_PASSWORD`, `dbPassword`). Source of the words: gitleaks
 * `generic-api-key` and secretlint `rule-secp256k1`/`rule-pattern` keyword lists.
 */
const NAMES = {
  password:
    "passw(?:or)?d|passphrase|pass[-_]phrase|passcode|passwor[dt]|kennwort|contrase[nñ]a|mot[-_ ]de[-_ ]passe|пароль|密[码碼]|パスワード|(?<![A-Za-z])(?:pass|pwd|pw|pswd)|[_a-z]pwd|_pass|_pw|(?-i:(?<=[a-z])Pass)(?![a-z])",
  "api-key":
    "(?:api|access|account|secret|private|signing|encryption|master|license|shared|subscription|auth|app|application|integration|consumer)[-_. ]?(?:access[-_]?)?key(?:[-_]?id)?",
  token: "token|jwt|[-_]auth|credentials?|[-_]creds?|[-_]pat|bearer",
  secret: "secret|otp|cvv|cvc|ssn|sharedaccesssignature|signature|[-_]salt|hmac",
  session: "j?session[-_]?id|phpsessid|connect\\.sid",
} as const;

/** What may follow the word in the name: `secret_key_base`, `PASSWORD_PROD`, `token_v2`. */
const ENDING =
  "(?:[-_.]?(?:hash|value|string|base(?:64)?|b64|plain|raw|old|new|current|previous|prod(?:uction)?|live|test|dev|staging|main|primary|secondary|v?\\d{1,2})(?![A-Za-z0-9])){0,2}";

const union = Object.values(NAMES).join("|");

/** The alternation, for use inside a larger pattern with the flag `i`. */
export const SECRET_NAME_SOURCE = `(?:${union})${ENDING}`;

/** Words that name a secret only if the value looks like one: `STRIPE_KEY`, `auth`, `SENTRY_DSN`. */
export const WEAK_NAME_SOURCE = `(?:key|auth|session|creds?|pat|sas|seed|dsn|pin|code|webhook(?:[-_]?url)?|sid|login|cert)${ENDING}`;

/** A text without any of these, in lower case, holds no name of a secret. */
export const NAME_STEM =
  /pass|pwd|pw|pswd|kennwort|contrase|пароль|密|パスワード|key|token|jwt|auth|cred|pat|bearer|secret|otp|cv[vc]|ssn|signature|salt|hmac|session|sessid|connect\.sid|sas|seed|dsn|pin|code|webhook|sid|login|cert/;

const whole = new RegExp(`(?:${union})${ENDING}$`, "i");
const kinds = Object.entries(NAMES).map(([kind, words]) => [kind, new RegExp(`(?:${words})`, "i")] as const);
const weakWhole = new RegExp(`(?:^|[^a-z]|(?<=[a-z])(?=[A-Z]))${WEAK_NAME_SOURCE}$`, "i");

/** Returns the kind of secret that a field of this name holds, or undefined. */
export function secretKindOf(name: string): string | undefined {
  if (name.length > 200 || !whole.test(name)) return undefined;
  return kinds.find(([, pattern]) => pattern.test(name))?.[0] ?? "secret";
}

/** Keys that find something and open nothing: `cache_key`, `partitionKey`. */
const PLAIN_KEYS = new Set(
  "public cache dedup dedupe deduplication idempotency partition primary sort hash object s3 foreign row group lookup map redis message event index range unique composite lock file image bucket surrogate shard host fingerprint translation i18n config record item job queue topic kafka data log entity state registry resource correlation metric label tag min max first last next start end natural business search query trace request blob alarm incident alert".split(
    " ",
  ),
);

/** Whether a value of this name is a secret if it looks like one. */
export function isWeakSecretName(name: string): boolean {
  if (name.length > 200 || !weakWhole.test(name)) return false;
  const words = name
    .replaceAll(/([a-z])(?=[A-Z])/g, "$1_")
    .toLowerCase()
    .split(/[-_. ]+/);
  const key = words.lastIndexOf("key");
  return key <= 0 || !PLAIN_KEYS.has(words[key - 1] ?? "");
}
