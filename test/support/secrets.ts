/** Secrets of every kind, put together at run time so that no scanner takes this file for a leak. */

const ALPHABET = "aB3dE6gH9kL2nP5rS8tU4vW7xY1zC0";

export interface Secret {
  readonly kind: string;
  /** What may be found nowhere. */
  readonly value: string;
  /** As it stands in a text. */
  readonly text: string;
}

/** One secret of every kind; another `seed` gives other values. */
export function makeSecrets(seed: number): Secret[] {
  let state = (seed + 1) * 7_919;
  const next = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state >>> 8;
  };
  const from = (letters: string, count: number): string =>
    Array.from({ length: count }, () => letters[next() % letters.length] ?? "a").join("");
  const mixed = (count: number) => from(ALPHABET, count);
  const hex = (count: number) => `a1${from("0123456789abcdef", count - 2)}`;
  const upper = (count: number) => from("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", count);
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const password = () => `Zq${mixed(9)}-x7`;
  const own = (kind: string, value: string): Secret => ({ kind, value, text: value });
  const within = (kind: string, value: string, text: (value: string) => string): Secret => ({
    kind,
    value,
    text: text(value),
  });
  return [
    own("AWS access key", `AK${"IA"}${upper(16)}`),
    within("AWS secret key", `${mixed(38)}9z`, (v) => `aws_secret_access_key=${v}`),
    within("AWS session token", mixed(80), (v) => `AWS_SESSION_TOKEN=${v}`),
    own("GitHub token", `gh${"p_"}${mixed(36)}`),
    own("GitHub fine-grained token", `github_${"pat_"}${mixed(82)}`),
    own("GitLab token", `gl${"pat-"}${mixed(20)}`),
    own("Slack token", `xo${"xb-"}123456789012-1234567890123-${mixed(24)}`),
    within("Slack webhook", mixed(24), (v) => `https://hooks.slack.com/services/T0AAAAAAA/B0BBBBBBB/${v}`),
    own("Stripe key", `sk_${"live_"}${mixed(24)}`),
    own("OpenAI key", `sk-${"proj-"}${mixed(48)}`),
    own("Anthropic key", `sk-${"ant-"}api03-${mixed(80)}`),
    own("OpenRouter key", `sk-${"or-"}v1-${hex(64)}`),
    own("Google key", `AI${"za"}${mixed(35)}`),
    own("npm token", `np${"m_"}${mixed(36)}`),
    own("SendGrid key", `S${"G."}${mixed(22)}.${mixed(43)}`),
    own("Vault token", `hv${"s."}${mixed(95)}`),
    own("JSON web token", `ey${"J"}${mixed(20)}.ey${"J"}${mixed(40)}.${mixed(43)}`),
    within("bearer token", mixed(32), (v) => `Authorization: Bearer ${v}`),
    within("basic credential", base64(`app:${password()}`), (v) => `authorization: Basic ${v}`),
    within("URL password", password(), (v) => `postgres://app:${v}@db.internal:5432/orders`),
    within("URL password without user", password(), (v) => `redis://:${v}@cache:6379/0`),
    within("JDBC password", password(), (v) => `jdbc:mysql://h/db?user=a&password=${v}&ssl=true`),
    within("connection string", password(), (v) => `Server=db;User Id=app;Password=${v};Encrypt=true`),
    within("setting", password(), (v) => `DB_PASSWORD=${v}`),
    within("JSON field", password(), (v) => `{"client_secret": "${v}"}`),
    within("flag", password(), (v) => `--db-password=${v}`),
    within("flag and value", password(), (v) => `--token ${v}`),
    within("signed link", hex(64), (v) => `https://b.s3.amazonaws.com/k?X-Amz-Signature=${v}&x=1`),
    within("cookie", mixed(24), (v) => `Cookie: session=${v}`),
    within("API key header", mixed(24), (v) => `X-Api-Key: ${v}`),
    within("storage key", mixed(40), (v) => `AccountName=x;AccountKey=${v}==;EndpointSuffix=core`),
    own("card number", "4111 1111 1111 1111"),
    own("e-mail address", `jane.${from("abcdefgh", 6)}@mail.example.co.uk`),
    own("IPv4 address", `54.${next() % 200}.${next() % 200}.23`),
    own("own address", `10.${next() % 200}.${next() % 200}.23`),
    own("IPv6 address", `2001:db8:${hex(4)}::8a2e:370:7334`),
  ];
}

/** A private key as it is printed, and one line of its body. */
export function makePrivateKey(seed: number): Secret {
  const [, , token] = makeSecrets(seed + 50);
  const body = `${token?.value.slice(0, 62)}q9`;
  const word = "PRIVATE";
  return {
    kind: "private key",
    value: body,
    text: `-----BEGIN RSA ${word} KEY-----\n${body}\n${body.slice(0, 40)}==\n-----END RSA ${word} KEY-----`,
  };
}
