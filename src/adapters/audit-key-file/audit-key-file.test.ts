import { chmodSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { checkSeal, keyIdOf, sealedText } from "../../domain/incident/audit-seal.ts";
import { createAuditKeyFile } from "./audit-key-file.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "opsagent-key-"));
  path = join(folder, "deep", "key");
});
afterEach(() => rmSync(folder, { recursive: true }));

const refused = (work: Promise<unknown>) => work.catch((error: unknown) => error);

it("makes a key once, for its owner only, whose signatures its public key checks", async () => {
  const key = createAuditKeyFile(path);

  const made = [await key.make(), await key.make()];
  const keyId = keyIdOf(await key.publicKey());
  const open = { seq: 3, head: "ab".repeat(32), at: "2026-11-23T07:00:00.000Z", keyId };
  const seal = { ...open, signature: await key.sign(sealedText(open)) };

  expect(made).toEqual([true, false]);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(checkSeal(seal, [await key.publicKey()])).toBe("good");
  expect(checkSeal({ ...seal, seq: 4 }, [await key.publicKey()])).toBe("forged");
  expect(checkSeal(seal, [])).toBe("unknown-key");
});

it("refuses a key that others can read, a link, another kind of file, and none, and repeats nothing of it", async () => {
  const key = createAuditKeyFile(path);
  const missing = await refused(key.sign("text"));
  await key.make();
  chmodSync(path, 0o640);
  const open = await refused(key.publicKey());
  chmodSync(path, 0o600);
  const link = join(folder, "link");
  symlinkSync(path, link);
  const linked = await refused(createAuditKeyFile(link).publicKey());
  const text = join(folder, "text");
  writeFileSync(text, "s3cr3t-words", { mode: 0o600 });
  const noKey = (await refused(createAuditKeyFile(text).publicKey())) as Error;

  for (const error of [missing, open, linked, noKey])
    expect(error).toMatchObject({ code: "audit-key-failed" });
  expect(String(noKey.message)).not.toContain("s3cr3t");
});

it("notes the newest seal beside the key, readable for its owner only", async () => {
  const key = createAuditKeyFile(path);
  await key.make();
  const before = await key.noted?.();
  await key.note?.("seal 1");
  await key.note?.("seal 2");

  expect(before).toBeUndefined();
  expect(await key.noted?.()).toBe("seal 2\n");
  expect(statSync(`${path}.sealed`).mode & 0o777).toBe(0o600);
});
