const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text is a UUID (RFC 9562). */
export function isUuid(text: string): boolean {
  return text.length === 36 && UUID.test(text);
}

/** Counts of the kinds of characters of a text, and of the places where the kind changes. */
function kindsOf(text: string) {
  let upper = 0;
  let lower = 0;
  let digits = 0;
  let changes = 0;
  let before = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const kind = code > 47 && code < 58 ? 1 : code > 64 && code < 91 ? 2 : code > 96 && code < 123 ? 3 : 0;
    if (kind === 0) continue;
    if (kind === 1) digits += 1;
    else if (kind === 2) upper += 1;
    else lower += 1;
    if (before !== 0 && before !== kind) changes += 1;
    before = kind;
  }
  return { upper, lower, digits, changes, count: upper + lower + digits };
}

/**
 * Whether a text of `least` letters and digits or more looks drawn at random. Of random base 62, 62 % of neighbours
 * are of different kinds (upper case, lower case, digit); of words and names in camel case fewer than 30 %.
 */
export function looksRandom(text: string, least = 16): boolean {
  const { upper, lower, digits, changes, count } = kindsOf(text);
  if (count < least) return false;
  if (upper > 0 && lower > 0) return digits > 0 ? changes >= count * 0.28 : changes >= count * 0.4;
  return digits >= 3 && digits < count && changes >= Math.max(4, count * 0.2);
}

/** Bits a character (Shannon), which a word or a repeated pattern has few of. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** Names of algorithms and formats, versions, numbers with units, dates, resource names, paths and addresses. */
const ORDINARY = [
  /^(?:sha|md|hs|rs|es|ps|aes|des|rsa|ecdsa|ed|base|utf|iso|oauth|pkcs|x|http|ipv|tls|ssl|argon|pbkdf|bcrypt|crc|uuid|v)[-_.]?\d[\w.-]{0,24}$/i,
  /^[a-z]{0,10}[-_]?v?\d{1,6}(?:[._-]\d{1,6}){0,5}(?:[-+.]?(?:alpha|beta|rc|snapshot|final|release|build)[\w.-]*)?$/i,
  /^[\d.,:+-]{1,40}(?:ns|us|µs|ms|s|m|h|d|k|kb|mb|gb|kib|mib|gib|b|%|z|x)?$/i,
  /^\d{4}-\d\d-\d\d/,
  /^arn:aws/,
  /^(?:https?|s3|ecr|docker|file):\/\/[^\s@]{0,300}$/i,
  /^(?:[./~]|[A-Za-z]:\\)/,
  /^(?:sha\d{1,3}|md5)[:=-][0-9a-f]{16,}$/i,
  /^(?:i|vol|eni|vpc|subnet|sg|ami|snap|igw|rtb|acl|nat|eipalloc|lt|fs|tgw|db|lb|task|tg|ecs)-[0-9a-f]{8,40}$/,
  /^[\w.-]{1,80}(?:\.(?:com|net|org|io|dev|local|internal|svc|cluster|amazonaws|json|ya?ml|pem|key|crt|cer|txt|js|ts|py|go|java|rb|php|env|conf|cfg|ini|sh|log|xml))(?::\d{1,5})?(?:\/.*)?$/i,
];

/** Whether a text is one that logs are full of and no password: an algorithm, a version, a size, an id, a path. */
export function isOrdinaryValue(text: string): boolean {
  return ORDINARY.some((pattern) => pattern.test(text));
}

/**
 * Whether a text can be a secret where its place does not prove it: six characters or more with digits or signs among
 * letters, or random; no ordinary value.
 */
export function looksSecret(text: string): boolean {
  if (text.length < 6 || isOrdinaryValue(text) || /^[\w-]*[({[]/.test(text)) return false;
  const mixed = /\d/.test(text) && /[A-Za-z]/.test(text);
  const signs = /[!#$%^&*~?@+=]/.test(text) && /[A-Za-z0-9]/.test(text);
  return (mixed || signs || looksRandom(text, 12)) && entropyOf(text) >= 2;
}
