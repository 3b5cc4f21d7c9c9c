import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { verifyTrail } from "../../src/audit/verify-trail.ts";
import type { Incident } from "../../src/domain/incident/incident.ts";
import type { IncidentEvent } from "../../src/domain/incident/incident-event.ts";
import { foldEvents } from "../../src/domain/incident/incident-fold.ts";
import { summaryOf } from "../../src/domain/incident/incident-summary.ts";
import type { IncidentStore } from "../../src/domain/ports.ts";
import { minute } from "./incident-store/store-under-test.ts";

const IDS = ["inc-open", "inc-waiting", "inc-lending", "inc-escalated", "inc-resolved"];

/** The head of the recorded trail of 13 entries, as `audit verify` of the old version printed it. */
export const OLD_HEAD = "2a6965df9e358d3ad0b720a5956a1cb08062313546e83f7236b9a07f346fbeb7";

/** What every store does with what was written before events were kept; `open` opens the recorded store. */
export function oldStoreContract(
  name: string,
  create: () => Promise<IncidentStore & { close(): void }>,
): void {
  describe(`a store of before events were kept: ${name}`, () => {
    let store: IncidentStore & { close(): void };

    beforeEach(async () => {
      store = await create();
    });
    afterEach(() => store.close());

    const record = async (id: string): Promise<Incident> => {
      const found = await store.get(id);
      if (found === undefined) throw new Error(`no ${id}`);
      return found;
    };
    const capacityReturned: IncidentEvent = {
      ...{ kind: "capacity-returned", incidentId: "inc-lending", key: "scale-in", at: minute(61) },
      temporary: { from: 4, to: 2, dueAt: minute(60), outcome: "given-back", detail: "held", at: minute(61) },
    };

    it("is read as it is: records, lists, questions, what is open, judgements, the trail", async () => {
      const listed = await store.list();
      const { summaries } = await store.summaries();

      expect(listed.map(({ id }) => id)).toEqual(IDS);
      expect(summaries).toEqual(listed.map(summaryOf));
      expect(listed.map(({ status }) => status)).toEqual([
        "open",
        "open",
        "resolved",
        "escalated",
        "resolved",
      ]);
      expect((await store.open()).map(({ incidentId }) => incidentId)).toEqual(["inc-waiting", "inc-open"]);
      expect((await store.unanswered()).map(({ incidentId }) => incidentId)).toEqual(["inc-waiting"]);
      expect(await store.judgements()).toHaveLength(1);
      expect(await store.actionsSince(minute(0))).toHaveLength(1);
      expect(await store.eventsOf("inc-resolved")).toEqual([]);
      expect(await verifyTrail(store, OLD_HEAD)).toEqual({ outcome: "whole", entries: 13, head: OLD_HEAD });
    });

    it("has the old record as the base of the first new event", async () => {
      const before = await record("inc-lending");

      await store.append([capacityReturned]);

      const events = await store.eventsOf("inc-lending");
      const after = await record("inc-lending");
      expect(events.map(({ kind }) => kind)).toEqual(["imported", "capacity-returned"]);
      expect(events[0]).toMatchObject({ key: "imported", record: before });
      expect(after).toEqual(foldEvents(before, [capacityReturned]));
      expect(after).toEqual(foldEvents(undefined, events));
      expect(after).toMatchObject({ status: "resolved", giveBack: { outcome: "given-back" } });
      expect((await store.summaries()).summaries.map(({ id }) => id)).toEqual(IDS);
      expect(await verifyTrail(store, OLD_HEAD)).toMatchObject({ outcome: "whole", entries: 15 });
    });

    it("imports a record once, whoever appends and whatever comes again", async () => {
      await store.append([capacityReturned]);
      await store.append([capacityReturned]);

      expect((await store.eventsOf("inc-lending")).map(({ kind }) => kind)).toEqual([
        "imported",
        "capacity-returned",
      ]);
    });

    it("keeps what joined an old incident after its record was saved", async () => {
      const { alert } = await record("inc-open");
      const late = {
        ...alert,
        key: "alert-late",
        title: "late",
        alarm: { name: "late" },
        firedAt: minute(8),
      };
      await store.attachOrOpen({
        ...{
          alert: late,
          place: "service production/open-service",
          incidentId: "inc-late",
          engine: "engine-1",
        },
        ...{ at: minute(8), aliveUntil: minute(45) },
      });

      await store.append([
        {
          kind: "look-postponed",
          incidentId: "inc-open",
          key: "later",
          at: minute(9),
          attempt: "first",
          seconds: 60,
        },
      ]);

      const { joined, timeline } = await record("inc-open");
      expect(joined?.map(({ key }) => key)).toEqual(["alert-errors", "alert-late"]);
      expect(timeline.map(({ event }) => event)).toEqual(["too-early-to-tell"]);
      expect(await record("inc-open")).toEqual(foldEvents(undefined, await store.eventsOf("inc-open")));
    });

    it("takes the answer to an old question", async () => {
      const [question] = await store.approvalsOf("inc-waiting");
      const by = { channel: "cli", id: "anna" } as const;
      const answer = { verdict: "denied", at: minute(10), by } as const;

      const outcome = await store.answer(question?.id ?? "", question?.planHash ?? "", answer);

      const { approval, joined } = await record("inc-waiting");
      expect(outcome.outcome).toBe("recorded");
      expect(approval?.answer).toEqual(answer);
      expect(joined?.map(({ key }) => key)).toEqual(["alert-latency"]);
      expect((await store.eventsOf("inc-waiting")).map(({ kind }) => kind)).toEqual([
        "imported",
        "alert-attached",
        "approval-answered",
      ]);
    });

    it("keeps an event whose key an old entry has, once, after the old ones", async () => {
      const closed = {
        kind: "closed",
        incidentId: "inc-resolved",
        key: "report",
        at: minute(70),
        again: true,
      } as const;

      await store.append([closed]);
      await store.append([closed]);

      expect((await store.eventsOf("inc-resolved")).map(({ kind, key }) => [kind, key])).toEqual([
        ["imported", "imported"],
        ["closed", "report:event"],
      ]);
      expect((await record("inc-resolved")).closedAt).toBe(minute(70));
      expect(await verifyTrail(store, OLD_HEAD)).toMatchObject({ outcome: "whole", entries: 15 });
    });
  });
}
