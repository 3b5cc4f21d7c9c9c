/**
 * Redaction: which vendors' keys and which phrasings it hides, how often it removes what is no secret, and its speed:
 * `node bench/redaction.ts [lines]`. Addresses and e-mails are rightly removed from ordinary text; anything else counts
 * as false. `--examples` prints what was removed wrongly; `--against FOLDER` measures another version of
 * packages/redaction in the same run.
 */
import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { chatterLine, type LogStyle } from "../evals/scenarios/log-styles.ts";
import { createRandom } from "../evals/scenarios/random.ts";
import { redact as current } from "../packages/redaction/index.ts";
import { phrasings, settingNames } from "../test/samples/secret-phrasings.ts";
import { makeVendorKeys } from "../test/samples/vendor-keys.ts";
import { makeSecrets } from "../test/support/secrets.ts";
import { makeCorpus } from "./log-corpus.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { examples: { type: "boolean", default: false }, against: { type: "string" } },
});
const lines = Number(positionals[0] ?? 50_000);
type Redact = (text: string) => string;
const other: Redact | undefined =
  options.against === undefined ? undefined : (await import(resolve(options.against, "index.ts"))).redact;
const redact: Redact = (text) => current(text);
const STYLES: readonly LogStyle[] = [
  "node",
  "pino",
  "spring",
  "python",
  "uvicorn",
  "go",
  "zap",
  "nginx",
  "rails",
  "dotnet",
];

/** Ordinary lines about secrets that contain none: the hardest ones. */
const ABOUT_SECRETS = `
Invalid password: must be at least 12 characters
token: expired 30 s ago
password authentication failed for user "app"
The security token included in the request is expired
Unexpected token < in JSON at position 0
CSRF token missing or incorrect
secret: arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf was rotated
JWT signature: invalid
refreshing access token, attempt 3 of 5
api key is missing in header
credentials: none found in chain
session: created in 12 ms
auth: failed for 3 of 5 requests
key: orders:4711 not found in cache
cache key=orders:4711 hit
Task definition auth-token:12 is steady
image registry.test/vault-secret:1.4.2 pulled
max_tokens=4096 temperature=0.2
tokens: 1532 in, 220 out
password reset mail queued for user 4711
passwordless login enabled
Missing required environment variable DB_PASSWORD
KeyError: 'API_KEY'
secretsManager client ready
cookie consent banner shown
Basic authentication is required
bearer token not found
signature: sha256 verified
private key loaded from /etc/tls/key.pem
ssl_certificate_key /etc/nginx/tls/server.key
credential_process exited with code 0
otp: sent by mail
dedup key a1b2c3d4e5f6a7b8c9d0e1f2a3b4c5d6
idempotency-key: 3f2b8c1e-58c3-4f0e-9a46-0d6c1f1d9c11
cache miss for key=product-4711-eu-west-1
partition key 4f2c7b81-9a found
password is required
password is 12 characters long
password changed for user42
password reset for user 4711
the token is valid for 3600 seconds
token type is Bearer
token bucket is empty
secret name is app-secrets-v2
secret version is 3f2b8c1e
key id 1a2b3c4d5e6f not found in key set
api key lookup took 12 ms
api key usage: 81%
Authorization header missing
authorization: ok
authorization failed: header is malformed
"signature": "invalid"
Signed JWT rejected: another algorithm expected
user app1 logged in
login succeeded for user bob via oauth2
authenticated with OAuth2 / PKCE
credentials provider chain: EnvironmentVariableCredentialsProvider, InstanceProfile2Provider
docker run -u node:node -p 8080:80 shop
git push -u origin:main
mysql -P 3306 -h db
ssh -p 22 host
args: ["--port","8080","--token-file","/run/secrets/token"]
{"name":"KEY_PREFIX","value":"orders"}
PASS src/orders.test.ts
AUTH ok
author: jane
authority: not trusted
passing: 12, failing: 0
compass: north
`
  .trim()
  .split("\n");

/** What containers and AWS write: ids, digests, versions, trace headers. */
const IDS = `
image 123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
CannotPullContainerError: failed to resolve ref 123456789012.dkr.ecr.eu-west-1.amazonaws.com/shop:v1.2.3
(service shop) has started 1 tasks: (task 0123456789abcdef0123456789abcdef).
(service shop) registered 1 targets in (target-group arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop/0123456789abcdef)
x-amzn-RequestId: 3f2b8c1e-58c3-4f0e-9a46-0d6c1f1d9c11 x-amz-id-2: JuKZqmXuiwFeDQxhD7M8KtsKobSzWA1QbjLbTMTagkKdBX2z7Il/jGhDeJ3j6s80
RequestId KM1BT0SC9R7V2P0G6JH5E4M2CRVV4KQNSO5AEMVJF66Q9ASUAAJG
X-Amzn-Trace-Id: Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1
traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
kafka cluster id: MkU3OEVBNTcwNTJENDM2Qk
commit 5f4dcc3b5aa765d61d8327deb882cf99a1b2c3d4 deployed
"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
com.acme.orders.OrderServiceImplV2$$EnhancerBySpringCGLIB$$5f4dcc3b
eni-0a1b2c3d4e5f60718 attached to i-0a1b2c3d4e5f60718 in subnet-0a1b2c3d
lambda 2026/11/23/[$LATEST]0123456789abcdef0123456789abcdef
Bad activity token: android.os.BinderProxy@2bd79ce
Processed session termination for sessionid: 0x14ede63a5a70002
listening on akka.tcp://sparkExecutorActorSystem@mesos-slave-07:55904
integrity sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg==
api-3f2b8c1e-58c3-4f0e-9a46-0d6c1f1d9c11 called shop-7d9f8b6c5d-x2x4z
`
  .trim()
  .split("\n");

/** The kinds of data that ordinary lines do contain. */
const RIGHTLY = /\[redacted:(?:ipv4|ipv6|email)\]/g;
const TAKEN = /\[redacted:([a-z0-9-]+)\]/g;

let allLines = 0;
let allFalse = 0;

function falseMarks(name: string, texts: readonly string[]): void {
  const kinds = new Map<string, number>();
  const examples: string[] = [];
  let lost = 0;
  for (const text of texts) {
    const found = [...redact(text).replaceAll(RIGHTLY, "").matchAll(TAKEN)];
    if (found.length === 0) continue;
    lost += 1;
    if (examples.length < 3) examples.push(`${text.slice(0, 100)} => ${redact(text).slice(0, 100)}`);
    for (const [, kind = ""] of found) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  }
  allLines += texts.length;
  allFalse += lost;
  const told = [...kinds].map(([kind, count]) => `${kind} ${count}`).join(", ");
  const rate = ((10_000 * lost) / texts.length).toFixed(1);
  console.log(
    `${name.padEnd(44)} ${String(texts.length).padStart(6)} lines, ${rate} false marks per 10 000${told ? `: ${told}` : ""}`,
  );
  if (options.examples) for (const example of examples) console.log(`  ${example}`);
}

const random = createRandom("redaction");
const start = Date.parse("2026-11-23T10:00:00Z");
const corpus = makeCorpus({ lines, part: "all" }).map(({ message }) => message);
const chatter = STYLES.flatMap((style) =>
  Array.from({ length: lines / 50 }, (_entry, i) => chatterLine(style, new Date(start + i * 1_000), random)),
);
const manuals = globSync("node_modules/{zod,vitest,esbuild,fast-check,commander,yaml}/*.md").flatMap((file) =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line.trim() !== ""),
);

console.log("ordinary lines");
falseMarks("logs of six formats (bench/log-corpus)", corpus);
falseMarks("ordinary lines of ten frameworks", chatter);
falseMarks("manuals of libraries", manuals);
falseMarks("lines about secrets that hold none", ABOUT_SECRETS);
falseMarks("ids, digests, versions", IDS);
console.log(
  `${"all".padEnd(44)} ${String(allLines).padStart(6)} lines, ${((10_000 * allFalse) / allLines).toFixed(1)} false marks per 10 000`,
);

const DRAWS = 20;
const hex = (count: number): string => random.hex(count);
const mixed = (count: number): string =>
  Array.from(
    { length: count },
    () => "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789"[random.integer(0, 54)],
  ).join("");
/** Secrets as people and generators make them. */
const SECRETS: Readonly<Record<string, () => string>> = {
  "24 letters and digits": () => `k${mixed(22)}7`,
  "32 hexadecimal digits": () => `a1${hex(30)}`,
  "a short password": () => `hun${mixed(3)}r2-Z${random.integer(10, 99)}`,
  "a password with a sign": () => `S3cr3t!${mixed(5)}`,
};

interface Try {
  readonly name: string;
  readonly text: string;
  readonly secret: string;
}

/** Prints how many texts hide their secret, and which names hide fewer than all. */
function hidden(title: string, tries: readonly Try[]): void {
  const told = (run: Redact) => {
    const missed = new Map<string, number>();
    for (const { name, text, secret } of tries) {
      if (run(text).includes(secret)) missed.set(name, (missed.get(name) ?? 0) + 1);
    }
    const left = [...missed.values()].reduce((sum, count) => sum + count, 0);
    const names = new Set(tries.map(({ name }) => name)).size;
    return {
      missed,
      text: `${(100 * (1 - left / tries.length)).toFixed(1)} % of ${tries.length} hidden; of ${names} all of ${names - missed.size}`,
    };
  };
  const now = told(redact);
  const before = other === undefined ? "" : ` (the other version: ${told(other).text})`;
  console.log(`${title.padEnd(44)} ${now.text}${before}`);
  for (const [name, count] of now.missed) console.log(`  ${JSON.stringify(name)}: ${count} not hidden`);
}

console.log("secrets");
const vendorKeys = Array.from({ length: DRAWS }, () => makeVendorKeys(random.next)).flat();
for (const [title, write] of [
  ["vendors' keys in a sentence", (key: string) => `call failed using ${key} for tenant 4`],
  ["vendors' keys in a JSON field", (key: string) => `{"value":"${key}","attempt":3}`],
] as const) {
  hidden(
    title,
    vendorKeys.map(({ vendor, key }) => ({ name: vendor, text: write(key), secret: key.slice(-12) })),
  );
}
for (const [kind, make] of Object.entries(SECRETS)) {
  hidden(
    `phrasings with ${kind}`,
    Array.from({ length: DRAWS }, () => phrasings.map((one) => ({ one, secret: make() })))
      .flat()
      .map(({ one, secret }) => ({
        name: one.phrasing,
        text: one.write(secret),
        secret: one.hidden(secret),
      })),
  );
}
hidden(
  "names of settings, NAME=value",
  Object.values(SECRETS).flatMap((make) =>
    settingNames.map((name) => {
      const secret = make();
      return { name, text: `${name}=${secret}`, secret };
    }),
  ),
);
hidden(
  "other secrets and personal data",
  Array.from({ length: 50 }, (_entry, seed) => makeSecrets(seed))
    .flat()
    .map(({ kind, value, text }) => ({
      name: kind,
      text: `ERROR call failed: ${text} (retrying)`,
      secret: value,
    })),
);

const bytes = corpus.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
function speed(run: Redact): string {
  const times = Array.from({ length: 5 }, () => {
    const began = performance.now();
    for (const line of corpus) run(line);
    return performance.now() - began;
  }).sort((a, b) => a - b);
  const median = times[2] ?? 1;
  return `${(bytes / 1e6 / (median / 1000)).toFixed(1)} MB/s, ${Math.round((corpus.length / median) * 1000)} lines/s (median of 5)`;
}
console.log("speed");
if (other !== undefined) console.log(`${"the other version".padEnd(44)} ${speed(other)}`);
console.log(`${"this version".padEnd(44)} ${speed(redact)}`);
if (other !== undefined) console.log(`${"the other version".padEnd(44)} ${speed(other)}`);
