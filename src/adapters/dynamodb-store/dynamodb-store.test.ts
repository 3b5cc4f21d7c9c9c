import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  type LocalDynamo,
  type RawItem,
  REGION,
  startLocalDynamo,
} from "../../../test/contract/dynamodb-local.ts";
import { type DynamoProxy, isWrite, startDynamoProxy } from "../../../test/contract/dynamodb-proxy.ts";
import { AT, admission, auditInput, reservation } from "../../../test/contract/dynamodb-scenarios.ts";
import { resolvedIncident } from "../../../test/samples/incidents.ts";
import { keepRecord, keepWord } from "../../../test/support/keep-record.ts";
import type { OpsAgentError } from "../../domain/errors.ts";
import type { Incident } from "../../domain/incident/incident.ts";
import { createDynamoDbStore, type DynamoDbStoreSettings } from "./dynamodb-store.ts";

let dynamo: LocalDynamo;
let proxy: DynamoProxy;
let table: string;
let stores: ReturnType<typeof createDynamoDbStore>[] = [];

beforeAll(async () => {
  dynamo = await startLocalDynamo();
  proxy = await startDynamoProxy(dynamo.endpoint);
});

beforeEach(async () => {
  table = await dynamo.createTable();
  proxy.treat(() => "pass");
  return () => {
    for (const store of stores) store.close();
    stores = [];
  };
});

afterAll(async () => {
  await proxy.stop();
  await dynamo.stop();
});

const open = (settings: Partial<DynamoDbStoreSettings> = {}, name = table) => {
  const store = createDynamoDbStore(name, { region: REGION, endpoint: dynamo.endpoint, ...settings });
  stores.push(store);
  return store;
};

const thrownBy = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

/** An incident whose record has about so many bytes that no compression makes much smaller. */
const largeIncident = (megabytes: number, summary = "large"): Incident => {
  // Written as the digest that it is: 86 characters of base 64 alone are the form of a key.
  const noise = (seed: number) =>
    `sha512-${createHash("sha512").update(`${summary} ${seed}`).digest("base64")}`;
  const entries = Math.ceil((megabytes * 1024 * 1024) / 8_800);
  const timeline = Array.from({ length: entries }, (_, index) => ({
    at: AT,
    sinceMs: index,
    event: "log-read",
    detail: Array.from({ length: 100 }, (_entry, line) => noise(index * 100 + line)).join("\n"),
  }));
  return { ...resolvedIncident(), summary, timeline };
};

describe("records of any size", () => {
  it("of several megabytes survive, beside small ones", async () => {
    const store = open();
    const saved = largeIncident(3);
    const bytes = Buffer.byteLength(JSON.stringify(saved));

    await keepRecord(store, saved);

    const found = await open().get(saved.id);
    expect(bytes).toBeGreaterThan(3_000_000);
    expect(found?.timeline).toHaveLength(saved.timeline.length);
    expect(
      (await dynamo.items(table)).filter(({ sk }) => String(sk).startsWith("part#")).length,
    ).toBeGreaterThan(3);
    expect((await store.list()).map(({ summary }) => summary)).toEqual(["large"]);
  });

  it("leave no parts behind when they become small, or are saved again", async () => {
    const store = open();
    await keepRecord(store, largeIncident(0.7, "first"));
    await keepRecord(store, largeIncident(0.7, "second"));
    const generations = new Set(
      (await dynamo.items(table))
        .map(({ sk }) => String(sk).split("#"))
        .flatMap(([kind, id]) => (kind === "part" ? [id] : [])),
    );

    await keepRecord(store, resolvedIncident());

    const left = (await dynamo.items(table)).filter(({ sk }) => String(sk).startsWith("part#"));
    expect(generations.size).toBe(1);
    expect(left).toEqual([]);
    expect(await store.get(resolvedIncident().id)).toEqual(resolvedIncident());
  });

  it("are read whole while another process replaces them", async () => {
    const writer = open();
    const reader = open();
    await keepRecord(writer, largeIncident(0.6, "version 0"));
    let writing = true;
    const written = (async () => {
      for (let version = 1; version < 5; version += 1)
        await keepRecord(writer, largeIncident(0.6, `version ${version}`));
      writing = false;
    })();

    const seen: (string | undefined)[] = [];
    while (writing) seen.push((await reader.get(resolvedIncident().id))?.summary);

    await written;
    expect(seen.length).toBeGreaterThan(1);
    expect(seen).toEqual(seen.toSorted());
  });

  it("with a part missing are read from their events, else named, and not given back short", async () => {
    const reported: OpsAgentError[] = [];
    const store = open({ onUnreadable: (problem) => reported.push(problem) });
    const incident = largeIncident(0.7);
    await keepRecord(store, incident);
    const partMissing = async (found: (item: RawItem) => boolean) => {
      const item = (await dynamo.items(table)).find(found);
      await dynamo.put(table, { ...item, parts: Number(item?.["parts"]) + 1 });
    };
    await partMissing(({ sk }) => sk === "record");

    const healed = await store.get(incident.id);
    const told = reported.splice(0);
    await partMissing(({ sk }) => String(sk).startsWith("event#"));
    const error = await thrownBy(store.get(incident.id));

    expect(healed).toEqual(incident);
    expect(told).toHaveLength(1);
    expect(error).toMatchObject({ code: "store-failed", message: expect.stringContaining(incident.id) });
    expect(await store.list()).toEqual([]);
    expect(reported).toHaveLength(1);
  });
});

it("lists an incident once, as it is now, also after its time and service were corrected", async () => {
  const store = open();
  const { alert, ...incident } = resolvedIncident();
  const before = {
    ...incident,
    alert,
    openedAt: "2026-11-23T06:00:00.000Z",
    target: { cluster: "c", service: "old" },
  };
  const after = { ...before, openedAt: "2026-11-23T05:00:00.000Z", target: { cluster: "c", service: "new" } };
  await keepRecord(store, before);

  await keepRecord(store, after);

  expect(await store.list()).toEqual([after]);
  expect(await store.list({ service: "new" })).toEqual([after]);
  expect(await store.list({ service: "old" })).toEqual([]);
});

describe("names", () => {
  it("of any length and content are told apart", async () => {
    const store = open();
    const long = "k".repeat(5_000);
    const hashed = `sha256:${createHash("sha256").update(JSON.stringify(long)).digest("hex")}`;
    const keys = ["", long, `${long}k`, hashed, "\ud800", "\ud801", "\ufffd", "#", "claim#", "a#b"];

    const granted = await Promise.all(keys.map((key) => store.claim(key, AT)));
    const again = await Promise.all(keys.map((key) => store.claim(key, AT)));

    expect(granted).toEqual(keys.map(() => true));
    expect(again).toEqual(keys.map(() => false));
  });

  it("may be empty", async () => {
    const store = open();

    await keepWord(store, auditInput("", ""));

    expect(await store.entriesOf("")).toHaveLength(1);
  });

  it("of alerts and incidents may be long", async () => {
    const store = open();
    const name = "n".repeat(3_000);

    const answer = await store.attachOrOpen(admission(name));

    expect(answer).toEqual({ kind: "opened" });
    expect((await store.open()).map(({ incidentId }) => incidentId)).toEqual([`inc-${name}`]);
  });
});

describe("many at once", () => {
  it("get as many bookings as the blast radius allows, and each refusal is a judgement, not a fault", async () => {
    const rivals = Array.from({ length: 16 }, () => open());

    const answers = await Promise.all(
      rivals.map((store, index) =>
        store.reserve(reservation(`inc-${index}`, { service: `service-${index}` })),
      ),
    );

    const granted = answers.filter((answer) => answer.granted);
    const rules = new Set(answers.flatMap((answer) => (answer.granted ? [] : [answer.rule])));
    expect(granted).toHaveLength(5);
    expect([...rules]).toEqual(["blast-radius"]);
    expect(await open().actionsSince(AT)).toHaveLength(5);
  });

  it("write the audit trail without a hole", async () => {
    const writers = Array.from({ length: 12 }, () => open());

    await Promise.all(
      writers.flatMap((store, writer) =>
        Array.from({ length: 5 }, (_, index) => keepWord(store, auditInput(`${writer}/${index}`))),
      ),
    );

    const entries = await open().entries();
    expect(entries.map(({ seq }) => seq)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    expect(new Set(entries.map(({ key }) => key)).size).toBe(60);
  });
});

it("writes nothing that could be forgotten, except events that nobody could read", async () => {
  const store = open();
  await keepRecord(store, resolvedIncident());
  await store.claim("key", AT);
  await keepWord(store, auditInput("first"));
  await store.keepUnreadable({ at: AT, raw: "x".repeat(400_000), problem: "not JSON" });

  const items = await dynamo.items(table);

  const expiring = items.filter((item) => item["expiresAt"] !== undefined);
  expect(items.length).toBeGreaterThan(5);
  expect(expiring.map(({ pk }) => pk)).toEqual(["unreadable"]);
  expect(Number(expiring[0]?.["expiresAt"])).toBeGreaterThan(Date.now() / 1_000 + 29 * 86_400);
});

it("asks every guardrail's question consistently", async () => {
  const store = open({ endpoint: proxy.endpoint });
  const before = proxy.calls.length;

  await store.attachOrOpen(admission("a"));
  await store.reserve(reservation("inc-a"));
  await store.actionsSince(AT);

  const reads = proxy.calls.slice(before).filter((call) => !isWrite(call));
  expect(reads.length).toBeGreaterThan(3);
  expect(reads.filter(({ body }) => !body.includes('"ConsistentRead":true'))).toEqual([]);
});
