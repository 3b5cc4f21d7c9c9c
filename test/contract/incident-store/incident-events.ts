import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { redactRecord } from "../../../packages/redaction/index.ts";
import { planHash } from "../../../src/domain/approval.ts";
import type { Incident } from "../../../src/domain/incident/incident.ts";
import type { IncidentEvent } from "../../../src/domain/incident/incident-event.ts";
import { foldEvents } from "../../../src/domain/incident/incident-fold.ts";
import { summaryOf } from "../../../src/domain/incident/incident-summary.ts";
import { denseEvidence, incidentStream, largeEvidence } from "../../samples/incident-events.ts";
import { appendBatches } from "./event-batches.ts";
import { minute, type StoreUnderTest, thrownBy } from "./store-under-test.ts";

const ID = "inc-1";
const stream = incidentStream(ID);
const opened = stream[0] as IncidentEvent;
const word = (key: string, note = key, incidentId = ID): IncidentEvent => ({
  kind: "judged",
  incidentId,
  key,
  at: minute(1),
  verdict: "right",
  by: "anna",
  note,
});

/** What every store does with the events of incidents and with the record that follows from them. */
export function incidentEventsContract(under: () => StoreUnderTest): void {
  const store = () => under().store;
  const keysOf = async (id = ID) => (await store().eventsOf(id)).map(({ key }) => key);

  it("gives a whole incident's events back in order, and the record that they make", async () => {
    for (const event of stream) await store().append([event]);

    const record = await store().get(ID);
    expect(await store().eventsOf(ID)).toEqual(stream);
    expect(record).toEqual(foldEvents(undefined, stream));
    expect(record?.status).toBe("resolved");
    expect(await (await under().reopen()).eventsOf(ID)).toEqual(stream);
    expect(await store().eventsOf("inc-unknown")).toEqual([]);
  });

  it("keeps the first words of a key, in one append and over several", async () => {
    await store().append([opened, word("a", "first"), word("a", "second")]);
    await store().append([word("b"), word("a", "third")]);
    await (await under().reopen()).append([word("a", "fourth"), word("c")]);

    const events = await store().eventsOf(ID);

    expect(events).toEqual([opened, word("a", "first"), word("b"), word("c")]);
  });

  it("takes events of several incidents in one append", async () => {
    const other = incidentStream("inc-2");
    const mixed = stream.flatMap((event, index) => [event, other[index] as IncidentEvent]);

    await store().append(mixed);

    expect(await store().eventsOf(ID)).toEqual(stream);
    expect(await store().eventsOf("inc-2")).toEqual(other);
    expect(await store().get("inc-2")).toEqual(foldEvents(undefined, other));
  });

  it("begins a record with its opening, whatever came before it", async () => {
    const [attached, answered] = [stream[2] as IncidentEvent, stream[6] as IncidentEvent];
    await store().append([attached]);
    const before = await store().get(ID);

    await store().append([answered, opened]);

    expect(before).toBeUndefined();
    expect(await store().eventsOf(ID)).toEqual([attached, answered, opened]);
    expect(await store().get(ID)).toEqual(foldEvents(undefined, [attached, answered, opened]));
    expect((await store().get(ID))?.joined).toHaveLength(1);
  });

  it("has the record that the events make after every append, in lists as well", async () => {
    await fc.assert(
      fc.asyncProperty(appendBatches, async (batches) => {
        // Ids of a run are its own: one store sees all runs.
        const run = crypto.randomUUID().slice(0, 8);
        const sent = new Map<string, IncidentEvent[]>();
        for (const batch of batches) {
          const events = batch.map((event) => ({ ...event, incidentId: `${event.incidentId}-${run}` }));

          await store().append(events);

          for (const event of events) {
            const known = sent.get(event.incidentId) ?? [];
            if (!known.some(({ key }) => key === event.key)) known.push(event);
            sent.set(event.incidentId, known);
          }
          for (const id of new Set(events.map((event) => event.incidentId))) {
            const kept = await store().eventsOf(id);
            expect(kept).toEqual(sent.get(id));
            expect(await store().get(id)).toEqual(foldEvents(undefined, kept));
          }
        }
        const expected = [...sent.values()].flatMap((events) => foldEvents(undefined, events) ?? []);
        const mine = <T extends { readonly id: string }>(all: readonly T[]) =>
          all.filter(({ id }) => id.endsWith(run)).toSorted(byId);
        expect(mine(await store().list())).toEqual(expected.toSorted(byId));
        const { summaries } = await store().summaries();
        expect(mine(summaries)).toEqual(expected.map(summaryOf).toSorted(byId));
      }),
      { numRuns: 8 },
    );
  });

  it("keeps an event that is larger than an item may be", async () => {
    const evidence = denseEvidence("first");
    const collected = { ...stream[1], evidence } as IncidentEvent;
    await store().append([opened]);

    await store().append([collected]);
    await store().append([{ ...stream[1], evidence: largeEvidence(1_000) } as IncidentEvent]);

    expect(JSON.stringify(evidence).length).toBeGreaterThan(900_000);
    expect(await (await under().reopen()).eventsOf(ID)).toEqual([opened, collected]);
    expect((await store().get(ID))?.evidence).toEqual(evidence);
  });

  it("keeps no secret of an event", async () => {
    const secret = "AKIAIOSFODNN7EXAMPLE";
    const title = `password=hunter2hunter2 ${secret}`;
    const alert = { ...(opened.kind === "opened" && opened.alert), title } as Incident["alert"];

    await store().append([{ ...opened, alert } as IncidentEvent, word("a", `says ${secret}`)]);

    expect(await under().dump()).not.toMatch(/AKIAIOSFODNN7EXAMPLE|hunter2/);
    const events = await store().eventsOf(ID);
    expect(JSON.stringify(events)).toContain("[redacted:");
    // A sentence that the fold makes of several texts is redacted as a whole once more.
    expect(await store().get(ID)).toEqual(redactRecord(foldEvents(undefined, events)));
  });

  it("refuses an event that does not fit its schema, and all that came with it", async () => {
    await store().append([opened, word("before")]);
    const record = await store().get(ID);
    const unfit = { kind: "notified", incidentId: ID, key: "unfit", at: minute(1), channel: 7 };

    const error = await thrownBy(
      store().append([word("with"), unfit as unknown as IncidentEvent, word("x", "x", "inc-2")]),
    );

    expect(error).toMatchObject({ code: "store-failed", message: expect.stringContaining("unfit") });
    expect(error).toMatchObject({ remedy: expect.stringContaining("report this") });
    expect(await keysOf()).toEqual([opened.key, "before"]);
    expect(await store().get(ID)).toEqual(record);
    expect(await store().entries()).toHaveLength(2);
    await store().append([word("with")]);
    expect(await keysOf()).toEqual([opened.key, "before", "with"]);
  });

  describe("appended from several processes at once", () => {
    it("has each key once, all in one order, and the record of all", async () => {
      await store().append([opened]);
      const appends = (process: number) =>
        [0, 1, 2, 3].map((index) => {
          const event =
            index % 2 === 0 ? word(`shared-${index}`, `of ${process}`) : word(`${process}-${index}`);
          return { method: "append", args: [[event]] } as const;
        });

      await under().inProcesses([0, 1, 2].map(appends));

      const events = await store().eventsOf(ID);
      expect(new Set(events.map(({ key }) => key)).size).toBe(events.length);
      expect(events).toHaveLength(1 + 2 + 3 * 2);
      expect(await store().get(ID)).toEqual(foldEvents(undefined, events));
    });

    it("takes a person's answer while the incident goes on", async () => {
      const asked = stream[5] as IncidentEvent & { kind: "approval-requested" };
      await store().append(stream.slice(0, 6));
      const target = { cluster: "production", service: "payment-service" };
      const plan = { action: "scale", from: 2, to: 4 } as const;
      const hash = planHash(ID, target, plan);
      await store().ask({
        ...{ id: asked.approval.id, incidentId: ID, target, plan, planHash: hash, why: "unsure" },
        ...{ cause: "memory-leak", severity: "P2", confidence: 0.7, rootCause: "memory climbs" },
        ...{ requestedAt: asked.approval.requestedAt, deadline: minute(31) },
        ...{ callbackId: "callback", messages: {} },
      });
      const by = { channel: "cli", id: "anna" } as const;
      const answer = { verdict: "approved", at: minute(2), by } as const;
      const words = Array.from({ length: 6 }, (_, index) => word(`while-${index}`));

      await under().inProcesses([
        words.map((event) => ({ method: "append", args: [[event]] }) as const),
        [{ method: "answer", args: [asked.approval.id, hash, answer] }],
      ]);

      const events = await store().eventsOf(ID);
      const record = await store().get(ID);
      expect(events.filter(({ kind }) => kind === "approval-answered")).toHaveLength(1);
      expect(events.filter(({ kind }) => kind === "judged")).toEqual(words);
      expect(record?.approval?.answer).toEqual(answer);
      expect(record).toEqual(foldEvents(undefined, events));
    });
  });
}

function byId(one: { readonly id: string }, other: { readonly id: string }): number {
  return one.id < other.id ? -1 : 1;
}
