/**
 * Redaction of ordinary text: how often it removes what is no secret, and its speed: `node bench/redaction.ts
 * [lines]`. Addresses and e-mails are rightly removed; anything else counts as false.
 */
import { globSync, readFileSync } from "node:fs";
import { chatterLine, type LogStyle } from "../evals/scenarios/log-styles.ts";
import { createRandom } from "../evals/scenarios/random.ts";
import { redact } from "../packages/redaction/index.ts";
import { makeSecrets } from "../test/support/secrets.ts";
import { makeCorpus } from "./log-corpus.ts";

const lines = Number(process.argv[2] ?? 50_000);
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
author: jane
authority: not trusted
passing: 12, failing: 0
compass: north
`
  .trim()
  .split("\n");

/** The kinds of data that ordinary lines do contain. */
const RIGHTLY = /\[redacted:(?:ipv4|ipv6|email)\]/g;
const TAKEN = /\[redacted:([a-z0-9-]+)\]/g;

function falseRate(name: string, texts: readonly string[]): void {
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
  const told = [...kinds].map(([kind, count]) => `${kind} ${count}`).join(", ");
  const rate = ((100 * lost) / texts.length).toFixed(3);
  console.log(
    `${name.padEnd(44)} ${String(texts.length).padStart(6)} lines, false ${rate} %${told ? `: ${told}` : ""}`,
  );
  if (process.argv.includes("--examples")) for (const example of examples) console.log(`  ${example}`);
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

falseRate("logs of six formats (bench/log-corpus)", corpus);
falseRate("ordinary lines of ten frameworks", chatter);
falseRate("manuals of libraries", manuals);
falseRate("lines about secrets that hold none", ABOUT_SECRETS);

const secrets = Array.from({ length: 50 }, (_entry, seed) => makeSecrets(seed)).flat();
const missed = secrets.filter(({ value, text }) =>
  redact(`ERROR call failed: ${text} (retrying)`).includes(value),
);
console.log(
  `secrets of ${new Set(secrets.map(({ kind }) => kind)).size} kinds missed: ${missed.length} of ${secrets.length}`,
);
for (const kind of new Set(missed.map((one) => one.kind))) console.log(`  ${kind}`);

const bytes = corpus.reduce((sum, line) => sum + Buffer.byteLength(line), 0);
const times = Array.from({ length: 5 }, () => {
  const began = performance.now();
  for (const line of corpus) redact(line);
  return performance.now() - began;
}).sort((a, b) => a - b);
const median = times[2] ?? 1;
console.log(
  `speed                                        ${(bytes / 1e6 / (median / 1000)).toFixed(1)} MB/s, ${Math.round((corpus.length / median) * 1000)} lines/s (median of 5)`,
);
