/** Whatever is done in whatever order, the store over DynamoDB answers as the one over SQLite does. */
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createDynamoDbStore } from "../../src/adapters/dynamodb-store/dynamodb-store.ts";
import { createSqliteStore } from "../../src/adapters/sqlite-store/sqlite-store.ts";
import { OpsAgentError } from "../../src/domain/errors.ts";
import type { AuditEntry } from "../../src/domain/incident/audit.ts";
import type { IncidentStore } from "../../src/domain/ports.ts";
import { keepWord } from "../support/keep-record.ts";
import { type LocalDynamo, REGION, startLocalDynamo } from "./dynamodb-local.ts";
import { admission, answer, auditInput, question, reservation } from "./dynamodb-scenarios.ts";

let dynamo: LocalDynamo;
beforeAll(async () => {
  dynamo = await startLocalDynamo();
});
afterAll(() => dynamo.stop());

/** Few of everything, so that calls meet. */
const name = fc.constantFrom("a", "b", "c");
const service = fc.constantFrom("cart", "checkout");
const engine = fc.constantFrom("engine-1", "engine-2");
const time = fc
  .integer({ min: 0, max: 90 })
  .map((minutes) => new Date(Date.UTC(2026, 10, 23, 7, minutes)).toISOString());

interface Step {
  readonly does: string;
  call(store: IncidentStore): Promise<unknown>;
}
const step = (does: string, call: Step["call"]): Step => ({ does, call });

const admits = fc
  .record({ name, service, engine, at: time, aliveUntil: time, alarm: name, plain: fc.boolean() })
  .map(({ name: key, service: place, engine: by, at, aliveUntil, alarm, plain }) => {
    const base = admission(`${key}-${place}`, {
      place: `service production/${place}`,
      engine: by,
      at,
      aliveUntil,
    });
    const { alarm: _alarm, ...bare } = base.alert;
    const alert = plain ? bare : { ...bare, alarm: { name: alarm } };
    return step(`attachOrOpen ${JSON.stringify({ ...base, alert })}`, (store) =>
      store.attachOrOpen({ ...base, alert }),
    );
  });

const incident = fc.tuple(name, service).map(([key, place]) => `inc-${key}-${place}`);

const keeps = fc
  .tuple(incident, time)
  .map(([id, until]) => step(`extendLock ${id} ${until}`, (store) => store.extendLock(id, until)));

const finishes = fc.tuple(incident, time).map(([id, at]) => {
  const decayUntil = new Date(Date.parse(at) + 30 * 60_000).toISOString();
  return step(`releaseLock ${id} ${at}`, (store) => store.releaseLock(id, { at, decayUntil }));
});

const actions = fc
  .record({
    id: incident,
    service,
    at: time,
    action: fc.constantFrom("restart", "scale"),
    approved: fc.boolean(),
  })
  .map(({ id, service: at, action, approved, ...rest }) => ({
    ...reservation(id, { service: at, action, at: rest.at }),
    approved,
    limits: { cooldownMinutes: 10, actionsPerHour: 1, blastRadiusServices: 1 },
  }));

const reserves = actions.map((one) => step(`reserve ${JSON.stringify(one)}`, (store) => store.reserve(one)));

const records = fc
  .tuple(actions, fc.constantFrom(true, false, undefined))
  .map(([{ record }, verified]) => ({ ...record, ...(verified === undefined ? {} : { verified }) }))
  .map((one) => step(`recordAction ${JSON.stringify(one)}`, (store) => store.recordAction(one)));

const asks = fc.tuple(name, time, time).map(([key, requestedAt, deadline]) => {
  // At the same moment, the order of two questions is any.
  const at = requestedAt.replace("00.000Z", `00.00${"abc".indexOf(key)}Z`);
  return step(`ask ${key} ${at} ${deadline}`, (store) =>
    store.ask(question(key, { requestedAt: at, deadline })),
  );
});

const answers = fc
  .tuple(name, fc.constantFrom("approved", "denied", "expired", "voided"), time, fc.boolean())
  .map(([key, verdict, at, right]) =>
    step(`answer ${key} ${verdict} ${at} ${right}`, (store) =>
      store.answer(question(key).id, right ? question(key).planHash : "other", answer(verdict, { at })),
    ),
  );

const notes = name.map((key) =>
  step(`noteMessage ${key}`, (store) => store.noteMessage(question(key).id, "slack", `C1/${key}`)),
);

const appends = fc
  .tuple(name, incident)
  .map(([key, id]) => step(`append ${key} ${id}`, (store) => keepWord(store, auditInput(key, id))));

const claims = name.map((key) =>
  step(`claim ${key}`, (store) => store.claim(key, "2026-11-23T07:00:00.000Z")),
);

const story = fc.array(
  fc.oneof(
    { arbitrary: admits, weight: 6 },
    { arbitrary: finishes, weight: 4 },
    { arbitrary: reserves, weight: 4 },
    keeps,
    records,
    { arbitrary: asks, weight: 2 },
    { arbitrary: answers, weight: 3 },
    notes,
    appends,
    claims,
  ),
  { minLength: 4, maxLength: 25 },
);

async function tell(store: IncidentStore, steps: readonly Step[]): Promise<readonly unknown[]> {
  const told: unknown[] = [];
  for (const { does, call } of steps) {
    const result = await call(store).catch((error: unknown) =>
      error instanceof OpsAgentError ? error.code : Promise.reject(error),
    );
    told.push([does, result]);
  }
  const byId = (one: { readonly incidentId: string }, other: { readonly incidentId: string }) =>
    one.incidentId < other.incidentId ? -1 : 1;
  told.push(["open", [...(await store.open())].sort(byId)]);
  told.push(["unanswered", await store.unanswered(), await store.approvalsOf("inc-1")]);
  // DynamoDB records what was attached together with the incident's next event: see its incident-events.ts.
  const words = (entries: readonly AuditEntry[]) =>
    entries
      .filter(({ event }) => event !== "alert-attached")
      .map(({ incidentId, key, event, detail, at }) => ({ incidentId, key, event, detail, at }));
  told.push(["entries", words(await store.entries()), words(await store.entriesOf("inc-a-cart"))]);
  told.push(["actions", new Set(await store.actionsSince("2026-11-23T07:00:00.000Z"))]);
  for (const id of ["inc-a-cart", "inc-b-cart", "inc-c-checkout"]) {
    told.push([id, new Set(await store.joined(id))]);
  }
  return told;
}

it("tells the same story", async () => {
  await fc.assert(
    fc.asyncProperty(story, async (steps) => {
      const sqlite = createSqliteStore(":memory:");
      const table = await dynamo.createTable();
      const store = createDynamoDbStore(table, { region: REGION, endpoint: dynamo.endpoint });

      const [told, expected] = [await tell(store, steps), await tell(sqlite, steps)];

      store.close();
      sqlite.close();
      expect(told).toEqual(expected);
    }),
    { numRuns: Number(process.env["OPSAGENT_STORE_STORIES"] ?? 25) },
  );
});
