import { looksRandom, looksSecret } from "./random-text.ts";
import { redactionToken } from "./rule.ts";
import { isProse } from "./value-span.ts";

const HEADER =
  /(?:authorization|www-authenticate|x-api-key|x-auth-token|x-amz-security-token|x-amz-credential|x-amz-signature)\\{0,4}["']?(?:\s{0,3}(?:=>|[:=])\s{0,3}|(?<=["'])\s{0,2},\s{0,2})(?:\[(?!redacted:))?(\\{0,4}["'])?/gi;
/** RFC 9110 section 11.1: a scheme, then one token or parameters. */
const KNOWN =
  /^(?:basic|bearer|digest|token|apikey|api-key|api-token|negotiate|ntlm|hawk|hoba|mutual|ssws|geniekey|splunk|key|aws4-hmac-sha256|aws|oauth|signature|sharedaccesssignature|sharedkey|shopify|vapid|scram-sha-\d+|dpop|gnap|privatetoken)$/i;
const SCHEME = /^[A-Za-z][\w-]{1,40}$/;
const PARAMETERS =
  /^[\w-]{1,40}=(?:"[^"\r\n]{0,2000}"|[^\s",]{0,4000})(?:[ \t]{0,3},[ \t]{0,3}[\w-]{1,40}=(?:"[^"\r\n]{0,2000}"|[^\s",]{0,4000})){0,20}/;
const LONGEST = 8_192;
/** Words of a scheme that nobody registered. */
const MOST_WORDS = 4;

/** Replaces what follows `Authorization:`, whatever its scheme, of one word or several. */
export function redactAuthorization(text: string, lower: string): string {
  if (!/authori|x-a|www-auth/.test(lower)) return text;
  let out = "";
  let done = 0;
  for (const match of text.matchAll(HEADER)) {
    const from = match.index + match[0].length;
    if (from < done) continue;
    const length = credentialLength(text.slice(from, from + LONGEST), match[1]);
    if (length === 0) continue;
    out += text.slice(done, from) + redactionToken("authorization");
    done = from + length;
  }
  return done === 0 ? text : out + text.slice(done);
}

/** Characters at the beginning of `rest` that are a credential with its scheme. */
function credentialLength(rest: string, quote: string | undefined): number {
  const all = quote === undefined ? -1 : rest.indexOf(quote);
  const value = (all === -1 ? rest : rest.slice(0, all)).split(/[\r\n]/, 1)[0] ?? "";
  if (value.trim() === "" || value.startsWith("[redacted:authorization]")) return 0;
  if (all !== -1) return /\s/.test(value) && isSentence(value) ? 0 : value.length;
  const words = [...value.matchAll(/[^\s"',;&\\]+/g)].slice(0, MOST_WORDS);
  const [first, second] = words;
  if (first === undefined || first.index > 0) return 0;
  const scheme = SCHEME.test(first[0]) && !looksRandom(first[0], 16);
  if (!scheme || second === undefined) return scheme && isProse(first[0]) ? 0 : first[0].length;
  if (!/^[ \t]+$/.test(value.slice(first[0].length, second.index)))
    return isProse(first[0]) ? 0 : first[0].length;
  const parameters = PARAMETERS.exec(value.slice(second.index))?.[0];
  if (parameters !== undefined) return second.index + parameters.length;
  if (KNOWN.test(first[0]) && !isProse(second[0])) return second.index + second[0].length;
  const credential = words.slice(1).find(([word]) => isCredential(word));
  if (credential !== undefined) return credential.index + credential[0].length;
  return isSentence(value) ? 0 : first[0].length;
}

function isCredential(word: string): boolean {
  return word.length >= 8 && looksSecret(word);
}

/** `header is missing`: words, none of which can be a credential. */
function isSentence(value: string): boolean {
  const words = value.trim().split(/\s+/);
  return words.length > 1 && !KNOWN.test(words[0] ?? "") && !words.some(isCredential);
}
