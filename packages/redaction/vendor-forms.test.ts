import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRandom } from "../../evals/scenarios/random.ts";
import { makeVendorKeys } from "../../test/samples/vendor-keys.ts";
import { ADDRESS_RULES } from "./address-rules.ts";
import { redact } from "./index.ts";
import { TOKEN_RULES } from "./token-rules.ts";
import { vendorForms } from "./vendor-tokens.ts";

const random = createRandom("vendor-forms");
const keys = makeVendorKeys(random.next);

/** A pattern as fast-check can write texts for: what stands before a match is written, what follows is not asked. */
function writable(pattern: RegExp): RegExp {
  let source = pattern.source.replaceAll("(?<=", "(?:");
  for (let at = source.search(/\(\?<?!|\(\?=/); at !== -1; at = source.search(/\(\?<?!|\(\?=/)) {
    let depth = 0;
    let end = at;
    let inClass = false;
    do {
      const char = source[end];
      if (char === "\\") end += 1;
      else if (char === "[") inClass = true;
      else if (char === "]") inClass = false;
      else if (!inClass && char === "(") depth += 1;
      else if (!inClass && char === ")") depth -= 1;
      end += 1;
    } while (depth > 0);
    source = source.slice(0, at) + source.slice(end);
  }
  return new RegExp(`^(?:${source.replaceAll(/[$^](?=$)|^\^/g, "")})$`);
}

describe("a hint never hides what its rule would find", () => {
  const hinted = [...TOKEN_RULES, ...ADDRESS_RULES].filter(({ hints }) => hints.length > 0);

  test.each(hinted.map((rule, i) => [`${i} ${rule.name}`, rule] as const))("%s", (_name, rule) => {
    fc.assert(
      fc.property(fc.stringMatching(writable(rule.pattern)), (text) => {
        fc.pre(rule.accept?.(text) !== false);
        const lower = text.toLowerCase();

        expect(rule.hints.some((hint) => lower.includes(hint))).toBe(true);
      }),
      { numRuns: 60, maxSkipsPerRun: 10_000 },
    );
  });
});

describe("each form of the table is found in a sentence", () => {
  test.each(
    vendorForms.filter(({ random: mustLook }) => !mustLook).map((form) => [form.prefix, form] as const),
  )("%s", (_prefix, form) => {
    fc.assert(
      fc.property(fc.stringMatching(writable(form.pattern)), (key) => {
        expect(redact(`using ${key} now`)).not.toContain(key);
      }),
      { numRuns: 30 },
    );
  });
});

test.each(keys.map(({ vendor, key }) => [vendor, key] as const))("hides a key of %s", (_vendor, key) => {
  for (const text of [`using ${key} now`, `(${key})`, `{"v":"${key}"}`, `key=${key}, next`]) {
    expect(redact(text)).not.toContain(key.slice(-12));
  }
});

describe("the recommended preset of secretlint", () => {
  /** What secretlint's rules find in a text. */
  async function found(text: string): Promise<Map<string, string[]>> {
    const byRule = new Map<string, string[]>();
    for (const rule of rules) {
      const spans: string[] = [];
      const report = ({ range }: { range: readonly [number, number] }) => {
        spans.push(text.slice(...range));
      };
      const context = { createTranslator: () => () => "", report, ignore() {} } as unknown as Parameters<
        typeof rule.create
      >[0];
      const source = { content: text, filePath: "a.txt", ext: ".txt", contentType: "text" } as Parameters<
        NonNullable<ReturnType<typeof rule.create>["file"]>
      >[0];
      await rule.create(context, {}).file?.(source, {});
      byRule.set(rule.meta.id.replace("@secretlint/secretlint-rule-", ""), spans);
    }
    return byRule;
  }

  const pem = `-----BEGIN RSA ${"PRIVATE"} KEY-----\nMII${"ab3D".repeat(60)}\n-----END RSA ${"PRIVATE"} KEY-----`;
  const texts = [
    ...keys.map(({ key }) => `x ${key} y`),
    `http://user:${random.hex(12)}@example.com/`,
    `postgres://app:${random.hex(12)}@db.internal:5432/shop`,
    `https://hooks.slack.com/services/T${"0".repeat(8)}/B${"0".repeat(8)}/${random.hex(24)}`,
    `aws_secret_access_key = "${random.hex(38)}+Z"`,
    // Base 64 of an object ends with `fQ==` where the last brace stands alone.
    `ops_${btoa(JSON.stringify({ email: "a@example.com", secretKey: random.hex(63) }))}`,
    pem,
  ];

  test("everything that it finds is hidden here", async () => {
    const left: string[] = [];
    for (const text of texts) {
      for (const [rule, spans] of await found(text)) {
        left.push(...spans.filter((span) => redact(text).includes(span)).map((span) => `${rule}: ${span}`));
      }
    }

    expect(left).toEqual([]);
  });

  test("each of its rules finds one of the samples: a rule that it gains needs a sample, and a form here", async () => {
    const all = await found(texts.join("\n"));
    const silent = [...all].filter(([, spans]) => spans.length === 0).map(([rule]) => rule);

    // gcp reads key files, filter-comments finds nothing by itself.
    expect(silent).toEqual(["gcp", "filter-comments"]);
  });
});
