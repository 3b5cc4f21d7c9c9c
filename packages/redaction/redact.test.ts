import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { redact, redactDeep, redactLines, redactRecord } from "./index.ts";

/** Secrets are put together at run time, so that no scanner takes this file for a leak. */
const letters = (count: number, from = "aB3dE6gH9kL2nP5r"): string =>
  Array.from({ length: count }, (_entry, i) => from[(i * 7 + 3) % from.length] ?? "x").join("");
const hex = (count: number): string => letters(count, "0a1b2c3d4e5f6789");
const upper = (count: number): string => letters(count, "A2B3C4D5E6F7G");
const pem = (kind: string, line = "\n"): string =>
  [
    `-----BEGIN ${kind}PRIVATE`,
    ` KEY-----${line}`,
    letters(64),
    line,
    letters(40),
    `==${line}-----END ${kind}PRIVATE`,
    " KEY-----",
  ].join("");
const base64 = (text: string): string => Buffer.from(text).toString("base64");

const SECRETS: readonly (readonly [type: string, secret: string])[] = [
  ["aws-access-key", `AK${"IA"}${upper(16)}`],
  ["aws-access-key", `AS${"IA"}${upper(16)}`],
  ["github-token", `gh${"p_"}${letters(36)}`],
  ["github-token", `github_${"pat_"}${letters(82)}`],
  ["gitlab-token", `gl${"pat-"}${letters(20)}`],
  ["slack-token", `xo${"xb-"}123456789012-1234567890123-${letters(24)}`],
  ["stripe-key", `sk_${"live_"}${letters(24)}`],
  ["openai-key", `sk-${"proj-"}${letters(48)}`],
  ["anthropic-key", `sk-${"ant-"}api03-${letters(80)}`],
  ["openrouter-key", `sk-${"or-"}v1-${hex(64)}`],
  ["google-key", `AI${"za"}${letters(35)}`],
  ["npm-token", `np${"m_"}${letters(36)}`],
  ["sendgrid-key", `S${"G."}${letters(22)}.${letters(43)}`],
  ["vault-token", `hv${"s."}${letters(95)}`],
  ["jwt", `ey${"J"}${letters(20)}.ey${"J"}${letters(40)}.${letters(43)}`],
  ["private-key", pem("RSA ")],
  ["private-key", pem("EC ")],
  ["private-key", pem("", "\\n")],
  ["card-number", "4111 1111 1111 1111"],
  ["card-number", "378282246310005"],
  ["email", "jane.doe+tag@mail.example.co.uk"],
  ["email", "jürgen@bücher.example"],
  ["ipv4", "10.1.2.3"],
  ["ipv4", "ip-10-0-1-23"],
  ["ipv6", "2001:db8:85a3::8a2e:370:7334"],
  ["ipv6", "fe80::1ff:fe23:4567:890a"],
  ["ipv6", "::ffff:10.1.2.3"],
];

const CONTEXTS: readonly ((secret: string) => string)[] = [
  (secret) => secret,
  (secret) => `using ${secret} now`,
  (secret) => `{"value":"${secret}","n":1}`,
  (secret) => `key='${secret}', next`,
  (secret) => `(${secret})`,
  (secret) => `<a>${secret}</a>`,
];

describe("secrets by their form", () => {
  test.each(SECRETS.map(([type, secret], i) => [`${i} ${type}`, type, secret] as const))(
    "%s",
    (_name, type, secret) => {
      for (const context of CONTEXTS) {
        const text = redact(context(secret));

        expect(text).toContain(`[redacted:${type}]`);
        expect(text).toBe(context(`[redacted:${type}]`));
      }
    },
  );
});

const PASSWORD = `hun${"ter2"}-Zx9`;

describe("secrets by where they stand", () => {
  test.each([
    `postgres://app:${PASSWORD}@db.internal:5432/orders`,
    `redis://:${PASSWORD}@cache:6379/0`,
    `amqps://user:p@${PASSWORD}/x@mq.internal/vhost`,
    `jdbc:mysql://h/db?user=a&password=${PASSWORD}&ssl=true`,
    `Server=db;User Id=app;Password=${PASSWORD};Encrypt=true`,
    `host=db user=app password=${PASSWORD} dbname=x`,
    `DB_PASSWORD=${PASSWORD}`,
    `export API_KEY="${PASSWORD}"`,
    `{"password": "${PASSWORD}", "user": "a"}`,
    `{\\"client_secret\\":\\"${PASSWORD}\\"}`,
    `dbPassword: ${PASSWORD}`,
    `pwd='${PASSWORD}'`,
    `user[password]=${PASSWORD}&user[name]=x`,
    `password%3D${PASSWORD}%26x`,
    `--token ${PASSWORD}`,
    `--db-password=${PASSWORD}`,
    `Authorization: Bearer ${PASSWORD}abcdefgh`,
    `authorization: Basic ${base64(`user:${PASSWORD}`)}`,
    `curl -H 'Basic ${base64(`user:${PASSWORD}`)}'`,
    `Cookie: session=${PASSWORD}; theme=dark`,
    `set-cookie: sid=${PASSWORD}; Path=/`,
    `X-Api-Key: ${PASSWORD}`,
    `AccountName=x;AccountKey=${PASSWORD}==;EndpointSuffix=core`,
    `aws_secret_access_key = ${PASSWORD}`,
    `aws_session_token=${PASSWORD}`,
    `https://h/p?X-Amz-Signature=${PASSWORD}&x=1`,
    `https://h/p?sig=${PASSWORD}`,
    `<password>${PASSWORD}</password>`,
    `password:\n  ${PASSWORD}`,
    `"token" => "${PASSWORD}"`,
    `JSESSIONID=${PASSWORD}`,
  ])("%s", (text) => {
    const redacted = redact(text);

    expect(redacted).not.toContain(PASSWORD);
    expect(redacted).not.toContain(base64(`user:${PASSWORD}`));
    expect(redacted).toContain("[redacted:");
  });

  test("a key that spans lines, cut off at either end", () => {
    const lines = pem("RSA ").split("\n");

    expect(redactLines(lines).join("\n")).not.toContain(letters(12));
    expect(redact(lines.slice(0, 2).join("\n"))).not.toContain(letters(12));
    expect(redact(lines.slice(1, 2).join("\n"))).toBe("[redacted:key-material]");
    expect(redactLines(["password:", PASSWORD])[1]).toBe("[redacted:secret]");
    expect(redactLines(lines)).toHaveLength(lines.length);
  });
});

const ORDINARY = [
  "2024-11-23T06:55:12.123Z INFO started OrderService v1.14.2 in 3.211 seconds (pid 4711)",
  "Invalid password: must be at least 12 characters",
  "token: expired 30 s ago",
  "Unexpected token < in JSON at position 0",
  "TypeError: Cannot read properties of undefined (reading 'token')",
  "arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/db-AbCdEf not found",
  "arn:aws:ecs:eu-west-1:123456789012:task/prod/0123456789abcdef0123456789abcdef",
  "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  "request 3f2b8c1e-58c3-4f0e-9a46-0d6c1f1d9c11 took 12.5 ms max_tokens=500",
  "Basic authentication is required; Bearer tokens are not accepted",
  "GET /api/v1/orders/4711?page=2&sort=desc 200 12.4 ms",
  "std::vector::at out of range at 06:55:12, mac 00:1b:44:11:3a:b7",
  "1732345678901 20241123065512345 order 1234567890123",
  "GET https://cdn.example.com:8080/@vite/client icon@2x.png PWD=/app",
  "java.lang.IllegalStateException: pool exhausted at com.acme.Pool.get(Pool.java:42)",
  "secretsManager client ready, passwordless login enabled, 3 cookies",
];

test("ordinary log text is left as it is", () => {
  const changed = ORDINARY.filter((line) => redact(line) !== line);

  expect(changed).toEqual([]);
});

describe("audiences", () => {
  const own = [
    "10.0.3.7",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "169.254.170.2",
    "127.0.0.1",
    "0.0.0.0",
    "100.64.0.1",
    "100.127.0.1",
    "ip-10-0-1-23",
    "fd12:3456:789a::1",
    "fe80::1ff:fe23:4567:890a",
    "::1",
    "::ffff:10.1.2.3",
  ];
  const strangers = [
    "203.0.113.9",
    "172.32.0.1",
    "172.15.0.1",
    "100.128.0.1",
    "100.63.0.1",
    "2001:db8::7",
    "::ffff:203.0.113.9",
  ];

  test.each(own)("a person and the store see %s, a model and an export do not", (address) => {
    const line = `POST http://${address.includes(":") ? `[${address}]` : address}:80/x refused`;

    expect(redact(line, "person")).toBe(line);
    expect(redact(line, "store")).toBe(line);
    expect(redact(line, "model")).not.toContain(address);
    expect(redact(line, "export")).not.toContain(address);
    expect(redact(redact(line, "store"), "export")).toBe(redact(line, "export"));
  });

  test.each(strangers)("%s can be a customer's, so nobody sees it", (address) => {
    expect(redact(`from ${address} refused`, "person")).not.toContain(address);
  });

  test("no audience sees a secret", () => {
    const secrets = SECRETS.filter(([type]) => !type.startsWith("ip"));

    for (const audience of ["person", "store", "model", "export"] as const) {
      for (const [type, secret] of secrets) {
        expect(redact(`at 10.0.0.1: ${secret}`, audience)).toContain(`[redacted:${type}]`);
        expect(redactLines([secret], audience).join()).not.toContain(secret);
        expect(redactDeep({ note: `at ${secret}` }, audience).note).not.toContain(secret);
      }
      expect(redactDeep({ apiKey: "x" }, audience)).toEqual({ apiKey: "[redacted:api-key]" });
    }
  });

  test("lines and deep values keep the team's own addresses", () => {
    expect(redactLines(["to 10.0.0.1"], "person")).toEqual(["to 10.0.0.1"]);
    expect(redactDeep({ host: "10.0.0.1" }, "store")).toEqual({ host: "10.0.0.1" });
    expect(redactRecord({ hosts: ["10.0.0.1"], host: "10.0.0.1" }, "store")).toEqual({
      hosts: ["10.0.0.1"],
      host: "10.0.0.1",
    });
    expect(redactRecord({ host: "10.0.0.1" })).toEqual({ host: "[redacted:ipv4]" });
  });
});

test("deep values: names that say secret, strings anywhere, keys", () => {
  const value = {
    DB_PASSWORD: "x",
    nested: [{ apiKey: { any: "thing" }, note: "mail a@b.example", inputTokens: 12 }],
    "a@b.example": 4111111111111111,
    token: null,
    count: 3,
  };

  expect(redactDeep(value)).toEqual({
    DB_PASSWORD: "[redacted:password]",
    nested: [{ apiKey: "[redacted:api-key]", note: "mail [redacted:email]", inputTokens: 12 }],
    "[redacted:email]": "[redacted:card-number]",
    token: null,
    count: 3,
  });
  expect(redactDeep(redactDeep(value))).toEqual(redactDeep(value));
});

describe("whatever comes in", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "password=",
      "token: ",
      '"secret":"',
      "://",
      "@",
      "Bearer ",
      "[redacted:",
      "[redacted:x]",
      "]",
      "\\",
      '"',
      "'",
      "\n",
      ";",
      ",",
      "&",
      "=",
      ":",
      "eyJ",
      ".",
      " ",
      "-----BEGIN PRIVATE KEY-----",
      "-----END PRIVATE KEY-----",
      "cookie: a=",
      "--token ",
    ),
    fc.constantFrom(...SECRETS.map(([, secret]) => secret)),
    fc.string({ maxLength: 12 }),
    fc.ipV4(),
    fc.ipV6(),
    fc.emailAddress(),
  );
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));

  test("redacting twice is redacting once", () => {
    fc.assert(
      fc.property(text, (input) => {
        const once = redact(input);

        expect(redact(once)).toBe(once);
      }),
      { numRuns: 3_000 },
    );
  });

  test("no secret of a known form survives between spaces", () => {
    fc.assert(
      fc.property(
        text,
        fc.constantFrom(...SECRETS.map(([, secret]) => secret)),
        text,
        (before, secret, after) => {
          expect(redact(`${before} ${secret} ${after}`)).not.toContain(` ${secret} `);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("a megabyte of the worst takes linear time", () => {
    const units = [
      "a",
      "-",
      "eyJ-",
      "eyJabcdefgh.",
      "a.a@a.",
      "password=",
      "password: ",
      'password="',
      "password=[redacted:",
      "-----BEGIN PRIVATE KEY-----",
      "4 ",
      "1-",
      ":",
      "a://b:c",
      "1.1.",
      "1:",
      "basic a",
      "\\",
      'password=\\"a',
      "aws ",
      "cookie=a=",
      "<password>",
      "password=a,b;",
      "ip-1-",
      " ",
      "\n",
    ];
    // A pattern that backtracks would take hours here and run into the test's own time limit.
    const redacted = units.map((unit) => redact(unit.repeat(1_000_000 / unit.length)));

    expect(redacted).toHaveLength(units.length);
  });
});
