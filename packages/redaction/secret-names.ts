/**
 * Names of secrets, ignoring case, `-`, `_` and prefixes (`DB_PASSWORD`, `dbPassword`). Source of the words: gitleaks
 * `generic-api-key` and secretlint `rule-secp256k1`/`rule-pattern` keyword lists.
 */
const NAMES = {
  password: "passw(?:or)?d|passphrase|passcode|(?<![A-Za-z])(?:pass|pwd)|[_a-z]pwd",
  "api-key":
    "(?:api|access|account|secret|private|signing|encryption|master|license|shared|subscription|auth)[-_. ]?(?:access[-_]?)?key(?:[-_]?id)?",
  token: "token|jwt|[-_]auth|credentials?",
  secret: "secret|otp|cvv|cvc|ssn|sharedaccesssignature|signature",
  session: "j?session[-_]?id|phpsessid|connect\\.sid",
} as const;

const union = Object.entries(NAMES)
  .map(([, words]) => words)
  .join("|");

/** The alternation, for use inside a larger pattern with the flag `i`. */
export const SECRET_NAME_SOURCE = `(?:${union})(?:[-_]?(?:hash|value|string))?`;

const whole = new RegExp(`(?:${union})(?:[-_]?(?:hash|value|string))?$`, "i");
const kinds = Object.entries(NAMES).map(([kind, words]) => [kind, new RegExp(`(?:${words})`, "i")] as const);

/** Returns the kind of secret that a field of this name holds, or undefined. */
export function secretKindOf(name: string): string | undefined {
  if (name.length > 200 || !whole.test(name)) return undefined;
  return kinds.find(([, pattern]) => pattern.test(name))?.[0] ?? "secret";
}
