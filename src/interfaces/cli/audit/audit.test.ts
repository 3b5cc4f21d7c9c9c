import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { runCliProcess } from "../../../../test/support/cli-process.ts";
import { keepWord } from "../../../../test/support/keep-record.ts";
import { createSqliteStore } from "../../../adapters/sqlite-store/sqlite-store.ts";
import { verifyTrail } from "../../../audit/verify-trail.ts";
import { GENESIS, sealed } from "../../../domain/incident/audit.ts";

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "opsagent-audit-"));
  path = join(folder, "store.db");
});

afterEach(() => rmSync(folder, { recursive: true }));

const audit = (...argv: string[]) =>
  runCliProcess(["audit", ...argv], { cwd: folder, variables: { OPSAGENT_STORE: `sqlite:${path}` } });

/** Entries of two incidents; answers their seals. */
async function fill(count: number): Promise<string[]> {
  const store = createSqliteStore(path);
  for (let index = 1; index <= count; index++) {
    const [incidentId, at] = [`inc-${index % 2}`, "2026-11-23T07:00:00.000Z"];
    const detail = `detail ${index}\n\u001b[31mforged`;
    await keepWord(store, { incidentId, key: `key-${index}`, event: "judged", detail, at });
    await store.judge({ incidentId, at, verdict: "right", by: "anna", note: detail });
  }
  const heads = (await store.entries({ limit: count })).map((entry) => entry.hash);
  store.close();
  return heads;
}

/** Writes past the triggers, as somebody with the file in hands can. */
function tamper(sql: string): void {
  const database = new DatabaseSync(path);
  for (const rule of ["audit_is_not_changed", "audit_is_not_shortened", "incident_events_are_not_changed"])
    database.exec(`DROP TRIGGER IF EXISTS ${rule}`);
  database.exec(sql);
  database.close();
}

/** What the check says, read from the file as another process would. */
async function check(head?: string) {
  const store = createSqliteStore(path);
  const verdict = await verifyTrail(store, head);
  store.close();
  return verdict;
}

describe("the check of a trail", () => {
  it("goes over all pages and ends in the head", async () => {
    const heads = await fill(503);

    expect(await check()).toEqual({ outcome: "whole", entries: 503, head: heads.at(-1) });
  });

  it.each([1, 2, 3])("finds the head that was noted after entry %s", async (seq) => {
    const heads = await fill(3);

    expect(await check(heads[seq - 1])).toMatchObject({ outcome: "whole" });
  });

  it("finds an empty trail whole, also by its head", async () => {
    expect(await check()).toEqual({ outcome: "whole", entries: 0, head: GENESIS });
    expect(await check(GENESIS)).toMatchObject({ outcome: "whole" });
  });

  it("misses a head whose entries were cut off", async () => {
    const heads = await fill(3);
    tamper("DELETE FROM audit WHERE seq = 3; DELETE FROM incident_events WHERE seq = 3");

    expect(await check(heads[2])).toMatchObject({ outcome: "head-missing", entries: 2 });
    expect(await check(heads[1])).toMatchObject({ outcome: "whole", entries: 2 });
  });

  it.each([
    ["changed", "UPDATE audit SET detail = 'nothing' WHERE seq = 2", 2, "changed after it was written"],
    ["removed", "DELETE FROM audit WHERE seq = 2", 2, "entry 2 is missing"],
    ["renumbered", "DELETE FROM audit WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3", 2, "continue"],
    ["made unreadable", "UPDATE audit SET at = 'never' WHERE seq = 3", 3, "changed after it was written"],
    ["cut off at the front", "DELETE FROM audit WHERE seq < 3", 1, "entry 1 is missing"],
  ])("says which entry was %s and why it does not fit", async (_, sql, seq, why) => {
    await fill(4);
    tamper(sql);

    expect(await check()).toMatchObject({ outcome: "broken", seq, problem: expect.stringContaining(why) });
  });
});

describe("the check of what entries seal", () => {
  const swapped = `UPDATE incident_events SET event = (SELECT event FROM incident_events WHERE seq = 5 - e.seq)
    FROM incident_events AS e WHERE incident_events.seq = e.seq AND e.seq IN (2, 3)`;

  it.each([
    [
      "rewritten",
      "UPDATE incident_events SET event = replace(event, 'anna', 'mallory') WHERE seq = 2",
      2,
      "changed",
    ],
    ["removed", "DELETE FROM incident_events WHERE seq = 3", 3, "removed"],
    ["swapped", swapped, 2, "changed"],
    [
      "renamed",
      "UPDATE incident_events SET kind = 'notified' WHERE seq = 4",
      4,
      "another name, kind or time",
    ],
    [
      "moved to another incident",
      "UPDATE incident_events SET incident_id = 'x' WHERE seq = 1",
      1,
      "another name",
    ],
  ])("says which event was %s", async (_, sql, seq, why) => {
    await fill(4);
    tamper(sql);

    expect(await check()).toMatchObject({ outcome: "broken", seq, problem: expect.stringContaining(why) });
  });

  it("finds it on a later page", async () => {
    await fill(503);
    tamper("UPDATE incident_events SET event = '{}' WHERE seq = 502");

    expect(await check()).toMatchObject({ outcome: "broken", seq: 502, found: { key: "key-502" } });
  });

  it("finds an event that was put in, and entries that were cut off from theirs", async () => {
    await fill(3);
    tamper(
      "INSERT INTO incident_events VALUES (9, 'inc-1', 'planted', 'judged', '2026-11-23T07:00:00.000Z', '{}')",
    );
    const planted = await check();
    tamper("DELETE FROM incident_events WHERE seq = 9; DELETE FROM audit WHERE seq = 3");

    expect(planted).toMatchObject({ outcome: "unsealed", entries: 3, event: { key: "planted" } });
    expect(await check()).toMatchObject({ outcome: "unsealed", entries: 2, event: { key: "key-3" } });
  });

  it("finds an event under an entry of before events were kept", async () => {
    await fill(3);
    tamper("DELETE FROM audit; DELETE FROM incident_events");
    const [input, at] = [
      { incidentId: "inc-1", key: "old", event: "decided", detail: "" },
      "2026-11-23T07:00:00.000Z",
    ];
    const { seq, hash, previous } = sealed({ ...input, at }, undefined);
    tamper(`INSERT INTO audit (seq, incident_id, key, event, detail, at, previous, hash)
      VALUES (${seq}, 'inc-1', 'old', 'decided', '', '${at}', '${previous}', '${hash}')`);
    const before = await check();
    tamper(`INSERT INTO incident_events VALUES (1, 'inc-1', 'planted', 'judged', '${at}', '{}')`);

    expect(before).toMatchObject({ outcome: "whole", entries: 1 });
    expect(await check()).toMatchObject({
      outcome: "broken",
      seq: 1,
      problem: expect.stringContaining("not seal"),
    });
  });
});

it("prints which event does not fit, and what to do", async () => {
  await fill(3);
  tamper("UPDATE incident_events SET event = '{}' WHERE seq = 2");
  const changed = await audit("verify");
  tamper("DELETE FROM audit WHERE seq > 1");
  tamper("DELETE FROM incident_events WHERE seq = 2");

  const [plain, json] = await Promise.all([audit("verify"), audit("verify", "--json")]);

  expect(changed.exit).toBe(1);
  expect(changed.stdout).toContain(
    "broken at entry 2: the event that it seals was changed after it was written",
  );
  expect([plain.exit, json.exit]).toEqual([1, 1]);
  expect(plain.stdout).toContain("an event that no entry seals: judged of the incident inc-1");
  expect(plain.stdout).toMatch(/were cut off\.\n$/);
  expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, outcome: "unsealed", event: { key: "key-3" } });
});

it("prints a whole trail's length and head, what stands for it, and finds a head noted earlier", async () => {
  const heads = await fill(3);
  const sealed = await audit("seal");

  const [plain, json, earlier] = await Promise.all([
    audit("verify"),
    audit("verify", "--json"),
    audit("verify", "--head", String(heads[1]).toUpperCase()),
  ]);

  expect(sealed.stdout).toMatch(new RegExp(`^opsagent-seal:3-${heads[2]}-.*\n$`));
  expect(plain).toMatchObject({ exit: 0, stderr: "" });
  expect(plain.stdout).toContain(`whole: 3 entries, head ${heads[2]}.`);
  expect(plain.stdout).toMatch(
    /Keyed since \S+ \(entry 3\): 1 seal, .*\nNot keyed before .*\nOut of reach: claims/,
  );
  expect(JSON.parse(json.stdout)).toMatchObject({
    ...{ ok: true, outcome: "whole", entries: 3, head: heads[2], findings: [] },
    keyed: { to: 3, seals: 1 },
  });
  expect(earlier).toMatchObject({ exit: 0, stdout: expect.stringContaining("contains the head") });
});

it("exits with 1 for a broken trail and for a missing head, and says what to do", async () => {
  await fill(4);
  const head = "ab".repeat(32);
  const missing = await audit("verify", "--head", head);
  tamper("UPDATE audit SET detail = 'nothing' WHERE seq = 2");

  const [plain, json] = await Promise.all([audit("verify"), audit("verify", "--json")]);

  expect(missing.exit).toBe(1);
  expect(missing.stdout).toContain(`does not contain the head ${head}`);
  expect(missing.stdout).toMatch(/backup\.\n$/);
  expect(plain.exit).toBe(1);
  expect(plain.stdout).toContain("broken at entry 2: its content was changed after it was written");
  expect(plain.stdout).toMatch(/backup\.\n$/);
  expect(json.exit).toBe(1);
  expect(JSON.parse(json.stdout)).toMatchObject({ ok: false, outcome: "broken", seq: 2 });
});

it("says of an unsealed store that it is not keyed, and exits with 1 until it is sealed", async () => {
  await fill(2);

  const before = await audit("verify");
  await audit("seal");
  const after = await audit("verify");

  expect(before.exit).toBe(1);
  expect(before.stdout).toContain("The chain of entries is unbroken: 2 entries");
  expect(before.stdout).toContain("Not keyed: whoever can write to the store");
  expect(before.stdout).toMatch(/run `opsagent audit seal`.*\n$/);
  expect(before.stdout).not.toContain("whole");
  expect(after.exit).toBe(0);
});

it("never calls a store whole whose key is gone, open to others, or another one", async () => {
  await fill(2);
  await audit("seal");
  const publicKey = join(folder, "public.pem");
  writeFileSync(publicKey, (await audit("key")).stdout);
  const key = `${path}-audit-key`;

  chmodSync(key, 0o644);
  const open = await audit("verify");
  renameSync(key, join(folder, "away"));
  const gone = await audit("verify");
  const sealedAnew = await audit("seal");
  const byPublicKey = await audit("verify", "--public-key", publicKey);
  await audit("seal", "--new-key");
  const another = await audit("verify");

  for (const { exit, stdout } of [open, gone, another]) {
    expect(exit).toBe(1);
    expect(stdout).not.toContain("whole:");
    expect(stdout).toContain("--public-key FILE");
  }
  expect(open.stdout).toContain("can be read or written by others");
  expect(gone.stdout).toContain("is not there");
  expect(sealedAnew).toMatchObject({ exit: 1, stderr: expect.stringContaining("--new-key") });
  expect(byPublicKey.exit).toBe(0);
  expect(another.stdout).toMatch(/Seals of the key [0-9a-f]{16} could not be checked/);
});

it("finds from a published seal that the newest entries were cut off with their seals", async () => {
  await fill(3);
  const log = join(folder, "log.txt");
  writeFileSync(log, `{"event":"audit-sealed","seal":"${(await audit("seal")).stdout.trim()}"}\n`);
  rmSync(`${path}-audit-key.sealed`);
  tamper(
    "DROP TRIGGER audit_seals_are_not_removed; DELETE FROM audit_seals; DELETE FROM judgements WHERE number = 3",
  );
  tamper("DELETE FROM audit WHERE seq = 3; DELETE FROM incident_events WHERE seq = 3");

  const published = await audit("verify", "--published", log);
  const nothing = await audit("verify", "--published", withoutSeals(log));

  expect(published.exit).toBe(1);
  expect(published.stdout).toContain(
    "But: seal entry 3: its seal was noted outside the store, and the trail ends",
  );
  expect(nothing).toMatchObject({ exit: 2, stderr: expect.stringContaining("has no seal") });
});

/** A file beside it without any seal. */
function withoutSeals(path: string): string {
  writeFileSync(`${path}.empty`, "nothing");
  return `${path}.empty`;
}

it("shows the entries of one incident, each on one line that cannot forge another", async () => {
  await fill(4);

  const [plain, json] = await Promise.all([audit("show", "inc-1"), audit("show", "inc-1", "--json")]);

  expect(plain.stdout).toBe(
    [1, 3]
      .map((n) => `${n}  2026-11-23T07:00:00.000Z  judged  right, says anna: detail ${n} [31mforged\n`)
      .join(""),
  );
  expect(JSON.parse(json.stdout)).toMatchObject([{ seq: 1 }, { seq: 3 }]);
});

it("refuses what it cannot look at", async () => {
  const [missing, shown] = await Promise.all([audit("verify"), audit("show", "inc-1")]);
  await fill(1);
  const [unknown, hash] = await Promise.all([audit("show", "inc-9"), audit("verify", "--head", "abc")]);

  expect([missing, shown, unknown, hash].map(({ exit }) => exit)).toEqual([2, 2, 2, 2]);
  expect(missing.stderr).toContain("There is no store");
  expect(unknown.stderr).toContain('no entry of an incident "inc-9"');
  expect(hash.stderr).toContain("64 hexadecimal digits");
});

it("is told by doctor where the key is gone that sealed the store", async () => {
  await fill(1);
  await audit("seal");
  rmSync(`${path}-audit-key`);

  const { stdout } = await runCliProcess(["doctor", "--only", "store"], {
    cwd: folder,
    variables: { OPSAGENT_STORE: `sqlite:${path}`, AWS_ENDPOINT_URL: "http://127.0.0.1:9" },
  });

  expect(stdout).toContain("its audit trail cannot be sealed");
});
