/** What becomes of each call of the store when its process dies, or its answers are lost, at any of its writes. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createDynamoDbStore } from "../../src/adapters/dynamodb-store/dynamodb-store.ts";
import { checkEntry, EMPTY_CHAIN } from "../../src/domain/incident/audit.ts";
import type { IncidentStore } from "../../src/domain/ports.ts";
import { resolvedIncident } from "../samples/incidents.ts";
import { keepRecord, keepWord } from "../support/keep-record.ts";
import { type LocalDynamo, REGION, startLocalDynamo } from "./dynamodb-local.ts";
import {
  type DynamoProxy,
  dyingAfterWrites,
  isWrite,
  losingEveryFirstAnswer,
  startDynamoProxy,
} from "./dynamodb-proxy.ts";
import {
  AT,
  admission,
  answer,
  auditInput,
  question,
  reservation,
  SCENARIOS,
  type Scenario,
} from "./dynamodb-scenarios.ts";

let dynamo: LocalDynamo;
let proxy: DynamoProxy;
let table: string;

beforeAll(async () => {
  dynamo = await startLocalDynamo();
  proxy = await startDynamoProxy(dynamo.endpoint);
});

beforeEach(async () => {
  table = await dynamo.createTable();
  proxy.treat(() => "pass");
});

afterAll(async () => {
  await proxy.stop();
  await dynamo.stop();
});

const open = (endpoint: string, name = table) => createDynamoDbStore(name, { region: REGION, endpoint });

/** What the call answers, and what the store says afterwards, when nothing disturbs it. */
async function inCalm(scenario: Scenario) {
  const calm = await dynamo.createTable();
  const store = open(dynamo.endpoint, calm);
  await scenario.arrange?.(store);
  const before = proxy.calls.length;
  const watched = open(proxy.endpoint, calm);
  const answered = await scenario.act(watched);
  const writes = proxy.calls.slice(before).filter(isWrite).length;
  const seen = await scenario.look(store);
  store.close();
  watched.close();
  return { answered, seen, writes };
}

async function thrownBy(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => "nothing",
    (error: unknown) => error,
  );
}

describe.each(SCENARIOS)("$name", (scenario) => {
  it("is done once, and known to be done, when every write loses the answer to its first try", async () => {
    const calm = await inCalm(scenario);
    const direct = open(dynamo.endpoint);
    await scenario.arrange?.(direct);
    const disturbed = open(proxy.endpoint);
    proxy.treat(losingEveryFirstAnswer());

    const answered = await scenario.act(disturbed);

    proxy.treat(() => "pass");
    expect(answered).toEqual(calm.answered);
    expect(await scenario.look(direct)).toEqual(calm.seen);
    disturbed.close();
    direct.close();
  });

  it("is done once when the process dies after any of its writes and another does it again", async () => {
    const calm = await inCalm(scenario);
    expect(calm.writes).toBeGreaterThan(0);

    for (let writes = 0; writes < calm.writes; writes += 1) {
      table = await dynamo.createTable();
      const direct = open(dynamo.endpoint);
      await scenario.arrange?.(direct);
      const dying = open(proxy.endpoint);
      proxy.treat(dyingAfterWrites(writes));
      const death = await thrownBy(scenario.act(dying));
      dying.close();

      const answered = await scenario.act(direct);

      expect(death).toMatchObject({ code: "store-failed" });
      expect(answered).toEqual(calm.answered);
      expect(await scenario.look(direct)).toEqual(calm.seen);
      direct.close();
    }
  });
});

describe("a crash in the middle makes nothing more permissive", () => {
  const dieIn = async (act: (store: IncidentStore) => Promise<unknown>, writes: number) => {
    const dying = open(proxy.endpoint);
    proxy.treat(dyingAfterWrites(writes));
    await thrownBy(act(dying));
    proxy.treat(() => "pass");
    dying.close();
  };

  it("a booking that was written counts for the next one, wherever its process died after it", async () => {
    const answers: unknown[] = [];

    for (let writes = 1; writes < 4; writes += 1) {
      table = await dynamo.createTable();
      await dieIn((store) => store.reserve(reservation("inc-1")), writes);
      const store = open(dynamo.endpoint);
      answers.push(await store.reserve(reservation("inc-2")));
      expect(await store.actionsSince(AT)).toEqual([reservation("inc-1").record]);
      store.close();
    }

    expect(answers).toEqual(Array(3).fill(expect.objectContaining({ granted: false, rule: "cooldown" })));
  });

  it.each([
    ["releaseLock", async () => undefined],
    ["extendLock", (store: IncidentStore) => store.extendLock("inc-a", "2026-11-23T08:00:00.000Z")],
    ["another alert", (store: IncidentStore) => store.attachOrOpen(admission("c"))],
  ])("an alert whose process died while it joined is known, whatever comes next: %s", async (_name, next) => {
    const direct = open(dynamo.endpoint);
    await direct.attachOrOpen(admission("a"));
    await dieIn((store) => store.attachOrOpen(admission("b")), 1);

    await next(direct);
    const joined = await direct.releaseLock("inc-a", { at: AT, decayUntil: AT });

    expect(joined.map(({ key }) => key)).toContain("key-b");
    expect(await direct.attachOrOpen(admission("b"))).toEqual({ kind: "joined", incidentId: "inc-a" });
    direct.close();
  });

  it("an entry that was written is followed by the next one without a hole, and not written again", async () => {
    // After the first write there is the event, which has not happened before it has its entry.
    for (let writes = 1; writes < 4; writes += 1) {
      table = await dynamo.createTable();
      await dieIn((store) => keepWord(store, auditInput("one")), writes);
      const store = open(dynamo.endpoint);

      await keepWord(store, auditInput("two"));
      await keepWord(store, auditInput("one"));

      const entries = await store.entries();
      const chain = entries.reduce(
        (state, entry) => {
          const verdict = checkEntry(state, entry);
          if (!verdict.ok) throw new Error(verdict.problem);
          return verdict;
        },
        { ok: true as const, ...EMPTY_CHAIN },
      );
      expect(entries.map((entry) => entry.key)).toEqual(writes === 1 ? ["two", "one"] : ["one", "two"]);
      expect(await store.entriesOf("inc-1")).toEqual(entries);
      expect(chain.entries).toBe(2);
      store.close();
    }
  });

  it("an answer that was recorded stands, and its question no longer waits", async () => {
    const direct = open(dynamo.endpoint);
    await direct.ask(question("a"));
    const { id, planHash } = question("a");
    await dieIn((store) => store.answer(id, planHash, answer("denied")), 1);

    const second = await direct.answer(id, planHash, answer("approved"));

    expect(second).toMatchObject({
      outcome: "already-answered",
      approval: { answer: { verdict: "denied" } },
    });
    expect(await direct.unanswered()).toEqual([]);
    direct.close();
  });

  it("an incident is the old one or the new one, never half of one", async () => {
    const direct = open(dynamo.endpoint);
    const incident = resolvedIncident();
    await keepRecord(direct, { ...incident, status: "open" });

    for (let writes = 0; writes < 3; writes += 1) {
      await dieIn((store) => keepRecord(store, incident), writes);

      const listed = await direct.list();

      expect(listed.map(({ status }) => status)).toEqual(["open"]);
    }
    await keepRecord(direct, incident);
    expect(await direct.list()).toEqual([incident]);
    direct.close();
  });
});

describe("an answer that is lost", () => {
  it("does not spend a claim", async () => {
    const store = open(proxy.endpoint);
    proxy.treat(losingEveryFirstAnswer());

    const first = await store.claim("key", AT);
    const again = await store.claim("key", AT);

    store.close();
    expect([first, again]).toEqual([true, false]);
  });

  it("does not make an answer look like somebody else's", async () => {
    const store = open(proxy.endpoint);
    await store.ask(question("a"));
    const { id, planHash } = question("a");
    proxy.treat(losingEveryFirstAnswer());

    const outcome = await store.answer(id, planHash, answer("approved"));

    store.close();
    expect(outcome).toMatchObject({ outcome: "recorded", approval: { answer: { verdict: "approved" } } });
  });

  it("does not lose a record that is replaced", async () => {
    const store = open(proxy.endpoint);
    await keepRecord(store, { ...resolvedIncident(), status: "open" });
    proxy.treat(losingEveryFirstAnswer());

    await keepRecord(store, resolvedIncident());

    expect(await store.list()).toEqual([resolvedIncident()]);
    store.close();
  });
});
