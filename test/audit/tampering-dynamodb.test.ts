/** The main kinds of tampering with a table: who can write to it, and has no key. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { createAuditKeyFile } from "../../src/adapters/audit-key-file/audit-key-file.ts";
import { createDynamoDbStore } from "../../src/adapters/dynamodb-store/dynamodb-store.ts";
import { verifyStore } from "../../src/audit/verify-store.ts";
import { type AuditEntry, hashOf } from "../../src/domain/incident/audit.ts";
import { sealsIn, sealWord } from "../../src/domain/incident/audit-seal.ts";
import {
  expanded,
  type LocalDynamo,
  type RawItem,
  REGION,
  startLocalDynamo,
} from "../contract/dynamodb-local.ts";
import { type SealedHistory, writeSealedHistory } from "../support/sealed-history.ts";
import { fastClock } from "../support/small-world.ts";

const folder = mkdtempSync(join(tmpdir(), "opsagent-tampering-"));
const key = createAuditKeyFile(join(folder, "key"));
let dynamo: LocalDynamo;
let history: SealedHistory;
let items: readonly RawItem[];

beforeAll(async () => {
  dynamo = await startLocalDynamo();
});
afterAll(async () => {
  await dynamo.stop();
  rmSync(folder, { recursive: true });
});
// Written once, in the first test: the workflow ends with a test.
beforeEach(async () => {
  if (history !== undefined) return;
  const table = await dynamo.createTable();
  const store = createDynamoDbStore(table, { region: REGION, endpoint: dynamo.endpoint });
  history = await writeSealedHistory(store, join(folder, "key"));
  items = await dynamo.items(table);
  store.close();
});

/** The table with these items in place of what was written. */
async function check(tamper: (items: readonly RawItem[]) => readonly RawItem[], published = false) {
  const table = await dynamo.createTable();
  for (const item of tamper(items)) await dynamo.put(table, item);
  const store = createDynamoDbStore(table, { region: REGION, endpoint: dynamo.endpoint });
  const noted = published ? sealsIn(history.published.map((seal) => sealWord(seal, "whole")).join("\n")) : [];
  const now = new Date(fastClock()).toISOString();
  try {
    return await verifyStore(store, { publicKeys: [await key.publicKey()], noted, now });
  } finally {
    store.close();
  }
}

const without = (wanted: (item: RawItem) => boolean) => (all: readonly RawItem[]) =>
  all.filter((item) => !wanted(item));
const changed =
  (wanted: (item: RawItem) => boolean, change: (item: RawItem) => RawItem) => (all: readonly RawItem[]) =>
    all.map((item) => (wanted(item) ? { ...item, ...change(item) } : item));
const of = (pk: string, sk?: string) => (item: RawItem) =>
  String(item["pk"]).startsWith(pk) && (sk === undefined || String(item["sk"]).startsWith(sk));
const json = (item: RawItem, change: Record<string, unknown>) =>
  JSON.stringify({ ...JSON.parse(String(item["record"])), ...change });
const seqOf = (item: RawItem) => Number(item["seq"]);

const rewrittenChain = (all: readonly RawItem[]) => {
  const entries = all.filter(of("audit", "0")).filter((item) => item["pk"] === "audit");
  let previous: string | undefined;
  const next = new Map<unknown, RawItem>();
  for (const item of entries.toSorted((one, other) => seqOf(one) - seqOf(other))) {
    const entry = { ...item, ...(seqOf(item) === 4 ? { detail: "nothing" } : {}) } as unknown as AuditEntry;
    const linked = { ...entry, previous: previous ?? entry.previous };
    previous = hashOf(linked);
    next.set(item["sk"], { ...linked, hash: previous } as unknown as RawItem);
  }
  return all.map((item) => (item["pk"] === "audit" ? (next.get(item["sk"]) ?? item) : item));
};

const cut = (all: readonly RawItem[]) =>
  all.filter(
    (item) =>
      !(item["pk"] === "audit" && seqOf(item) > 10) &&
      !(of("audit-of#")(item) && seqOf(item) > 10) &&
      item["pk"] !== "audit-seals",
  );

it("finds nothing in a table that nobody touched", async () => {
  expect(await check((all) => all, true)).toMatchObject({ outcome: "whole", findings: [] });
});

it.each<readonly [string, (all: readonly RawItem[]) => readonly RawItem[], object]>([
  [
    "an entry's words",
    changed(
      (item) => item["pk"] === "audit" && seqOf(item) === 4,
      () => ({ detail: "nothing" }),
    ),
    { outcome: "broken" },
  ],
  [
    "an entry that is gone",
    without((item) => item["pk"] === "audit" && seqOf(item) === 4),
    { outcome: "broken" },
  ],
  [
    "an event's text",
    changed(of("incident#", "event#decide"), () => ({ body: gzipSync("{}") })),
    { outcome: "broken" },
  ],
  ["an event that is gone", without(of("incident#", "event#decide")), { outcome: "broken" }],
  ["all hashes computed anew", rewrittenChain, { outcome: "differs" }],
  [
    "a seal changed",
    changed(of("audit-seals"), (item) => ({ record: json(item, { at: "2020-01-01T00:00:00.000Z" }) })),
    { outcome: "differs" },
  ],
  ["every seal removed", without(of("audit-seals")), { outcome: "not-keyed" }],
  [
    "all records rewritten",
    changed(of("incident#", "record"), (item) => {
      const record = JSON.parse(String(expanded(item)["body"]));
      return { body: gzipSync(JSON.stringify({ ...record, summary: "nothing happened" })) };
    }),
    { outcome: "differs" },
  ],
  ["all records removed", without(of("incident#", "record")), { outcome: "differs" }],
  [
    "an approval removed",
    without(
      (item) =>
        JSON.stringify(item).includes(`"${history.question}"`) &&
        !of("incident#")(item) &&
        item["pk"] !== "audit",
    ),
    { outcome: "differs" },
  ],
  [
    "every booked action removed",
    without((item) => of("action")(item) || of("last-booking")(item)),
    { outcome: "differs" },
  ],
  ["a pause removed", without(of("brake")), { outcome: "differs" }],
  [
    "a published policy changed",
    changed(of("policy-versions"), (item) => ({ record: json(item, { policy: { mode: "auto" } }) })),
    { outcome: "differs" },
  ],
])("%s: found", async (_, tamper, finds) => {
  expect(await check(tamper)).toMatchObject(finds);
});

it("a tail cut off with its seals: found by what was published", async () => {
  expect(await check(cut, true)).toMatchObject({
    outcome: "differs",
    findings: expect.arrayContaining([
      expect.objectContaining({ problem: expect.stringContaining("cut off") }),
    ]),
  });
});
