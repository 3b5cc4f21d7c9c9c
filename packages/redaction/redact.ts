import { ADDRESS_RULES } from "./address-rules.ts";
import { type Audience, knowsTheSystem } from "./audience.ts";
import { redactAuthorization } from "./authorization.ts";
import { redactCards } from "./card-number.ts";
import { redactCommandLines } from "./command-lines.ts";
import { redactEmails } from "./email.ts";
import { redactPlaced } from "./header-rules.ts";
import { redactKeyValues } from "./key-value.ts";
import { redactNamedValues } from "./named-values.ts";
import { redactPhrases } from "./phrases.ts";
import { redactPrivateKeys } from "./private-key.ts";
import { type RedactionRule, redactionToken } from "./rule.ts";
import { TOKEN_RULES } from "./token-rules.ts";
import { redactVendorTokens } from "./vendor-tokens.ts";

/** Replacing one secret can reveal another; more rounds than this were never needed. */
const MOST_ROUNDS = 6;

/**
 * Replaces secrets and personal data by typed tokens such as `[redacted:aws-access-key]`.
 *
 * Linear in the text's length for any text, and idempotent: `redact(redact(x)) === redact(x)`. Without an audience it
 * hides the most.
 */
export function redact(text: string, audience: Audience = "model"): string {
  let before = text;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const after = redactOnce(before, audience);
    if (after === before) return after;
    before = after;
  }
  return before;
}

function redactOnce(text: string, audience: Audience): string {
  const lower = text.toLowerCase();
  // What is replaced below only adds tokens: a hint that `lower` lacks, the text lacks too.
  let out = applyRules(redactVendorTokens(redactPrivateKeys(text)), TOKEN_RULES, audience);
  out = redactAuthorization(redactPlaced(out), lower);
  out = redactCommandLines(redactNamedValues(out, lower), lower);
  // "credentials: admin / x" is a phrase before it is a name with a value.
  out = redactKeyValues(redactPhrases(out, lower), lower);
  return redactCards(applyRules(redactEmails(out), ADDRESS_RULES, audience));
}

function applyRules(text: string, rules: readonly RedactionRule[], audience: Audience): string {
  let out = text;
  let lower = text.toLowerCase();
  for (const rule of rules) {
    if (rule.hints.length > 0 && !rule.hints.some((hint) => lower.includes(hint))) continue;
    const token = redactionToken(rule.name);
    const stays = (match: string): boolean =>
      rule.accept?.(match) === false || (knowsTheSystem(audience) && rule.isOwn?.(match) === true);
    const next = out.replace(rule.pattern, (match) => (stays(match) ? match : token));
    if (next !== out) lower = next.toLowerCase();
    out = next;
  }
  return out;
}
