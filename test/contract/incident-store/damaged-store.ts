import { describe, expect, it } from "vitest";
import { verifyTrail } from "../../../src/audit/verify-trail.ts";
import type { IncidentEvent } from "../../../src/domain/incident/incident-event.ts";
import { foldEvents } from "../../../src/domain/incident/incident-fold.ts";
import { summaryOf } from "../../../src/domain/incident/incident-summary.ts";
import { incidentStream } from "../../samples/incident-events.ts";
import { minute, type StoreUnderTest } from "./store-under-test.ts";

const ID = "inc-1";
const stream = incidentStream(ID);
const [opened, evidence] = [stream[0] as IncidentEvent, stream[1] as IncidentEvent];
const newer = { incidentId: ID, key: "moon", kind: "moon-observed", at: minute(1), phase: "full" };
const newerFields = {
  ...{ incidentId: ID, key: "verified-newer", kind: "verified", at: minute(2) },
  ...{ attempt: "third", verification: { outcome: "recovered", proof: "quantum" } },
};

/** What every store does with what a newer version wrote, and with what is damaged. */
export function damagedStoreContract(under: () => StoreUnderTest): void {
  const store = () => under().store;

  describe("written by a newer version", () => {
    it.each([
      ["of a kind", newer, "full"],
      ["with fields", newerFields, "quantum"],
    ])("an event %s that is not known stays in its place, and is told", async (_, unknown, says) => {
      await store().append([opened]);
      await under().appendAsNewer(unknown);

      await (await under().reopen()).append(stream.slice(1));

      const events = await store().eventsOf(ID);
      const record = await store().get(ID);
      const { key, kind, at } = unknown;
      expect(events[1]).toEqual({ incidentId: ID, key, at, kind: "unknown", was: kind });
      expect(events.toSpliced(1, 1)).toEqual(stream);
      expect(record).toEqual(foldEvents(undefined, events));
      expect(record?.status).toBe("resolved");
      expect(record?.timeline[1]).toMatchObject({
        event: "unknown-event",
        detail: expect.stringContaining(`${kind}: written by a newer OpsAgent; update this one`),
      });
      expect(await store().list()).toEqual([record]);
      expect((await store().summaries()).summaries).toEqual([record && summaryOf(record)]);
      expect(await verifyTrail(store(), undefined)).toMatchObject({
        outcome: "whole",
        entries: stream.length + 1,
      });
      expect(await under().dump()).toContain(says);
    });

    it("an opening that is not known leaves the incident out of the lists, and its events where they are", async () => {
      await under().appendAsNewer({ ...opened, alert: { newer: true } });
      await store().append([evidence]);

      expect((await store().eventsOf(ID)).map(({ kind }) => kind)).toEqual(["unknown", "evidence-collected"]);
      expect(await store().list()).toEqual([]);
      expect(await verifyTrail(store(), undefined)).toMatchObject({ outcome: "whole", entries: 2 });
    });
  });

  describe("damaged", () => {
    it("a record is read from its events, in lists as well, which is told once", async () => {
      await store().append(stream);
      const before = await store().get(ID);
      await under().damage(ID);

      const read = [await store().get(ID), ...(await store().list()), await store().get(ID)];
      const { summaries } = await store().summaries();

      expect(read).toEqual([before, before, before]);
      expect(summaries).toEqual([before && summaryOf(before)]);
      expect(under().reported).toMatchObject([
        { code: "store-failed", message: expect.stringContaining(ID) },
      ]);
    });

    it("a record is whole again after the next event", async () => {
      await store().append(stream.slice(0, -1));
      await under().damage(ID);

      await store().append(stream.slice(-1));

      const reopened = await under().reopen();
      const told = under().reported.length;
      expect(await reopened.get(ID)).toEqual(foldEvents(undefined, stream));
      expect(under().reported).toHaveLength(told);
    });

    it("an event is told as one that cannot be read, the others stand, and the check of the trail finds it", async () => {
      await store().append(stream);
      await under().damageEvent(ID, evidence.key);

      const events = await store().eventsOf(ID);

      expect(events[1]).toMatchObject({ kind: "unknown", was: "evidence-collected" });
      expect(events.toSpliced(1, 1)).toEqual(stream.toSpliced(1, 1));
      await under().damage(ID);
      const record = await store().get(ID);
      expect(record).toEqual(foldEvents(undefined, events));
      expect(record?.timeline[1]?.detail).toContain("damaged: see `opsagent audit verify`");
      expect(await verifyTrail(store(), undefined)).toMatchObject({
        outcome: "broken",
        seq: 2,
        problem: "the event that it seals was changed after it was written",
      });
    });
  });
}
