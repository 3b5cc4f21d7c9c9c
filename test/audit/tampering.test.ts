/** Who can write to the store's file, and has no key: what the check of the store finds, and what it names as out of reach. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { createAuditKeyFile } from "../../src/adapters/audit-key-file/audit-key-file.ts";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import { createSealing } from "../../src/audit/sealing.ts";
import { notProvenBy } from "../../src/audit/verdict-text.ts";
import { type Known, type StoreVerdict, verifyStore } from "../../src/audit/verify-store.ts";
import { AuditEntry, GENESIS, hashOf } from "../../src/domain/incident/audit.ts";
import { type NotedHead, sealsIn, sealWord } from "../../src/domain/incident/audit-seal.ts";
import { digestOf } from "../../src/domain/incident/stored-event.ts";
import { type SealedHistory, writeSealedHistory } from "../support/sealed-history.ts";
import { fastClock } from "../support/small-world.ts";

const folder = mkdtempSync(join(tmpdir(), "opsagent-tampering-"));
const [original, keyPath, strangersKey] = ["store.db", "key", "strangers-key"].map((name) =>
  join(folder, name),
) as [string, string, string];
let history: SealedHistory;
let publicKey: string;
let entries: number;

// Written once, in the first test: the workflow ends with a test.
beforeEach(async () => {
  if (history !== undefined) return;
  const store = createSqliteStore(original);
  history = await writeSealedHistory(store, keyPath);
  publicKey = await createAuditKeyFile(keyPath).publicKey();
  entries = (await store.entries()).length;
  store.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

let copies = 0;

/** Opens a copy of the store past its triggers, as somebody with the file in hands can; then checks it. */
async function checkAfter(
  tamper: (database: DatabaseSync, path: string) => unknown,
  known: Partial<Known> = {},
): Promise<StoreVerdict> {
  copies += 1;
  const path = join(folder, `copy-${copies}.db`);
  copyFileSync(original, path);
  const database = new DatabaseSync(path);
  for (const { name } of database.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").all())
    database.exec(`DROP TRIGGER ${String(name)}`);
  await tamper(database, path);
  database.close();
  const store = createSqliteStore(path);
  try {
    const now = new Date(fastClock()).toISOString();
    return await verifyStore(store, { publicKeys: [publicKey], noted: [], now, ...known });
  } finally {
    store.close();
  }
}

const all = (database: DatabaseSync) =>
  database
    .prepare(
      "SELECT seq, incident_id AS incidentId, key, event, detail, at, digest, previous, hash FROM audit ORDER BY seq",
    )
    .all()
    .map(({ digest, ...row }) => AuditEntry.parse(digest === null ? row : { ...row, digest }));

/** Numbers and hashes every entry anew, and seals each event's text as it is now: a chain that fits again. */
function rechain(database: DatabaseSync): void {
  const before = all(database);
  const texts = new Map(
    database
      .prepare("SELECT incident_id || ' ' || key AS id, event FROM incident_events")
      .all()
      .map((row) => [String(row["id"]), String(row["event"])]),
  );
  database.exec("DELETE FROM audit; UPDATE incident_events SET seq = -seq");
  const insert = database.prepare("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  const move = database.prepare("UPDATE incident_events SET seq = ? WHERE incident_id = ? AND key = ?");
  const columns = database.prepare("SELECT name FROM pragma_table_info('audit') ORDER BY cid").all();
  let previous = GENESIS;
  before.forEach((entry, index) => {
    const text = texts.get(`${entry.incidentId} ${entry.key}`);
    const next = {
      ...entry,
      seq: index + 1,
      previous,
      ...(text === undefined ? {} : { digest: digestOf(text) }),
    };
    const row: Record<string, string | number | null> = {
      ...next,
      incident_id: next.incidentId,
      digest: next.digest ?? null,
      hash: hashOf(next),
    };
    insert.run(...columns.map(({ name }) => row[String(name)] ?? null));
    move.run(next.seq, next.incidentId, next.key);
    previous = hashOf(next);
  });
}

const sql = (statements: string) => (database: DatabaseSync) => database.exec(statements);
/** The same, and then every hash computed again. */
const andRechain = (statements: string) => (database: DatabaseSync) => {
  database.exec(statements);
  rechain(database);
};
/** Cuts entries off with their events and all seals over them. */
const cutTo = (seq: number) =>
  sql(
    `DELETE FROM audit WHERE seq > ${seq}; DELETE FROM incident_events WHERE seq > ${seq}; DELETE FROM audit_seals WHERE seq > ${seq}`,
  );

const published = (): NotedHead[] =>
  sealsIn(history.published.map((seal) => sealWord(seal, "whole")).join("\n"));
const heads = (): NotedHead[] => sealsIn(history.published.map((seal) => sealWord(seal, "short")).join("\n"));

const set = (table: string, change: string, where = "1") =>
  `UPDATE ${table} SET record = json_set(record, ${change}) WHERE ${where}`;

it("finds nothing in a store that nobody touched, and says what stands for it", async () => {
  const verdict = await checkAfter(() => {}, { noted: published() });

  expect(verdict).toMatchObject({ outcome: "whole", findings: [], older: 0 });
  expect(verdict.seals.good).toBe(history.published.length);
  expect(verdict.seals.newest?.seq).toBe(entries - 1);
});

type Tampering = readonly [
  what: string,
  tamper: (database: DatabaseSync, path: string) => unknown,
  finds: object,
];
const broken = (problem: string) => ({
  outcome: "broken",
  trail: { problem: expect.stringContaining(problem) },
});
const differs = (about: string, problem: string) => ({
  outcome: "differs",
  findings: expect.arrayContaining([
    { about, id: expect.any(String), problem: expect.stringContaining(problem) },
  ]),
});

describe("entries and events", () => {
  it.each<Tampering>([
    [
      "an entry's words",
      sql("UPDATE audit SET detail = 'nothing' WHERE seq = 4"),
      broken("content was changed"),
    ],
    [
      "an entry's time",
      sql("UPDATE audit SET at = '2020-01-01T00:00:00.000Z' WHERE seq = 4"),
      broken("content was changed"),
    ],
    [
      "an entry of another incident",
      sql("UPDATE audit SET incident_id = 'x' WHERE seq = 4"),
      broken("content was changed"),
    ],
    ["an entry that is gone", sql("DELETE FROM audit WHERE seq = 4"), broken("entry 4 is missing")],
    ["the first entries gone", sql("DELETE FROM audit WHERE seq < 4"), broken("entry 1 is missing")],
    [
      "an entry put in another's place",
      sql("DELETE FROM audit WHERE seq = 4; UPDATE audit SET seq = 4 WHERE seq = 5"),
      broken("continue"),
    ],
    [
      "an event's text",
      sql("UPDATE incident_events SET event = replace(event, 'bad-deploy', 'memory-leak') WHERE seq = 3"),
      broken("changed after"),
    ],
    ["an event that is gone", sql("DELETE FROM incident_events WHERE seq = 4"), broken("removed")],
    [
      "an event of another kind",
      sql("UPDATE incident_events SET kind = 'notified' WHERE seq = 4"),
      broken("another name, kind or time"),
    ],
    [
      "an event put in",
      sql(
        "INSERT INTO incident_events SELECT 999, incident_id, 'planted', kind, at, event FROM incident_events WHERE seq = 4",
      ),
      { outcome: "unsealed" },
    ],
    ["a tail cut off, its events left", sql("DELETE FROM audit WHERE seq > 10"), { outcome: "unsealed" }],
  ])("%s: found", async (_, tamper, finds) => {
    expect(await checkAfter(tamper)).toMatchObject(finds);
  });
});

describe("a chain that fits again, for somebody without the key", () => {
  it.each<Tampering>([
    [
      "an event rewritten and all hashes computed anew",
      andRechain(
        "UPDATE incident_events SET event = replace(event, 'bad-deploy', 'memory-leak') WHERE seq = 3",
      ),
      differs("seal", "rewritten"),
    ],
    [
      "an entry's words rewritten",
      andRechain("UPDATE audit SET detail = 'nothing' WHERE seq = 4"),
      differs("seal", "rewritten"),
    ],
    [
      "an entry left out with its event",
      andRechain("DELETE FROM audit WHERE seq = 4; DELETE FROM incident_events WHERE seq = 4"),
      differs("seal", "rewritten"),
    ],
    [
      "all events of an incident left out",
      (database) =>
        andRechain(
          `DELETE FROM audit WHERE incident_id = '${history.approved}'; DELETE FROM incident_events WHERE incident_id = '${history.approved}'; DELETE FROM incidents WHERE id = '${history.approved}'; DELETE FROM actions; DELETE FROM approvals; DELETE FROM judgements`,
        )(database),
      differs("seal", "cut off"),
    ],
    [
      "an answer given to another person",
      andRechain(
        "UPDATE incident_events SET event = replace(event, 'maria', 'mallory') WHERE kind = 'approval-answered'",
      ),
      differs("seal", "rewritten"),
    ],
    [
      "a tail cut off with its events, the seals left",
      sql("DELETE FROM audit WHERE seq > 10; DELETE FROM incident_events WHERE seq > 10"),
      differs("seal", "cut off"),
    ],
    [
      "a seal changed",
      sql(set("audit_seals", "'$.at', '2020-01-01T00:00:00.000Z'")),
      differs("seal", "changed, or was not made with the key"),
    ],
    [
      "a seal moved to another entry",
      sql("UPDATE audit_seals SET seq = seq - 1"),
      differs("seal", "changed, or was not made with the key"),
    ],
    [
      "a seal made unreadable",
      sql("UPDATE audit_seals SET record = '{'"),
      differs("seal", "changed, or was not made with the key"),
    ],
    [
      "a rewritten trail sealed with a key of their own",
      async (database, path) => {
        andRechain("UPDATE audit SET detail = 'nothing' WHERE seq = 4; DELETE FROM audit_seals")(database);
        const store = createSqliteStore(path);
        await createSealing(store, { key: createAuditKeyFile(strangersKey), now: () => new Date() }).seal();
        store.close();
      },
      { outcome: "unproven", seals: { unknownKeys: [expect.any(String)] } },
    ],
    [
      "a stranger's seal that says it is of the key",
      async (database, path) => {
        andRechain(
          "UPDATE incident_events SET event = replace(event, 'bad-deploy', 'memory-leak') WHERE seq = 3; DELETE FROM audit_seals",
        )(database);
        const store = createSqliteStore(path);
        await createSealing(store, { key: createAuditKeyFile(strangersKey), now: () => new Date() }).seal();
        store.close();
        database.exec(set("audit_seals", `'$.keyId', '${history.published[0]?.keyId}'`));
      },
      differs("seal", "not made with the key"),
    ],
    ["every seal removed", sql("DELETE FROM audit_seals"), { outcome: "not-keyed" }],
  ])("%s: found", async (_, tamper, finds) => {
    expect(await checkAfter(tamper)).toMatchObject(finds);
  });
});

describe("with what was published outside the store", () => {
  const last = () => history.published.at(-1)?.seq ?? 0;

  it.each<Tampering>([
    [
      "a tail cut off with its events and seals",
      (database) => cutTo(last() - 1)(database),
      differs("seal", "cut off"),
    ],
    [
      "an older copy of the whole store",
      (database) => cutTo(history.published[0]?.seq ?? 0)(database),
      differs("seal", "cut off"),
    ],
    ["every seal removed", sql("DELETE FROM audit_seals"), differs("seal", "was removed")],
    [
      "a trail rewritten, its seals removed",
      andRechain("UPDATE audit SET detail = 'nothing' WHERE seq = 4; DELETE FROM audit_seals"),
      differs("seal", "rewritten"),
    ],
    [
      "another store in its place",
      sql(
        "DELETE FROM audit; DELETE FROM incident_events; DELETE FROM audit_seals; DELETE FROM incidents; DELETE FROM actions; DELETE FROM approvals; DELETE FROM judgements; DELETE FROM pauses; DELETE FROM policy_versions",
      ),
      differs("seal", "cut off"),
    ],
  ])(
    "%s: found, from whole seals, from short ones, and from the note beside the key",
    async (_, tamper, finds) => {
      const beside = sealsIn((await createAuditKeyFile(keyPath).noted?.()) ?? "");

      expect(await checkAfter(tamper, { noted: published() })).toMatchObject(finds);
      expect(await checkAfter(tamper, { noted: heads() })).toMatchObject(finds);
      expect(await checkAfter(tamper, { noted: beside })).toMatchObject({ outcome: "differs" });
    },
  );

  it("says where none was given that a tail cut off with its seals looks the same", async () => {
    const verdict = await checkAfter((database) => cutTo(history.published[0]?.seq ?? 0)(database));

    expect(notProvenBy(verdict, false).join(" ")).toContain("a tail cut off with its seals");
  });

  it("finds a published seal that was not made with the key", async () => {
    const forged = published().map((note) => ({
      ...note,
      ...(note.seal ? { seal: { ...note.seal, signature: "00".repeat(64) } } : {}),
    }));

    expect(await checkAfter(() => {}, { noted: forged })).toMatchObject(differs("seal", "outside the store"));
  });
});

describe("what is kept beside the events", () => {
  it.each<Tampering>([
    [
      "all records rewritten",
      sql(set("incidents", "'$.summary', 'nothing happened'")),
      differs("record", "not what its events make (summary)"),
    ],
    ["a record's status", sql(set("incidents", "'$.status', 'resolved'")), differs("record", "status")],
    ["a record's actions", sql(set("incidents", "'$.actions', json('[]')")), differs("record", "actions")],
    ["a record removed", sql("DELETE FROM incidents"), differs("record", "was removed")],
    [
      "records exchanged",
      (database) =>
        sql(
          `UPDATE incidents SET record = (SELECT record FROM incidents WHERE id = '${history.declined}') WHERE id = '${history.approved}'`,
        )(database),
      differs("record", "of another incident"),
    ],
    [
      "what lists show",
      sql("UPDATE incidents SET summary = json_set(summary, '$.status', 'observed', '$.severity', 'P4')"),
      differs("record", "lists show"),
    ],
    ["an approval removed", sql("DELETE FROM approvals"), differs("approval", "was removed")],
    [
      "an answer removed",
      sql("UPDATE approvals SET record = json_remove(record, '$.answer'), answered = 0"),
      differs("approval", "its answer was removed"),
    ],
    [
      "an answer turned",
      sql(set("approvals", "'$.answer.verdict', 'denied'")),
      differs("approval", "not the one that was given"),
    ],
    [
      "an answer by another person",
      sql(set("approvals", "'$.answer.by.id', 'mallory'")),
      differs("approval", "not the one that was given"),
    ],
    [
      "an approval's deadline",
      sql(set("approvals", "'$.deadline', '9999-01-01T00:00:00.000Z'")),
      differs("approval", "times"),
    ],
    [
      "an approval's plan",
      sql(set("approvals", "'$.plan.to', 'arn:aws:ecs:eu-central-1:123456789012:task-definition/shop:1'")),
      differs("approval", "plan"),
    ],
    [
      "an approval's target",
      sql(set("approvals", "'$.target.service', 'payments'")),
      differs("approval", "plan"),
    ],
    [
      "a question put in",
      (database) =>
        sql(
          `INSERT INTO approvals SELECT 99, 'planted-planted-planted', incident_id, requested_at, answered, json_set(record, '$.id', 'planted-planted-planted') FROM approvals`,
        )(database),
      differs("approval", "put in"),
    ],
    [
      "a question of an incident that is not there",
      sql(
        `INSERT INTO approvals SELECT 99, 'planted-planted-planted', 'inc-x', requested_at, 0, json_set(json_remove(record, '$.answer'), '$.id', 'planted-planted-planted', '$.incidentId', 'inc-x') FROM approvals`,
      ),
      differs("approval", "put in"),
    ],
    ["a booked action removed", sql("DELETE FROM actions"), differs("action", "was removed")],
    [
      "a booked action of another service",
      sql(set("actions", "'$.service', 'payments'")),
      differs("action", "another service"),
    ],
    [
      "a booked action made older, past its cooldown",
      sql(`${set("actions", "'$.at', '2020-01-01T00:00:00.000Z'")}; UPDATE actions SET at = 1577836800000`),
      differs("action", "a time at which it was not made"),
    ],
    [
      "the verdict on an action turned",
      sql(set("actions", "'$.verified', json('false')")),
      differs("action", "not the one that was proven"),
    ],
    [
      "the verdict on an action removed",
      sql("UPDATE actions SET record = json_remove(record, '$.verified')"),
      differs("action", "was removed"),
    ],
    [
      "an action booked that nobody made",
      (database) =>
        sql(
          `INSERT INTO actions SELECT '${history.declined}', cluster, service, action, at, json_set(record, '$.incidentId', '${history.declined}') FROM actions`,
        )(database),
      differs("action", "put in"),
    ],
    [
      "an action of an incident that is not there",
      sql(
        "INSERT INTO actions SELECT 'inc-x', cluster, service, action, at, json_set(record, '$.incidentId', 'inc-x') FROM actions",
      ),
      differs("action", "put in"),
    ],
    ["a judgement removed", sql("DELETE FROM judgements"), differs("judgement", "removed or changed")],
    [
      "a judgement turned",
      sql(set("judgements", "'$.verdict', 'wrong'")),
      differs("judgement", "put in or changed"),
    ],
    [
      "a judgement put in",
      sql(
        "INSERT INTO judgements SELECT 99, incident_id, at, json_set(record, '$.by', 'mallory') FROM judgements",
      ),
      differs("judgement", "put in"),
    ],
    ["a pause removed", sql("DELETE FROM pauses"), differs("brake", "removed without a resume")],
    [
      "a pause made to end",
      sql(set("pauses", "'$.until', '9999-01-01T00:00:00.000Z'")),
      differs("brake", "put in or changed"),
    ],
    [
      "a pause put in",
      sql(
        `INSERT INTO pauses SELECT '["service","shop",null]', at, json_set(record, '$.scope', json('{"kind":"service","service":"shop"}')) FROM pauses`,
      ),
      differs("brake", "put in"),
    ],
    [
      "a published policy changed",
      sql(set("policy_versions", "'$.policy.mode', 'auto'")),
      differs("policy", "not the policy that was published"),
    ],
    ["a published policy removed", sql("DELETE FROM policy_versions"), differs("policy", "was removed")],
    [
      "a policy put in",
      sql("INSERT INTO policy_versions SELECT 2, json_set(record, '$.version', 2) FROM policy_versions"),
      differs("policy", "put in"),
    ],
  ])("%s: found", async (_, tamper, finds) => {
    expect(await checkAfter(tamper)).toMatchObject(finds);
  });

  it.each<readonly [string, string, string]>([
    ["claims removed", "DELETE FROM claims", "claims"],
    [
      "incident locks removed",
      "DELETE FROM places; DELETE FROM open_incidents; DELETE FROM seen_alerts",
      "incident locks",
    ],
    ["where messages were put", "DELETE FROM incident_messages", "messages"],
    ["unreadable events removed", "DELETE FROM unreadable_events", "unreadable events"],
    [
      "the words of a question beside its plan",
      set("approvals", "'$.rootCause', 'nothing'"),
      "words of questions",
    ],
  ])("%s: not found, and named as out of reach", async (_, statements, named) => {
    const verdict = await checkAfter(sql(statements), { noted: published() });

    expect(verdict.outcome).toBe("whole");
    expect(notProvenBy(verdict, true).join(" ")).toMatch(new RegExp(`Out of reach: .*${named}`));
  });

  it("takes a record made unreadable as it is read: from its events", async () => {
    const verdict = await checkAfter(sql("UPDATE incidents SET summary = '{', record = '{'"));

    expect(verdict.outcome).toBe("whole");
  });

  it("counts a record that no event made, and says that nothing seals it", async () => {
    const verdict = await checkAfter(
      sql(
        "INSERT INTO incidents SELECT 'inc-planted', service, opened_at, json_set(record, '$.id', 'inc-planted'), listed_as, json_set(summary, '$.id', 'inc-planted'), 0, 0 FROM incidents LIMIT 1",
      ),
    );

    expect(verdict).toMatchObject({ outcome: "whole", older: 1 });
    expect(notProvenBy(verdict, true).join(" ")).toContain("1 record that no event made");
  });
});

describe("without a key that can be used", () => {
  it("is never whole: seals could not be checked", async () => {
    const missing = await checkAfter(() => {}, { publicKeys: [], keyProblem: "it is not there" });
    const another = await checkAfter(() => {}, { publicKeys: [] });

    expect(missing.outcome).toBe("unproven");
    expect(another.outcome).toBe("unproven");
    expect(notProvenBy(missing, false).join(" ")).toContain("it is not there");
  });

  it("still finds what contradicts the chain", async () => {
    const verdict = await checkAfter(sql("UPDATE audit SET detail = 'x' WHERE seq = 2"), { publicKeys: [] });

    expect(verdict.outcome).toBe("broken");
  });
});

it("holds for an old store: unkeyed entries are told as such, and what comes after the first seal is proven", async () => {
  const old = join(folder, "old.db");
  copyFileSync(original, old);
  const database = new DatabaseSync(old);
  database.exec("DROP TRIGGER audit_seals_are_not_removed; DELETE FROM audit_seals");
  database.close();
  const store = createSqliteStore(old);
  const known = { publicKeys: [publicKey], noted: [], now: new Date(fastClock()).toISOString() };
  const before = await verifyStore(store, known);
  const sealing = createSealing(store, {
    key: createAuditKeyFile(keyPath),
    now: () => new Date(fastClock()),
  });

  const seal = await sealing.seal();

  const after = await verifyStore(store, known);
  store.close();
  expect(before.outcome).toBe("not-keyed");
  expect(after.outcome).toBe("whole");
  expect(notProvenBy(after, true).join(" ")).toContain(`Not keyed before ${seal?.at}`);
  writeFileSync(`${keyPath}.sealed`, `${sealWord(history.published.at(-1) as never, "whole")}\n`);
});
