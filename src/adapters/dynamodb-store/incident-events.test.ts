import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type LocalDynamo, REGION, startLocalDynamo } from "../../../test/contract/dynamodb-local.ts";
import {
  type DynamoProxy,
  dyingAfterWrites,
  startDynamoProxy,
} from "../../../test/contract/dynamodb-proxy.ts";
import { denseEvidence, incidentStream } from "../../../test/samples/incident-events.ts";
import { verifyTrail } from "../../audit/verify-trail.ts";
import type { IncidentEvent } from "../../domain/incident/incident-event.ts";
import { FOLD_VERSION, foldEvents } from "../../domain/incident/incident-fold.ts";
import { createDynamoDbStore } from "./dynamodb-store.ts";

const ID = "inc-1";
const stream = incidentStream(ID);
const [opened, evidence] = [stream[0] as IncidentEvent, stream[1] as IncidentEvent];

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

const open = (endpoint = dynamo.endpoint, answerMs = 4_000) => {
  const store = createDynamoDbStore(table, { region: REGION, endpoint, timeouts: { answerMs } });
  stores.push(store);
  return store;
};

/** Evidence of several items, in the words of one writer. */
const largeOf = (writer: string): IncidentEvent =>
  ({ ...evidence, evidence: denseEvidence(writer) }) as IncidentEvent;

it("keeps the words of one of two who keep the same large event at once", async () => {
  await open().append([opened]);
  const [first, late] = [largeOf("first"), largeOf("late")];
  const held = Promise.withResolvers<void>();
  let passes = false;
  proxy.treat(({ body }) => {
    if (passes || !body.includes("event-part#")) return "pass";
    held.resolve();
    return "hang";
  });
  // Finds no event, and is held at the first part that it writes until the other one is through.
  const writing = open(proxy.endpoint, 1_500).append([late]);
  await held.promise;

  await open().append([first]);
  passes = true;
  await writing;

  expect(await open().eventsOf(ID)).toEqual([opened, first]);
  expect(await verifyTrail(open(), undefined)).toMatchObject({ outcome: "whole", entries: 2 });
});

it("makes eight calls an event while nobody else writes, and sees who does", async () => {
  const store = open(proxy.endpoint);
  await store.append(stream.slice(0, 3));
  const before = proxy.calls.length;

  for (const event of stream.slice(3, 8)) await store.append([event]);

  const calls = proxy.calls.length - before;
  await open().append(stream.slice(8, 10));
  for (const event of stream.slice(10)) await store.append([event]);
  expect(calls).toBeLessThanOrEqual(8 * 5);
  expect(await store.eventsOf(ID)).toEqual(stream);
  expect(await store.get(ID)).toEqual(foldEvents(undefined, stream));
  expect(await verifyTrail(store, undefined)).toMatchObject({ outcome: "whole", entries: stream.length });
});

it("brings the record up to date with the next event, wherever a process died in its append", async () => {
  const [third, last] = [stream[3] as IncidentEvent, stream[4] as IncidentEvent];
  for (let writes = 0; writes < 5; writes += 1) {
    table = await dynamo.createTable();
    await open().append([opened, evidence]);
    const dying = open(proxy.endpoint);
    proxy.treat(dyingAfterWrites(writes));
    await dying.append([third]).catch(() => undefined);
    proxy.treat(() => "pass");

    await open().append([last]);

    const events = await open().eventsOf(ID);
    expect(events.filter(({ key }) => key !== third.key)).toEqual([opened, evidence, last]);
    expect(await open().get(ID)).toEqual(foldEvents(undefined, events));
    await open().append([third]);
    const again = await open().eventsOf(ID);
    expect(again.filter(({ key }) => key === third.key)).toHaveLength(1);
    expect(await open().get(ID)).toEqual(foldEvents(undefined, again));
    expect(await verifyTrail(open(), undefined)).toMatchObject({ outcome: "whole", entries: 4 });
  }
});

it("makes the record anew that another fold made, when it is read and when an event comes", async () => {
  const headOf = async () => (await dynamo.items(table)).find(({ sk }) => sk === "record");
  await open().append(stream.slice(0, 3));
  const early = await headOf();
  await open().append(stream.slice(3, -1));
  await dynamo.put(table, { ...(await headOf()), body: early?.["body"], foldVersion: FOLD_VERSION + 1 });

  const read = await open().get(ID);
  await open().append(stream.slice(-1));

  expect(read).toEqual(foldEvents(undefined, stream.slice(0, -1)));
  expect(await open().get(ID)).toEqual(foldEvents(undefined, stream));
});

describe("the check of the trail", () => {
  it("finds events that were swapped, and one that was filed under another kind", async () => {
    await open().append(stream);
    const item = async (key: string) => (await dynamo.items(table)).find(({ sk }) => sk === `event#${key}`);
    const [one, other] = [await item("closed:22"), await item("notified:23")];
    if (one === undefined || other === undefined) throw new Error("the stream has other keys");

    await dynamo.put(table, { ...one, body: other["body"] });
    await dynamo.put(table, { ...other, body: one["body"] });
    const swapped = await verifyTrail(open(), undefined);
    await dynamo.put(table, one);
    await dynamo.put(table, { ...other, kind: "judged" });
    const renamed = await verifyTrail(open(), undefined);

    expect(swapped).toMatchObject({ outcome: "broken", found: { key: "closed:22" } });
    expect(renamed).toMatchObject({ outcome: "broken", found: { key: "notified:23" } });
  });
});
