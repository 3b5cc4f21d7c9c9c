import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type LocalDynamo, REGION, startLocalDynamo } from "../../../../test/contract/dynamodb-local.ts";
import { scaleQuestion } from "../../../../test/samples/approvals.ts";
import { at } from "../../../../test/samples/evidence.ts";
import { resolvedIncident } from "../../../../test/samples/incidents.ts";
import { keepRecord } from "../../../../test/support/keep-record.ts";
import { createDynamoDbStore } from "../../../adapters/dynamodb-store/dynamodb-store.ts";
import { createSqliteStore } from "../../../adapters/sqlite-store/sqlite-store.ts";
import type { Incident } from "../../../domain/incident/incident.ts";
import type { IncidentEvent } from "../../../domain/incident/incident-event.ts";
import type { IncidentStore } from "../../../domain/ports.ts";
import { type Change, createLive, type LiveStore } from "./live.ts";

const EVERY_MS = 10;
const SILENT = { info() {}, warn() {}, error() {} };

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

function openStore(): IncidentStore {
  const store = createSqliteStore(":memory:");
  open.push(store);
  return store;
}

let dynamo: LocalDynamo;
beforeAll(async () => {
  dynamo = await startLocalDynamo();
});
afterAll(() => dynamo.stop());

const STORES: Readonly<Record<string, () => Promise<IncidentStore>>> = {
  SQLite: async () => openStore(),
  DynamoDB: async () =>
    createDynamoDbStore(await dynamo.createTable(), { region: REGION, endpoint: dynamo.endpoint }),
};

/** A page that listens, with everything that it was told. */
async function listen(
  live: ReturnType<typeof createLive>,
  incident?: string,
): Promise<{ told: Change[]; stop(): void }> {
  const told: Change[] = [];
  const watch = live.watch(incident, (change) => told.push(change));
  open.push({ close: () => watch.stop() });
  await watch.ready;
  return { told, stop: watch.stop };
}

const opening = (id: string): IncidentEvent => {
  const { alert } = resolvedIncident();
  return { kind: "opened", incidentId: id, key: "opened", at: at(0), alert, diagnoser: "rules" };
};
const postponed = (id: string, seconds: number): IncidentEvent => ({
  kind: "look-postponed",
  incidentId: id,
  key: `look-postponed:${seconds}`,
  at: at(1),
  attempt: "first",
  seconds,
});
const wordsIn = (told: readonly Change[]) => told.flatMap(({ words }) => words);
/** What was new to whom was told: a store whose records follow their events has the same words told twice. */
const newsIn = (told: readonly Change[]) =>
  wordsIn(told).filter((words, index, all) => words !== all[index - 1]);

describe.each(Object.entries(STORES))("what open pages are told of a %s store", (_, openOne) => {
  it("tells every page of a pause, also that of an incident", async () => {
    const store = await openOne();
    const live = createLive(store, SILENT, 50);
    const [list, one] = [await listen(live), await listen(live, "inc-1")];

    await store.pause({ scope: { kind: "all" }, by: "ann", at: at(0), via: "cli" });

    await expect.poll(() => [list.told.length, one.told.length]).toEqual([1, 1]);
  });

  it("tells of each event in the words of the phase, to whom it concerns", async () => {
    const store = await openOne();
    const live = createLive(store, SILENT, 50);
    const [list, mine, other] = [
      await listen(live),
      await listen(live, "inc-1"),
      await listen(live, "inc-2"),
    ];

    const words = [
      "payment-service: Investigating: collecting evidence",
      "payment-service: Waiting: it may pass by itself: looking again in 20 s",
    ];

    await store.append([opening("inc-1")]);
    await expect.poll(() => newsIn(mine.told)).toEqual(words.slice(0, 1));
    await store.append([postponed("inc-1", 20)]);
    await expect.poll(() => newsIn(mine.told)).toEqual(words);

    expect(newsIn(list.told)).toEqual(words);
    expect(other.told).toEqual([]);
  });

  it("tells when a question can be answered, which is after the event that announces it", async () => {
    const store = await openOne();
    const question = scaleQuestion();
    await store.append([opening(question.incidentId)]);
    const page = await listen(createLive(store, SILENT, EVERY_MS), question.incidentId);

    await store.ask(question);
    await expect.poll(() => page.told.length).toBe(1);

    expect(page.told[0]?.ids).toEqual([question.incidentId]);
  });
});

describe("what open pages are told", () => {
  it.each([0, 1, 2, 3, 7, 8, 9, 100, 129])("begins after the newest of %i events", async (count) => {
    const store = openStore();
    await store.append([
      ...(count > 0 ? [opening("inc-old")] : []),
      ...Array.from({ length: Math.max(0, count - 1) }, (_, index) => postponed("inc-old", index)),
    ]);
    const reads: number[] = [];
    const counted: LiveStore = {
      get: store.get,
      unanswered: store.unanswered,
      entries: (options) => {
        reads.push(options?.limit ?? 0);
        return store.entries(options);
      },
    };
    const page = await listen(createLive(counted, SILENT, EVERY_MS));
    const searched = reads.length;

    await store.append([opening("inc-new")]);
    await expect.poll(() => page.told.length).toBe(1);

    expect(page.told[0]?.ids).toEqual(["inc-new"]);
    expect(searched).toBeLessThanOrEqual(2 * Math.log2(count + 1) + 2);
  });

  it("tells of what happened while nobody listened to nobody, and goes on after it", async () => {
    const store = openStore();
    const live = createLive(store, SILENT, EVERY_MS);
    const first = await listen(live);
    first.stop();
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS * 5));
    await store.append([opening("inc-1")]);

    const second = await listen(live);
    await store.append([opening("inc-2")]);
    await expect.poll(() => second.told.length).toBe(1);

    expect(second.told.flatMap(({ ids }) => ids)).toEqual(["inc-2"]);
    expect(first.told).toEqual([]);
  });

  it("tells again when the record follows its event a moment later", async () => {
    const store = openStore();
    await store.append([opening("inc-1")]);
    const stale = await store.get("inc-1");
    let reads = 0;
    const lagging: LiveStore = {
      entries: store.entries,
      unanswered: store.unanswered,
      get: async (id): Promise<Incident | undefined> => (reads++ < 2 ? stale : store.get(id)),
    };
    const page = await listen(createLive(lagging, SILENT, EVERY_MS), "inc-1");

    await store.append([postponed("inc-1", 20)]);
    await expect.poll(() => page.told.length).toBe(2);

    expect(wordsIn(page.told)).toEqual([
      "payment-service: Investigating: collecting evidence",
      "payment-service: Waiting: it may pass by itself: looking again in 20 s",
    ]);
  });

  it("tells after a failure of the store what happened meanwhile", async () => {
    const store = openStore();
    let broken = false;
    const flaky: LiveStore = {
      get: store.get,
      unanswered: store.unanswered,
      entries: (options) => (broken ? Promise.reject(new Error("locked")) : store.entries(options)),
    };
    const page = await listen(createLive(flaky, SILENT, EVERY_MS));

    broken = true;
    await store.append([opening("inc-1")]);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS * 5));
    expect(page.told).toEqual([]);
    broken = false;
    await expect.poll(() => page.told.length).toBe(1);

    expect(page.told[0]?.ids).toEqual(["inc-1"]);
  });

  it("keeps what strangers named in one line", async () => {
    const store = openStore();
    const page = await listen(createLive(store, SILENT, EVERY_MS));

    const record = resolvedIncident();
    await keepRecord(store, { ...record, target: { cluster: "c", service: "a\n\u202eb<b>" } });
    await expect.poll(() => page.told.length).toBe(1);

    expect(wordsIn(page.told)).toEqual(["a b<b>: Resolved"]);
  });
});
